import { parse } from '../../../sdk/dockerfile/parse.ts'
import { readCsv, writeCsv } from '../../../sdk/instruction/shape/csv.ts'
import { parseDuration, printDuration, spellDuration } from '../../../sdk/instruction/shape/duration.ts'
import { didYouMean, nearest, typed } from '../../../sdk/instruction/shape/nearest.ts'
import { definitions } from '../../../sdk/instruction/shape/schema.ts'
import { quoteFlag, splitFlags } from '../../../sdk/instruction/shape/split-command.ts'
import { splitBlanks, splitShellWords, trim } from '../../../sdk/instruction/shape/tokens.ts'
import { failure } from '../../dockerfile/failure.ts'
import { assert, suite } from '../../helpers/suite.ts'

const shapes = suite('instruction/shape')

shapes('D2.34 words are cut with and without quotes', () => {
  const texts = (tokens: readonly { text: string }[]) => tokens.map(({ text }) => text)
  assert.equal(texts(splitBlanks('a  "b c"\td\\ e')), ['a', '"b', 'c"', 'd\\', 'e'])
  assert.equal(texts(splitShellWords(`a "b c"d\\ e 'f\\' g"\\""`, '\\')), ['a', '"b c"d\\ e', "'f\\'", 'g"\\""'])
  assert.equal(texts(splitShellWords('a\\', '\\')), ['a'])
  assert.equal(texts(splitShellWords('a` b\\ c', '`')), ['a` b\\', 'c'])
  assert.equal(
    splitShellWords(' a  b', '\\').map(({ offset }) => offset),
    [1, 4],
  )
})

shapes('D1.40 D1.41 flags are cut off and unquoted', () => {
  assert.equal(splitFlags(`--a="b c" --d\\ e --f='"' rest --x`, '\\'), {
    flags: [
      { name: 'a', value: 'b c', offset: 0, end: 9 },
      { name: 'd e', value: undefined, offset: 10, end: 16 },
      { name: 'f', value: '"', offset: 17, end: 24 },
    ],
    rest: 25,
  })
  assert.is(splitFlags('-- --a', '\\').rest, 2)
  assert.is(splitFlags('-a', '\\').flags.length, 0)
  assert.is(splitFlags('--', '\\').rest, 2)
})

shapes('a quoted flag reads back', () => {
  assert.equal(
    [`a"b`, `a'b`, 'a b', 'ab', `a"'b`].map((text) => quoteFlag(text, '\\')),
    [`'a"b'`, `"a'b"`, '"a b"', 'ab', `"a\\"'b"`],
  )
  for (const value of ['a', 'a b', `a"b`, `a'b`, `"'`, 'a\\b', '\\', '', 'Ã©', 'Ã\u00a0']) {
    for (const escape of ['\\', '`']) {
      assert.is(splitFlags(`--x=${quoteFlag(value, escape)} y`, escape).flags[0]!.value, value)
    }
  }
})

shapes('D1.41 the bytes of a letter in a flag count as letters of their own', () => {
  const value = (text: string) => splitFlags(text, '\\').flags.map((flag) => flag.value)
  assert.equal(value('--chown=é x'), ['Ã©'])
  // the second byte of à is a no-break space on its own
  assert.equal(value('--chown=à x'), ['Ã'])
  assert.equal(value('--chown="à" --from=x y'), ['Ã\u00a0', 'x'])
  assert.is(splitFlags("--chown='é漢' ü", '\\').rest, 13)
  // one byte of a letter whose others end the flag
  for (const torn of ['Â', 'é', 'a b\u00f0', 'root:Ã']) assert.equal(value(`--x=${quoteFlag(torn, '\\')} y`), [torn])
  assert.is(quoteFlag('éa', '\\'), undefined)
  for (const text of ['漢', '\u0080']) assert.is(quoteFlag(text, '\\'), undefined)
})

shapes('D4.16.3 durations are those of Go', () => {
  for (const [text, value] of [
    ['1m30s', 90e9],
    ['500ms', 5e8],
    ['2.5s', 2.5e9],
    ['1h', 3600e9],
    ['0', 0],
    ['1us', 1000],
    ['1µs', 1000],
    ['.5s', 5e8],
    ['1.s', 1e9],
    ['-1s', -1e9],
    ['+1ns', 1],
    ['0.3333333333333333333333s', 333333333],
    ['-0s', 0],
    ['2562047h47m16s', 9223372036000000000],
  ] as const) {
    assert.is(parseDuration(text), value, text)
  }
  for (const text of ['', '5', '1x', 's', '1s2', '.s', '1 s', '10000000h', '-2562047h47m17s'])
    assert.is(parseDuration(text), undefined, text)
  for (const [value, text] of [
    [0, '0s'],
    [90e9, '1m30s'],
    [5e8, '500ms'],
    [2.5e9, '2.5s'],
    [3600e9, '1h0m0s'],
    [1, '1ns'],
    [1500, '1.5µs'],
    [1e6, '1ms'],
    [61.000000001e9, '1m1.000000001s'],
    [9223372036000000000, '2562047h47m16s'],
  ] as const) {
    assert.is(printDuration(value), text)
    assert.is(parseDuration(text), value)
  }
})

shapes('a duration is written without its zeros', () => {
  for (const text of ['1h', '5m', '1m30s', '1h0m1s', '1h5m', '0s', '10s', '100ms', '20m'])
    assert.is(spellDuration(parseDuration(text)!), text)
})

shapes('D4.16.3 a duration that a JSON number cannot carry is refused, and not rounded', () => {
  for (const text of ['9223372036854775807ns', '9007199254740993ns', '2562047h47m16.854775807s']) {
    assert.is(parseDuration(text), undefined, text)
    assert.match(
      failure(() => parse(`FROM scratch\nHEALTHCHECK --interval=${text} CMD x`)).message,
      'to the nanosecond',
    )
  }
  assert.is(parseDuration('9007199254740991ns'), 2 ** 53 - 1)
})

shapes('CSV records read back', () => {
  for (const fields of [['a'], ['a=b', 'c'], ['a,b', 'c"d'], ['', ''], ['a', '']])
    assert.equal(readCsv(writeCsv(fields)), fields)
  for (const text of ['', 'a"b', '"a', '"a"b']) assert.is(readCsv(text), undefined, text)
})

shapes('D1.15 the nearest word is within two edits', () => {
  assert.is(nearest('COPPY', ['ADD', 'COPY']), 'COPY')
  assert.is(nearest('XXXX', ['ADD', 'COPY']), undefined)
  assert.is(nearest('COPY', ['COPY']), undefined)
  assert.equal([nearest('A', ['', 'B']), nearest('A', ['B', ''])], [undefined, 'B'])
  assert.is(didYouMean('chwon', ['chown', 'chmod'], { prefix: '--' }), 'did you mean --chown?')
  assert.is(nearest('x'.repeat(1_000_000), ['COPY']), undefined)
})

shapes('what people type is near by a third of its length, whatever its case, and with neighbours swapped', () => {
  assert.is(nearest('ftm', ['fmt'], typed), 'fmt')
  assert.is(nearest('RUNSASROOT', ['RunsAsRoot'], typed), 'RunsAsRoot')
  assert.is(nearest('--metdata-flie', ['--metadata-file', '--file'], typed), '--metadata-file')
  assert.is(nearest('run', ['add'], typed), undefined)
  assert.is(nearest('bild', ['lint', 'build', 'bill'], typed), 'build')
})

shapes('D1.4 white space is what Unicode says, and a byte order mark is none', () => {
  assert.is(trim('\u0085\u00a0\u2028 x\u3000\ufeff'), 'x\u3000\ufeff')
  for (const space of '\t\n\v\f\r \u0085\u00a0\u1680\u2000\u200a\u2028\u2029\u202f\u205f\u3000')
    assert.is(trim(`${space}x${space}`), 'x')
  for (const other of '\b\u000e\u001f\u0084\u0086\u180e\u1fff\u200b\u2027\u2060\ufeff') assert.is(trim(other), other)
})

shapes('the shared schema definitions refer only to each other', () => {
  const refs = JSON.stringify(definitions).match(/#\/\$defs\/\w+/g) ?? []
  for (const ref of refs) assert.ok(Object.hasOwn(definitions, ref.slice('#/$defs/'.length)), ref)
})

shapes.run()
