/** Lists of file patterns: the semantics of moby/patternmatcher, and walks that carry answers along. */
import type { ImgError } from '../../sdk/error.ts'
import { createMatcher, type Match } from '../../sdk/oci/pattern.ts'
import { assert, suite } from '../helpers/suite.ts'

const pattern = suite('oci/pattern')

pattern('matches a path or a directory that it is in', () => {
  const matcher = createMatcher(['node_modules', '**/*.log', '!keep.log'])
  const matched = ['node_modules/a/b', 'x/y.log', 'keep.log', 'src/a.ts', 'x/y.log/z'].map(matcher.matches)
  assert.equal(matched, [true, true, false, false, true])
})

pattern('keeps the letter of the original where it is odd', () => {
  // Each row was answered by moby/patternmatcher v0.6.1: what Go's regular expressions make of the pattern.
  for (const [text, yes, no] of [
    ['*|b', ['anything', 'x/y'], []],
    ['x{2}?', ['xxa'], ['x{2}a']],
    ['*.{js,ts}', ['a.{js,ts}'], ['a.js']],
    ['foo\\bar*', [], ['foobar', 'foo\\bar']],
    ['[*]', ['[]'], ['*', 'a']],
    ['a^b*', [], ['a^b', 'ab']],
    ['[[:alpha:]]', ['a'], ['1']],
    ['a\\d*', ['a1', 'a12'], ['ad', 'a']],
    ['*\\x41', ['A', 'bA'], ['a']],
    ['?\\Qa*b', ['xa[^/]*b$'], ['xab']],
  ] as const) {
    const matcher = createMatcher([text])
    for (const path of yes) assert.ok(matcher.matches(path), `${text} matches ${path}`)
    for (const path of no) assert.not.ok(matcher.matches(path), `${text} does not match ${path}`)
  }
})

pattern('refuses what is no pattern, saying which', () => {
  for (const text of ['!', '[', 'a[', '[]', '[a-', 'a\\', '[b-a]', '*{2}', 'a\\y', '[[:no:]]', 'x{1001}?']) {
    try {
      createMatcher(['ok', '', text])
      assert.unreachable(text)
    } catch (error) {
      assert.is((error as ImgError).code, 'PATTERN_INVALID', text)
      assert.equal((error as ImgError).detail, { index: 2 }, text)
      assert.match((error as ImgError).message, text)
    }
  }
  assert.throws(() => createMatcher(['x{1000}'.repeat(30) + '?']), /too large/)
})

pattern('D6.52 excludes a directory with its content unless an exception brings some back', () => {
  const matcher = createMatcher(['*.txt', 'dir', '!dir/keep'])
  const walk = (path: string): Match => {
    const slash = path.lastIndexOf('/')
    return matcher.child(path, slash < 0 ? undefined : walk(path.slice(0, slash)))
  }
  const paths = ['a.txt', 'sub/a.txt', 'dir', 'dir/other', 'dir/keep', 'dir/keep/x']
  assert.equal(
    paths.map((path) => walk(path).matched),
    [true, false, true, true, false, false],
  )
  assert.equal(walk('dir/keep').by, { text: 'dir/keep', exception: true, index: 2 })
})

pattern('says where a walk may stop, for exclusion and for inclusion', () => {
  const exclude = createMatcher(['dir', '!dir/a/*'])
  const dir = exclude.child('dir')
  assert.ok(exclude.mayDiffer('dir', dir))
  assert.ok(exclude.mayDiffer('dir/a', exclude.child('dir/a', dir)))
  assert.not.ok(exclude.mayDiffer('dir/b', exclude.child('dir/b', dir)))
  const include = createMatcher(['src/**/*.ts', 'docs'])
  assert.ok(include.mayDiffer('src', include.child('src')))
  assert.not.ok(include.mayDiffer('lib', include.child('lib')))
  assert.not.ok(include.mayDiffer('docs', include.child('docs')))
})

pattern('shares the answers of a directory with what lies in it', () => {
  const matcher = createMatcher(['a', 'b'])
  const directory = matcher.child('a')
  assert.is(matcher.child('a/x', directory).applies, directory.applies)
  assert.ok(matcher.child('a/x', directory).matched)
})

pattern('walks 20,000 paths against 20 patterns in a moment', () => {
  const lists =
    'node_modules **/node_modules *.log **/*.log .git dist **/*.tmp !keep.log **/.DS_Store coverage docs/**/*.md !docs/README.md *.swp **/test/**/fixtures build* [Dd]ebug src/**/gen/*.ts !src/**/gen/k?.ts **/cache a/b/**'
  const matcher = createMatcher(lists.split(' '))
  const started = performance.now()
  let matched = 0
  for (let module = 0; module < 200; module++) {
    let answer: Match | undefined
    let path = ''
    for (const name of ['packages', `pkg-${module % 20}`, 'src', `module-${module}`]) {
      path = path === '' ? name : `${path}/${name}`
      answer = matcher.child(path, answer)
    }
    for (let file = 0; file < 100; file++) if (matcher.child(`${path}/file-${file}.log`, answer).matched) matched++
  }
  assert.is(matched, 20_000)
  assert.ok(performance.now() - started < 500, 'takes 20 to 60 ms on an idle machine')
})

pattern('remembers a bounded number of places however many characters it sees', () => {
  const matcher = createMatcher(['*[^a]*?b?**[!-~]?c*d'])
  for (let char = 0x100; char < 0x3000; char++) matcher.matches(`${String.fromCharCode(char)}/${char}b${char}/xc`)
  assert.equal(['xyb1/q/~zcd', 'xyb/~zcd', 'xyb1/~zcd'].map(matcher.matches), [true, false, true])
})

pattern.run()
