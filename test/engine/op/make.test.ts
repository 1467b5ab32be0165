import type { FileAction } from '../../../sdk/plan/op.ts'
import { assert, suite } from '../../helpers/suite.ts'
import { failure, layer, show } from './lab.ts'

const make = suite('engine/op/make')
const d = 'dir 755 0:0'
const mkdir = (path: string, more: object = {}): FileAction['Action'] => ({
  mkdir: { path, mode: 0o755, makeParents: true, timestamp: -1, ...more },
})
const mkfile = (path: string, text: string, more: object = {}): FileAction['Action'] => ({
  mkfile: { path, mode: 0o644, data: Buffer.from(text).toString('base64'), timestamp: -1, ...more },
})
const rm = (path: string, more: object = {}): FileAction['Action'] => ({ rm: { path, ...more } })

make('D4.12.2 mkdir makes what is missing, and leaves what is there', async () => {
  const base = { 'srv/': { mode: 0o700, uid: 5, gid: 5 }, l: '-> /srv' }
  const owner = { user: { User: { byId: 9 } } }
  assert.equal(await show([mkdir('/srv/a/b', { owner })], { base }), {
    srv: 'dir 700 5:5',
    'srv/a': 'dir 755 9:9',
    'srv/a/b': 'dir 755 9:9',
  })
  assert.equal(await show([mkdir('/srv')], { base }), {})
  assert.equal(await show([mkdir('/l/x')], { base }), { srv: 'dir 700 5:5', 'srv/x': d })
  assert.is((await failure(() => layer([mkdir('/f/x')], { base: { f: 'file' } }))).code, 'COPY_CONFLICT')
})

make('mkdir without parents needs them', async () => {
  assert.is((await failure(() => layer([mkdir('/a/b', { makeParents: false })]))).code, 'PATH_MISSING')
  assert.equal(await show([mkdir('/a', { makeParents: false }), mkdir('/a', { makeParents: false })]), { a: d })
})

make('mkfile writes a file, and rewrites one without changing its mode', async () => {
  assert.equal(await show([mkfile('/f', 'hi', { mode: 0o600 })]), { f: '600 0:0 hi' })
  const base = { f: { text: 'old', mode: 0o711, uid: 3, gid: 3 }, l: '-> f', 'd/': '' }
  assert.equal(await show([mkfile('/l', 'new')], { base }), { f: '711 3:3 new' })
  assert.is((await failure(() => layer([mkfile('/d', '')], { base }))).code, 'COPY_CONFLICT')
  assert.is((await failure(() => layer([mkfile('/no/f', '')], { base }))).code, 'PATH_MISSING')
})

make('symlink makes a link where nothing is', async () => {
  const link = { symlink: { oldpath: '../x', newpath: '/l', timestamp: -1 } }
  assert.equal(await show([link]), { l: '-> ../x' })
  assert.is(
    (await failure(() => layer([link, mkdir('/d'), { symlink: { ...link.symlink, newpath: '/d' } }]))).code,
    'COPY_CONFLICT',
  )
})

make('D11.17 rm leaves whiteouts for what the base has, and nothing for what it has not', async () => {
  const base = { 'd/a': '1', 'd/b': '2', l: '-> d', dangling: '-> no' }
  assert.equal(await show([rm('/d/a')], { base }), { d, 'd/a': 'gone' })
  assert.equal(await show([rm('/l/a')], { base }), { d, 'd/a': 'gone' })
  assert.equal(await show([rm('/l')], { base }), { l: 'gone' })
  assert.equal(await show([rm('/d/*', { allowWildcard: true })], { base }), { d, 'd/a': 'gone', 'd/b': 'gone' })
  assert.equal(await show([mkfile('/n', ''), rm('/n')], { base }), {})
  assert.equal(await show([rm('/no', { allowNotFound: true })], { base }), {})
  for (const path of ['/no', '/dangling'])
    assert.is((await failure(() => layer([rm(path)], { base }))).code, 'PATH_MISSING', path)
})

make('D11.17 a directory that was removed and made again hides what the base has in it', async () => {
  const base = { 'd/a': '1' }
  assert.equal(await show([rm('/d'), mkdir('/d')], { base }), { d, 'd/*': 'opaque' })
  assert.equal(await show([rm('/d'), mkfile('/d', 'x')], { base }), { d: '644 0:0 x' })
  assert.equal(await show([rm('/d'), mkdir('/d/e')], { base }), { d, 'd/*': 'opaque', 'd/e': d })
})

make('A21 no action leaves the root', async () => {
  for (const action of [mkdir('a/../../..'), rm('a/../../..'), rm('/'), rm('.'), rm('../x', { allowWildcard: true })]) {
    assert.is((await failure(() => layer([action], { base: { x: '' } }))).code, 'PATH_ESCAPES', JSON.stringify(action))
  }
  assert.equal(await show([mkfile('/../../f', 'x')]), { f: '644 0:0 x' })
})

make.run()
