/** Following paths inside a root. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { follow } from '../../../sdk/engine/run/follow.ts'
import { assert, suite } from '../../helpers/suite.ts'

const paths = suite('engine/run/follow')
const root = mkdtempSync(join(tmpdir(), 'imgsdk-follow-'))
mkdirSync(join(root, 'a/b'), { recursive: true })
writeFileSync(join(root, 'a/file'), '')
const links = {
  absolute: '/a',
  relative: 'a/b',
  up: '../../../../a',
  dangling: '/none/x',
  self: 'self',
  one: 'two',
  two: 'one',
  'a/back': '../a/b',
}
for (const [name, target] of Object.entries(links)) symlinkSync(target, join(root, name))
paths.after(() => rmSync(root, { recursive: true }))

paths('A17 stays inside whatever the links say', () => {
  const cases = {
    '': '',
    '/': '',
    '/a/./b//': 'a/b',
    'absolute/b': 'a/b',
    '/relative/..': 'a',
    'up/b': 'a/b',
    '../../..': '',
    '/../a/../../a/b': 'a/b',
    'a/back/../file': 'a/file',
  }
  for (const [path, expected] of Object.entries(cases)) {
    const found = follow(root, path)
    assert.is(found.path, expected, path)
    assert.ok(found.stat)
    assert.is(found.missing, undefined)
  }
})

paths('tells what is missing, and where it would be', () => {
  assert.equal(pick('a/new/deep'), ['a/new/deep', 'a/new'])
  assert.equal(pick('dangling/y'), ['none/x/y', 'none'])
  assert.equal(pick('a/new/../other'), ['a/other', 'a/other'])
  assert.equal(pick('none/../a/b'), ['a/b', undefined])
})

const pick = (path: string) => {
  const { path: found, missing } = follow(root, path)
  return [found, missing]
}

paths('refuses circles, and files on the way', () => {
  for (const path of ['self', 'one/x', 'a/file/x']) {
    assert.throws(
      () => follow(root, path),
      (thrown: { code?: string }) => thrown.code === 'PATH_ESCAPES',
    )
  }
})

paths.run()
