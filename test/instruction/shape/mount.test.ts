import { parse } from '../../../sdk/dockerfile/parse.ts'
import { print } from '../../../sdk/dockerfile/print.ts'
import { expandMount, type Mount } from '../../../sdk/instruction/shape/mount.ts'
import { failure } from '../../dockerfile/failure.ts'
import { assert, suite } from '../../helpers/suite.ts'

const mounts = suite('instruction/shape/mount')

const read = (csv: string) =>
  (parse(`FROM scratch\nRUN --mount=${csv} x`).stages[0]!.instructions[0]!.args as { mount: readonly [Mount] }).mount[0]
const variables: Record<string, string> = { T: 'cache', F: 'false', N: '7' }
const lookup = { get: (name: string) => variables[name] }
const expanded = (csv: string) => expandMount(read(csv), lookup)
const refusal = (csv: string) => failure(() => expanded(csv)).message

mounts('D5.1 D5.2 keys have aliases and no case, the last of a key wins', () => {
  assert.equal(read('type=CACHE,SRC=/a,dst=/x,destination=/y,ro'), {
    type: 'cache',
    source: '/a',
    target: '/y',
    readonly: true,
  })
  assert.equal(read('\'"type=tmpfs","target=/a,b"\''), { type: 'tmpfs', target: '/a,b' })
  assert.match(failure(() => read("'type=\"x'")).message, 'not a list of key=value')
  assert.match(failure(() => read('')).message, 'not a list of key=value')
  assert.match(refusal('tipe=cache'), "unexpected key 'tipe' in 'tipe=cache' (did you mean type?)")
  assert.match(refusal('target'), 'must be a key=value pair')
  assert.match(refusal('target=/x,=a'), "unexpected key '' in '=a'")
})

mounts('D5.3 D14.114 a wrong type is refused only when it is expanded', () => {
  assert.equal(read('type=bf'), { type: 'bf' })
  assert.match(refusal('type=bf'), 'unsupported mount type "bf"')
})

mounts('D5.4 from does not expand, in any stage', () => {
  assert.match(failure(() => read('from=$A')).message, "'from' doesn't support variable expansion")
  assert.equal(read('from=a$'), { from: { image: 'a$' } })
  assert.equal(read('from=,target=/x'), { target: '/x' })
  assert.match(failure(() => read('from=$A,from=b')).message, "'from' doesn't support variable expansion")
})

mounts('D5.4 everything else does', () => {
  assert.equal(read('type=cache,target=$T/x'), { type: 'cache', target: [{ var: 'T' }, '/x'] })
  assert.equal(expanded('type=$T,target=/$N,rw=$F,uid=$N'), {
    type: 'cache',
    target: '/7',
    readonly: true,
    required: false,
    uid: 7,
  })
})

mounts('D5.6 D14.110 required and size look at the type before them', () => {
  assert.match(refusal('size=1m,type=tmpfs,target=/t'), "unexpected key 'size' for mount type 'bind'")
  assert.match(refusal('required,type=secret,id=x'), "unexpected key 'required' for mount type 'bind'")
  assert.match(refusal('type=tmpfs,size=x,type=cache,target=/x'), 'invalid value for size')
  assert.equal(read('type=tmpfs,size=1m,type=cache,target=/x'), { type: 'cache', target: '/x' })
  assert.equal(read('type=secret,required=1,type=cache,target=/x'), { type: 'cache', target: '/x' })
  assert.equal(read('type=secret,id=x,required=false'), { type: 'secret', id: 'x' })
  assert.match(refusal('type=$T,size=1m'), "unexpected key 'size' for mount type 'cache'")
  assert.is(expanded('type=tmpfs,size=1.5GiB').size, 1.5 * 1024 ** 3)
  assert.is(expanded('type=tmpfs,size=1e3').size, 1000)
  assert.is(expanded('type=tmpfs,size=1.5e1k').size, 15 * 1024)
  assert.is(expanded('type=secret,id=x,required').required, true)
})

mounts('D5.4 a value that a later one replaces is filled in, too', () => {
  assert.match(refusal('type=cache,target=${A?why},target=/x'), 'A: why')
  assert.match(refusal('type=$A,type=cache,target=/x'), 'unsupported mount type ""')
  assert.match(refusal('type=tmpfs,size=$T,type=cache,target=/x'), 'invalid value for size')
  assert.match(refusal('type=$T,size=1m,type=tmpfs'), "unexpected key 'size' for mount type 'cache'")
  assert.is(expanded('type=secret,target=/t,required=$F,type=$T').type, 'cache')
  assert.equal(expanded('type=cache,rw=$F,target=/$N,ro,target=/x'), {
    type: 'cache',
    target: '/x',
    readonly: true,
    required: false,
  })
  const text = 'FROM scratch AS a\n\nFROM scratch\nRUN --mount=from=a,target=${A?why},readonly,target=/x x\n'
  assert.is(print(parse(text)), text)
})

mounts('D5.25 a size is a number as Go reads it, and no more than 63 bits', () => {
  const size = (text: string) => expanded(`type=tmpfs,size=${text}`).size
  for (const [text, bytes] of [
    ['1_000k', 1_024_000],
    ['1.5_5', 1],
    ['0x1p4', 16],
    ['0x_1.8p3k', 12 * 1024],
    ['0x.ap4', 10],
    ['-0x0p1', 0],
    ['-0', 0],
    ['1.e2', 100],
    ['1E3K', 1_024_000],
    ['1e-400', 0],
    ['8191p', 8191 * 1024 ** 5],
  ] as const)
    assert.is(size(text), bytes, text)
  for (const text of [
    '_1',
    '1_',
    '1__0',
    '0x10',
    '0x',
    '0x1',
    '0xp4',
    '1.5.',
    '-0x1p1',
    '0b11',
    '-1',
    '.',
    '1e',
    '1eb',
    '1e400',
    '1kk',
    '1ki',
    'k',
    'inf',
  ])
    assert.match(refusal(`type=tmpfs,size=${text}`), 'invalid value for size', text)
  for (const text of ['1e19', '9223372036854775807', '8192p', '1e308k'])
    assert.match(refusal(`type=tmpfs,size=${text}`), 'is more than 2^63 - 1 bytes', text)
})

mounts('D5.7 defaults and booleans', () => {
  for (const [csv, readonly] of [
    ['target=/x', true],
    ['type=cache,target=/x', false],
    ['type=tmpfs', false],
    ['type=secret,id=x', true],
    ['type=ssh', true],
    ['rw', false],
    ['rw=0', true],
    ['type=cache,readonly=T', true],
    ['ro,rw=1', false],
    ['rw,ro', true],
    ...['1', 't', 'T', 'true', 'TRUE', 'True'].map((on) => [`type=cache,ro=${on}`, true] as const),
    ...['0', 'f', 'F', 'false', 'FALSE', 'False'].map((off) => [`ro=${off}`, false] as const),
  ] as const) {
    assert.is(expanded(csv).readonly, readonly, csv)
  }
  assert.match(refusal('ro=yes'), 'invalid value for ro: "yes"; expected true or false')
  assert.equal(read('type=bind,ro,source=,target=,id='), {})
  assert.equal(
    [read('rw'), read('rw,ro=0'), read('type=cache,rw=0')],
    [{ readonly: false }, { readonly: false }, { type: 'cache', readonly: true }],
  )
})

mounts('D5.9 mode, uid and gid', () => {
  assert.equal(expanded('type=cache,target=/x,mode=0755,uid=1,gid=2').mode, 0o755)
  for (const [key, value] of [
    ['mode', '9'],
    ['mode', '08'],
    ['mode', '0o7'],
    ['mode', ''],
    ['uid', '+1'],
    ['gid', '1_0'],
    ['gid', '-1'],
  ])
    assert.match(refusal(`type=cache,target=/x,${key}=${value}`), `invalid value "${value}" for ${key}`)
  for (const type of ['secret,id=x', 'ssh']) assert.is(expanded(`type=${type},mode=07,uid=08,gid=4294967295`).uid, 8)
  for (const key of ['mode', 'uid', 'gid'])
    assert.match(refusal(`type=tmpfs,target=/x,${key}=1`), `${key} not allowed for "tmpfs" type mounts`)
  assert.match(refusal('uid=1'), 'uid not allowed for "bind" type mounts')
  assert.match(refusal('type=cache,uid=4294967296'), 'for uid')
})

mounts('D5.21 D5.26 D5.28 sharing and secrets', () => {
  assert.is(expanded('type=cache,sharing=LOCKED').sharing, 'locked')
  assert.match(refusal('type=cache,sharing=all'), 'unsupported sharing value "all"')
  assert.match(refusal('sharing=shared'), 'invalid cache sharing set for bind mount')
  assert.match(refusal('type=secret'), 'one of source, target required')
  assert.match(refusal('type=secret,id=a,source=b'), "both source and id can't be set")
  assert.match(refusal('type=secret,id=a,from=b'), 'should not have a from')
  assert.match(refusal('type=secret,id=a,sharing=shared'), 'should not define sharing')
  for (const sharing of ['shared', 'private', 'locked'])
    assert.is(expanded(`type=cache,sharing=${sharing}`).sharing, sharing)
  assert.is(expanded('type=secret,id=a,env=').env, '')
})

mounts('a value that a later one replaces is checked all the same', () => {
  assert.match(refusal('type=,type=cache'), 'unsupported mount type ""')
  assert.match(refusal('type=cache,mode=8,mode=755'), 'for mode')
  assert.match(refusal('type=cache,sharing=no,sharing=shared'), 'unsupported sharing value "no"')
  assert.match(refusal('type=tmpfs,size=x,size=1m'), 'invalid value for size')
})

mounts.run()
