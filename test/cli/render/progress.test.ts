import { mock } from 'node:test'
import { lineSplitter } from '../../../cli/render/lines.ts'
import { openProgress, type Progress } from '../../../cli/render/progress.ts'
import { harmless } from '../../../cli/render/style.ts'
import { duration, size } from '../../../cli/render/units.ts'
import { cut, widthOf } from '../../../cli/render/width.ts'
import type { BuildEvent } from '../../../sdk/engine/ports.ts'
import { Screen } from '../../helpers/screen.ts'
import { assert, suite } from '../../helpers/suite.ts'

const progress = suite('cli/render/progress')

const bytes = (text: string) => new TextEncoder().encode(text)
const log = (id: string, text: string): BuildEvent => ({ type: 'log', id, stream: 'stdout', bytes: bytes(text) })

function draw(form: string, events: readonly BuildEvent[], live = false): string {
  let text = ''
  const err = (part: string) => void (text += part)
  const drawing = openProgress(form, {
    out() {},
    err,
    taken: false,
    colour: false,
    live,
    columns: 60,
    rows: 24,
    flush: async () => {},
  })
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

progress(
  'a step that ended because another one failed is cancelled, and its output does not hide that of the other',
  () => {
    const events = [
      steps[1]!,
      log('b', 'half done\n'),
      { type: 'failed', id: 'b', message: 'x', cancelled: true } as const,
    ]
    assert.match(draw('tty', events), /=> \[build 2\/2\] RUN make +CANCELED\n$/)
    assert.not.match(draw('tty', events), /half done|ERROR/)
    assert.match(draw('plain', events), /#1 CANCELED\n$/)
  },
)

/** Draws on a screen; `tick` redraws, as time does. */
function onScreen(screen: Screen, body: (drawing: Progress, tick: () => void) => void): string[] {
  mock.timers.enable({ apis: ['setInterval'] })
  try {
    const err = (text: string) => screen.write(text)
    const size = {
      get columns() {
        return screen.columns
      },
      get rows() {
        return screen.rows
      },
    }
    const terminal = { out() {}, err, taken: false, colour: false, live: true, flush: async () => {} }
    const drawing = openProgress(
      'tty',
      Object.defineProperties(terminal, Object.getOwnPropertyDescriptors(size)) as never,
    )
    body(drawing, () => mock.timers.tick(80))
    drawing.end()
    return screen.text.map((line) => line.trimEnd())
  } finally {
    mock.timers.reset()
  }
}

const many = Array.from({ length: 40 }, (_, index) => String(index))

progress('tty: more steps than the terminal has rows leave one line each, and no trace of what was redrawn', () => {
  const screen = new Screen(60, 10)
  const lines = onScreen(screen, (drawing, tick) => {
    for (const id of many) {
      drawing.event({ type: 'start', id, name: `step ${id}` })
      drawing.event(log(id, `output of ${id}\n`))
      tick()
      assert.ok(screen.text.length <= 9, 'something scrolled away')
    }
    assert.match(screen.text.at(-1)!, 'and 33 more')
    for (const id of many) drawing.event({ type: 'done', id, milliseconds: 100 })
  })
  assert.equal(
    lines,
    many.map((id) => ` => ${`step ${id}`.padEnd(48)}  0.1s`),
  )
})

progress('tty: output is shown as far as there is room for it', () => {
  const screen = new Screen(60, 10)
  onScreen(screen, (drawing, tick) => {
    for (const id of ['a', 'b']) {
      drawing.event({ type: 'start', id, name: id })
      drawing.event(log(id, '1\n2\n3\n4\n5\n6\n'))
    }
    tick()
    assert.equal(
      screen.text.slice(1).map((line) => line.slice(0, 8).trim()),
      ['=> a', '=> => 4', '=> => 5', '=> => 6', '=> b', '=> => 4', '=> => 5', '=> => 6'],
    )
  })
})

progress('tty: wide characters, tabs and colours do not make a line wrap', () => {
  const screen = new Screen(40, 20)
  const lines = onScreen(screen, (drawing, tick) => {
    drawing.event({ type: 'start', id: 'a', name: `RUN echo ${'漢字'.repeat(20)}` })
    for (const text of ['한글'.repeat(30), '🚀'.repeat(30), 'a\tb'.repeat(30), `\x1b[31m${'red'.repeat(30)}\x1b[0m`])
      drawing.event(log('a', `${text}\n`))
    tick()
    assert.is(screen.text.length, 6)
    drawing.event({ type: 'done', id: 'a', milliseconds: 100 })
  })
  assert.equal(lines, [` => RUN echo ${'漢字'.repeat(4)}漢   0.1s`])
})

progress('tty: a window that was made smaller is cleaned of the lines that wrapped', () => {
  for (const [columns, rows] of [
    [25, 30],
    [100, 8],
    [12, 4],
  ] as const) {
    const screen = new Screen(60, 30)
    const lines = onScreen(screen, (drawing, tick) => {
      for (const id of ['a', 'b', 'c']) drawing.event({ type: 'start', id, name: `step ${id}` })
      tick()
      screen.resize(columns, rows)
      tick()
      for (const id of ['a', 'b', 'c']) drawing.event({ type: 'done', id, milliseconds: 100 })
    })
    if (rows > 4) assert.is(lines.length, 3, `${columns}: ${lines.join('|')}`)
    assert.match(lines.at(-1)!, 'step c')
  }
})

progress('the colour of an output ends with it', () => {
  assert.is(harmless('\x1b[31mred', true), '\x1b[31mred\x1b[0m')
  assert.is(harmless('\x1b[31mred'), 'red')
})

progress('counts the columns of a text', () => {
  for (const [text, columns] of [
    ['abc', 3],
    ['漢字', 4],
    ['ｱﾞ', 2],
    ['ｗｉｄｅ', 8],
    ['e\u0301', 1],
    ['🚀✅', 4],
    ['→·é', 3],
    ['ไทย', 3],
  ] as const)
    assert.is(widthOf(text), columns, text)
  assert.is(cut('漢字', 3), '漢')
  assert.is(cut('a\tb', 20), 'a       b')
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
