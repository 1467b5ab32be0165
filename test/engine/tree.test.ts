import { sortNames } from '../../sdk/engine/name.ts'
import { cleanPath, escapes, follow } from '../../sdk/engine/tree.ts'
import { assert, suite } from '../helpers/suite.ts'
import { failure, memory } from './op/lab.ts'

const tree = suite('engine/tree')

tree('links are followed inside the root, component by component', () => {
  const files = memory({
    'a/b/f': '',
    abs: '-> /a',
    rel: '-> a/b',
    up: '-> ../../../a',
    'a/back': '-> ../rel/f',
    chain: '-> abs/back',
    dangling: '-> no/where',
  })
  const cases: [string, string][] = [
    ['/a/b/f', 'a/b/f'],
    ['abs/b', 'a/b'],
    ['rel/f', 'a/b/f'],
    ['up/b', 'a/b'],
    ['chain', 'a/b/f'],
    ['rel/../back', 'a/b/f'],
    ['dangling', 'no/where'],
    ['dangling/x/../y', 'no/where/y'],
    ['../..', ''],
    ['', ''],
    ['/./a//b/', 'a/b'],
  ]
  for (const [path, expected] of cases) assert.is(follow(files, path, { last: true }), expected, path)
  assert.is(follow(files, 'abs/back', { last: false }), 'a/back')
  assert.is(follow(files, 'abs/', { last: false }), 'abs')
})

tree('a circle of links is an error', async () => {
  const files = memory({ a: '-> b', b: '-> a', self: '-> self/x' })
  for (const path of ['a', 'self', 'a/x'])
    assert.is((await failure(() => follow(files, path, { last: true }))).code, 'LINK_LOOP', path)
  const long = memory({ l: `-> ${'x/'.repeat(4000)}` })
  assert.is((await failure(() => follow(long, 'l', { last: true }))).code, 'LINK_LOOP')
})

tree('a path is cleaned without looking, and told when it climbs out', () => {
  assert.is(cleanPath('/a/./b//../c/'), 'a/c')
  assert.is(cleanPath('../../f'), 'f')
  assert.equal(['a/..', 'a/../..', '../a', '/..', 'a/b/../../c'].map(escapes), [false, true, true, true, false])
})

tree('names sort by the bytes of their UTF-8', () => {
  assert.equal(sortNames(['b', '\u{10000}', 'a', '\uffee', 'B', 'a-']), ['B', 'a', 'a-', 'b', '\uffee', '\u{10000}'])
})

tree.run()
