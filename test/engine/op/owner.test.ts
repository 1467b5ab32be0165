import type { ChownOpt, UserOpt } from '../../../sdk/plan/op.ts'
import { assert, suite } from '../../helpers/suite.ts'
import { copy, failure, layer, prepare, type Spec } from './lab.ts'

const owner = suite('engine/op/owner')

const base = {
  'etc/passwd':
    'root:x:0:0::/root:/bin/sh\n\n# note\napp:x:1000:1001:App:/app:\nbig:x:4294967296:1::/:\nbad:x:one:1::/:\nshort:x\nbelow:x:-1:1::/:\n',
  'etc/group': '# groups\nroot:x:0:\nstaff:x:50:app,root\n',
}
const name = (text: string, input = 0): UserOpt => ({ User: { byName: { name: text, input } } })
const id = (byId: number): UserOpt => ({ User: { byId } })

async function ids(chown: ChownOpt, spec: Spec | null = base): Promise<string> {
  const [entry] = await layer([copy('/f', '/f', { owner: chown })], {
    from: { f: { text: 'x', uid: 9, gid: 9 } },
    ...(spec ? { base: spec } : {}),
  })
  return `${entry!.uid}:${entry!.gid}`
}

owner('D6.31 a number alone is the group too; a name takes its group from passwd', async () => {
  assert.is(await ids({ user: id(5) }), '5:5')
  assert.is(await ids({ user: id(5), group: id(6) }), '5:6')
  assert.is(await ids({ user: name('app') }), '1000:1001')
  assert.is(await ids({ user: name('app'), group: name('staff') }), '1000:50')
  assert.is(await ids({ user: id(1), group: { User: {} } }), '1:0')
  assert.is(await ids({ user: { User: {} }, group: id(1) }), '0:1')
})

owner('D6.31 links and made directories get the owner as well', async () => {
  const entries = await layer([copy('/d', '/o/', { owner: { user: id(7) } })], { from: { 'd/l': '-> x', 'd/s/': '' } })
  assert.equal(
    entries.map(({ path, uid, gid }) => `${path} ${uid}:${gid}`),
    ['o 7:7', 'o/l 7:7', 'o/s 7:7'],
  )
})

owner('D6.32 D14.90 an unknown name, or no file to look in, is 0', async () => {
  assert.is(await ids({ user: name('nobody2') }), '0:0')
  assert.is(await ids({ user: name('app') }, { f: '' }), '0:0')
  assert.is(await ids({ user: name('app') }, null), '0:0')
  assert.is(await ids({ user: name('app'), group: name('nogroup') }), '1000:1001')
  assert.is(await ids({ user: name('bad') }), '0:1')
  assert.is(await ids({ user: name('short') }), '0:0')
})

owner('D6.33 D14.91 a name without any file system to look in is an error', async () => {
  const error = await failure(() => ids({ user: name('app', -1) }))
  assert.is(error.code, 'USER_UNKNOWN')
  assert.match(error.message, 'invalid user index')
})

owner('D6.32 names are those before the instruction', async () => {
  const from = { passwd: 'late:x:77:77::/:\n', f: 'x' }
  const entries = await layer([copy('/passwd', '/etc/passwd'), copy('/f', '/f', { owner: { user: name('late') } })], {
    from,
    base,
  })
  assert.is(entries.find(({ path }) => path === 'f')!.uid, 0)
})

owner('A10 passwd may be a link inside the image, and nothing odder', async () => {
  assert.is(await ids({ user: name('app') }, { 'etc/passwd': '-> ../../../real', real: 'app:x:3:4::/:' }), '3:4')
  const odd: [string, Spec][] = [
    ['a FIFO', { 'etc/passwd': { type: 'fifo' } }],
    ['a directory', { 'etc/passwd/': '' }],
    ['huge', { 'etc/passwd': { text: 'x', size: 2 ** 31 } }],
  ]
  for (const [what, spec] of odd)
    assert.is((await failure(() => ids({ user: name('app') }, spec))).code, 'USER_UNKNOWN', what)
  assert.is((await failure(() => ids({ user: name('app') }, { 'etc/passwd': '-> passwd' }))).code, 'LINK_LOOP')
})

owner('A10 an id above 2³¹-1 is an error, not 0', async () => {
  for (const user of [name('big'), name('below'), name('4294967296'), id(2 ** 31), id(-1)]) {
    assert.is((await failure(() => ids({ user }))).code, 'USER_UNKNOWN', JSON.stringify(user))
  }
})

owner('D6.90 the key depends on passwd only through the ids', async () => {
  const key = async (chown: ChownOpt, spec: Spec) =>
    (await prepare([copy('/f', '/f', { owner: chown })], { from: { f: 'x' }, base: spec })).quickKey
  const other = { ...base, 'etc/passwd': `${base['etc/passwd']}more:x:2000:2000::/:\n` }
  assert.is(await key({ user: name('app') }, base), await key({ user: name('app') }, other))
  assert.is(await key({ user: name('app') }, base), await key({ user: id(1000), group: id(1001) }, base))
  assert.is.not(await key({ user: name('app') }, base), await key({ user: name('more') }, other))
})

owner.run()
