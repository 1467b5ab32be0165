/** .dockerignore: what a build context leaves out, line by line. The answers of the table were given by moby/patternmatcher. */
import { parseIgnore } from '../../sdk/dockerfile/ignore.ts'
import { ImgError } from '../../sdk/error.ts'
import { assert, suite } from '../helpers/suite.ts'

const ignore = suite('dockerfile/ignore')

/** Ignore file, paths that it ignores, paths that it keeps. */
type Case = readonly [text: string, ignored: readonly string[], kept: readonly string[]]

function check(cases: readonly Case[]): void {
  for (const [text, ignored, kept] of cases) {
    const rules = parseIgnore(text)
    for (const path of ignored) assert.ok(rules.ignored(path), `${JSON.stringify(text)} ignores ${path}`)
    for (const path of kept) assert.not.ok(rules.ignored(path), `${JSON.stringify(text)} keeps ${path}`)
  }
}

ignore(
  'D7.4 reads lines: comments in the first column, blanks trimmed, paths cleaned, a byte order mark dropped',
  () => {
    check([
      [' # x', ['# x'], ['x']],
      ['# x', [], ['# x', 'x']],
      ['\ufeff# x\na', ['a'], ['x', '# x']],
      ['\ufeffa', ['a'], []],
      ['a\r\n\r\nb\r\n', ['a', 'b'], ['a\r']],
      ['/a', ['a', 'a/b'], ['b/a']],
      ['/node_modules', ['node_modules/x'], ['a/node_modules']],
      ['node_modules', ['node_modules', 'node_modules/a'], ['a/node_modules', 'node_modules2']],
      ['d/', ['d', 'd/a'], ['e/d']],
      ['a/../b//c/.', ['b/c'], ['a/b/c']],
      ['! keep\n*\n!  keep', ['x'], ['keep']],
      ['a # b', ['a # b'], ['a']],
      ['\u00a0a\u3000', ['a'], []],
    ])
  },
)

ignore('D7.5 refuses a bare exception and a malformed class, at their line', () => {
  for (const [text, line] of [
    ['a\n!', 2],
    ['a\n\n!/', 3],
    ['[a', 1],
    ['x\n[]a]', 2],
    ['[a-]', 1],
    ['[^]', 1],
    ['a\\', 1],
    ['[z-a]', 1],
  ] as const) {
    try {
      parseIgnore(text, 'app/.dockerignore')
      assert.unreachable(text)
    } catch (error) {
      assert.instance(error, ImgError)
      assert.is((error as ImgError).code, 'IGNORE_INVALID', text)
      assert.equal((error as ImgError).at, { file: 'app/.dockerignore', line }, text)
    }
  }
  check([['/', [], ['a', 'a/b']]])
  check([['.', [], ['a', 'a/b']]])
})

ignore('D7.6 matches from the root, by case, character by character', () => {
  check([
    ['A', ['A'], ['a']],
    ['a?c', ['abc', 'a😀c'], ['a/c', 'ac']],
    ['*.log', ['a.log', '.log', 'a.log/x'], ['d/a.log']],
    ['.*', ['.git', '.git/x'], ['a/.git', 'a']],
    ['[^a]', ['!', 'b'], ['a']],
    ['[b-d]x', ['bx', 'dx'], ['ax', 'ex']],
    ['\\*', ['*'], ['a']],
    ['a\\ b', ['a b'], ['a\\ b']],
    ['a.b*', ['a.b', 'a.bc'], ['axb']],
    ['a$(+)*', ['a$(+)z'], ['a']],
  ])
})

ignore('D7.7 lets ** span directories', () => {
  check([
    ['**/*.log', ['a.log', 'd/a.log', 'd/e/a.log', 'd/a.log/x'], ['d/a.logs']],
    ['foo/**', ['foo/a', 'foo/a/b'], ['foo', 'foobar']],
    ['**', ['a', 'a/b'], []],
    ['**foo', ['foo', 'a/foo', 'afoo', 'foo/x'], ['food']],
    ['a**b', ['ab', 'a/b', 'ax/b', 'a/x/b'], ['axb', 'axb/c']],
    ['a/**/b', ['a/b', 'a/x/b', 'a/x/y/b'], ['ab', 'a/xb']],
    ['**/**/**/a*a*b', ['aab', 'x/aab', 'x/y/aaab'], ['x/aa']],
  ])
})

ignore('D7.8 a pattern that matches a directory matches what is in it', () => {
  const rules = parseIgnore('a/*\nb')
  for (const path of ['a/x', 'a/x/y/z', 'b', 'b/c']) assert.ok(rules.ignored(path), path)
  for (const path of ['a', 'c/b', 'bb']) assert.not.ok(rules.ignored(path), path)
})

ignore('D7.9 lets the last line that applies decide, as a walk from the root meets them', () => {
  check([
    ['*\n!src', ['other', 'src2/a'], ['src', 'src/a']],
    ['a\n!a/b\na/b/c', ['a/x', 'a/b/c'], ['a/b', 'a/b/d']],
    ['vendor\n!vendor/**/*.md', ['vendor', 'vendor/a', 'vendor/keep.txt'], ['vendor/a/b.md', 'vendor/c.md']],
    // The exception was passed over at "x", which nothing had excluded; below it, it no longer names the path.
    ['x/y\n!x', ['x/y', 'x/y/z'], ['x']],
  ])
})

ignore('D7.10 gives an exception before any exclusion no effect', () => check([['!a\na', ['a', 'a/b'], []]]))

ignore('D7.11 never matches a pattern that leaves the context', () => check([['../a\n../../b', [], ['a', 'b/a', 'b']]]))

ignore('D14.99 keeps one file of an excluded directory', () => {
  const rules = parseIgnore('*\n!keep/x')
  assert.equal(['keep', 'keep/x', 'keep/y', 'other'].map(rules.ignored), [true, false, true, true])
  assert.ok(rules.mayContain('keep'))
  assert.not.ok(rules.mayContain('other'))
})

ignore('D14.100 takes [!a] as a class of two characters', () => check([['[!a]', ['a', '!'], ['b']]]))

ignore('enters an ignored directory only where an exception can reach inside', () => {
  const may = (text: string, directory: string) => parseIgnore(text).mayContain(directory)
  assert.not.ok(may('node_modules', 'node_modules'))
  assert.not.ok(may('!**/*.md\nnode_modules', 'node_modules'), 'the exception comes too early')
  assert.ok(may('node_modules\n!**/*.md', 'node_modules'))
  assert.not.ok(may('a\nb\n!b/*/x.md', 'a'))
  assert.ok(may('a\nb\n!b/*/x.md', 'b'))
  assert.ok(may('a\nb\n!b/*/x.md', 'b/c'))
  assert.not.ok(may('b\n!b/c?/x.md', 'b/d'))
  assert.ok(may('*\n!a/b/**', 'a'))
  assert.not.ok(may('*\n!a/b/**', 'a/c'))
})

ignore('names the line that decided', () => {
  const rules = parseIgnore('# generated\n*.log\n\n!/keep.log\n')
  assert.equal(rules.decide('a.log'), { ignored: true, pattern: '*.log', line: 2 })
  assert.equal(rules.decide('keep.log'), { ignored: false, pattern: '!/keep.log', line: 4 })
  assert.equal(rules.decide('src/a.ts'), { ignored: false })
})

ignore('answers the same in any order of asking', () => {
  const text = 'a\n!a/b\na/b/c\n**/x\n!a/b/c/x'
  const paths = ['a', 'a/b', 'a/b/c', 'a/b/c/x', 'a/b/c/x/y', 'x', 'q/x', 'ab', 'a/c', 'a/b/d']
  const alone = paths.map((path) => parseIgnore(text).ignored(path))
  for (const order of [paths, [...paths].reverse(), [...paths, ...paths.toSorted()]]) {
    const rules = parseIgnore(text)
    for (const path of order) assert.is(rules.ignored(path), alone[paths.indexOf(path)], path)
  }
})

ignore('A34 answers at once for patterns made to be slow', () => {
  const rules = parseIgnore(
    '**/**/**/a*a*a*a*b\n!**/a*a*a*a*a*a*a*a*c?a*a*a**x*y*z\n[a-y]*a????????????????????????????b*c',
  )
  const started = performance.now()
  for (let i = 0; i < 20; i++) {
    assert.not.ok(rules.ignored(`${'a'.repeat(2000)}/${'a'.repeat(2000)}${i}`))
    assert.not.ok(rules.ignored(`${'aaaaaaaaaaaa/'.repeat(200)}a${i}`))
  }
  assert.ok(performance.now() - started < 2000)
})

ignore('A34 takes any text or refuses it with a location', () => {
  let seed = 1
  const random = (below: number) => {
    seed = Math.imul(seed ^ (seed >>> 15), 0x2c1b3c6d) + 0x6d2b79f5
    return ((seed ^ (seed >>> 12)) >>> 0) % below
  }
  const pieces = ['a', '/', '*', '**', '?', '[', ']', '^', '-', '\\', '!', '{', '}', '|', ',', '2', '#', ' ', '\n', '.', 'é', '😀', '\0', 'd', 'p', 'Q', '(', ')', '[:', ':]', '\ud800'] // biome-ignore format: a list of pieces
  for (let i = 0; i < 5000; i++) {
    const text = Array.from({ length: random(16) }, () => pieces[random(pieces.length)]!).join('')
    try {
      const rules = parseIgnore(text)
      for (const path of ['a', 'a/b', 'é😀/a2', '\n', 'a/d/p/Q']) rules.decide(path)
    } catch (error) {
      assert.is((error as ImgError).code, 'IGNORE_INVALID', JSON.stringify(text))
      assert.ok((error as ImgError).at?.line)
    }
  }
})

ignore.run()
