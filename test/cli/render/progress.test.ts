import { lineSplitter } from '../../../cli/render/lines.ts'
import { openProgress } from '../../../cli/render/progress.ts'
import { harmless } from '../../../cli/render/style.ts'
import { duration, size } from '../../../cli/render/units.ts'
import type { BuildEvent } from '../../../sdk/engine/ports.ts'
import { assert, suite } from '../../helpers/suite.ts'

const progress = suite('cli/render/progress')

const bytes = (text: string) => new TextEncoder().encode(text)
const log = (id: string, text: string): BuildEvent => ({ type: 'log', id, stream: 'stdout', bytes: bytes(text) })

function draw(form: string, events: readonly BuildEvent[], live = false): string {
  let text = ''
  const err = (part: string) => void (text += part)
  const drawing = openProgress(form, { out() {}, err, colour: false, live, columns: 60, flush: async () => {} })
  for (const event of events) drawing.event(event)
  drawing.end()
  return text
}

const steps: BuildEvent[] = [
  { type: 'cached', id: 'a', name: '[build 1/2] FROM base' },
  { type: 'start', id: 'b', name: '[build 2/2] RUN make' },
  log('b', 'one\ntw'),
  log('b', 'o\nlast'),
  { type: 'done', id: 'b', milliseconds: 1200 },
]

progress('plain: numbers steps as they come, and tells output, end and cache hits', () => {
  const text = draw('plain', steps).replace(/ \d\.\d{3} /g, ' T ')
  assert.is(
    text,
    `#1 [build 1/2] FROM base
#1 CACHED
#2 [build 2/2] RUN make
#2 T one
#2 T two
#2 T last
#2 DONE 1.2s
`,
  )
})

progress('auto is plain where lines cannot be rewritten', () => {
  assert.match(draw('auto', steps), '#2 DONE 1.2s')
  assert.not.match(draw('auto', steps, true), '#2')
})

progress('tty: nothing is left of what ran but one line per step, none wider than the terminal', () => {
  const text = draw('tty', steps)
  assert.match(text, /=> \[build 1\/2\] FROM base +CACHED\n/)
  assert.match(text, /=> \[build 2\/2\] RUN make +1\.2s\n$/)
  for (const line of text.split('\n')) assert.ok(line.length <= 60, line)
})

progress('tty: a step that failed leaves its last output', () => {
  const text = draw('tty', [steps[1]!, log('b', 'cc: not found\n'), { type: 'failed', id: 'b', message: 'exit 127' }])
  assert.match(text, /=> ERROR \[build 2\/2\] RUN make[\s\S]*=> => cc: not found\n/)
})

progress('json: a document per event, output as text even when a character is cut in two', () => {
  const [first, second] = [bytes('é').subarray(0, 1), bytes('é').subarray(1)]
  const text = draw(
    'json',
    [first, second].map((part) => ({ type: 'log', id: 'b', stream: 'stderr', bytes: part })),
  )
  const texts = text
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { text: string }).text)
  assert.is(texts.join(''), 'é')
})

progress('A30 output cannot steer the terminal', () => {
  assert.is(harmless('a\x1b[2Jb\x1b]0;title\x07c\x1b[31mred\x1b[0m\rd\x9b5Ae'), 'abcredde')
  assert.is(harmless('\x1b[31mred\x1b[0m\x1b[1A', true), '\x1b[31mred\x1b[0m')
})

progress('of a line that was rewritten with a carriage return only the last form counts', () => {
  const lines = lineSplitter()
  assert.equal(lines.push(bytes('10%\r50%\r100%\r\nnext')), ['100%'])
  assert.is(lines.rest(), 'next')
})

progress('a program that never ends its line costs no memory', () => {
  const lines = lineSplitter()
  for (let i = 0; i < 1000; i++) lines.push(bytes('x'.repeat(1000)))
  assert.ok(lines.rest().length <= 10_000)
})

progress('writes sizes and durations', () => {
  assert.equal([0, 999, 1000, 64_000_000, 999_960].map(size), ['0 B', '999 B', '1.0 kB', '64.0 MB', '1.0 MB'])
  assert.equal([0, 12_340, 59_960, 125_000].map(duration), ['0.0s', '12.3s', '1m00s', '2m05s'])
})

progress.run()
