import { compileGlob, selectPaths } from '../../../sdk/engine/op/select.ts'
import { assert, suite } from '../../helpers/suite.ts'
import { failure, memory } from './lab.ts'

const select = suite('engine/op/select')

select('D6.3 a component is matched as path.Match does', () => {
  const cases: [string, string, boolean][] = [
    ['*', '.env', true],
    ['*', '', true],
    ['a*c', 'abcbc', true],
    ['a*c', 'abcb', false],
    ['*a*b*', 'xxaxxb', true],
    ['?', 'ü', true],
    ['?', '\u{1f600}', true],
    ['??', 'a', false],
    ['[a-c]x', 'bx', true],
    ['[^a-c]x', 'bx', false],
    ['[^a]', '^', true],
    ['[!a]', 'b', false],
    ['[!a]', '!', true],
    ['[\\]]', ']', true],
    ['[a\\-z]', '-', true],
    ['\\*', '*', true],
    ['\\*', 'a', false],
    ['[^\\^]', '^', false],
    ['a', 'ab', false],
    ['ab', 'a', false],
  ]
  for (const [pattern, name, expected] of cases)
    assert.is(compileGlob(pattern)(name), expected, `${pattern} on ${name}`)
})

select('a pattern of many stars takes no longer than its length times that of the name', () => {
  const started = performance.now()
  assert.not(compileGlob('*a'.repeat(100) + 'b')('a'.repeat(5000)))
  assert.ok(performance.now() - started < 1000)
})

select('D6.4 matches come in lexical order, and no matched directory is entered', () => {
  const tree = memory({ 'b/a': '', 'a/b': '', 'a-b': '', l: '-> a' })
  assert.equal(selectPaths(tree, '/*', { last: true }), ['a', 'a-b', 'b', 'l'])
  assert.equal(selectPaths(tree, '/*/?', { last: true }), ['a/b', 'b/a'])
  assert.equal(selectPaths(tree, '/l/*', { last: true }), ['a/b'])
  assert.equal(selectPaths(tree, '/l/*', { last: false }), [])
})

select('the directory before the first wildcard must exist', async () => {
  assert.is((await failure(() => selectPaths(memory({}), '/no/*', { last: true }))).code, 'COPY_SOURCE_MISSING')
  assert.equal(selectPaths(memory({ f: '' }), '/f/*', { last: true }), [])
})

select.run()
