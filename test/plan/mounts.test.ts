/** Mounts, devices, and where COPY and ADD put things, in the plan. */
import { assert, suite } from '../helpers/suite.ts'
import { copies, environment, exec, kinds, mounts, planned, refusal, sources } from './planning.ts'

const plan = suite('plan/mounts')
const run = (text: string) => `FROM alpine\n${text}`

plan('D5.5 D14.114 mounts are checked only in stages that are needed', () => {
  const text = 'FROM alpine AS a\nRUN --mount=type=bf x\n'
  assert.match(refusal(text).message, 'unsupported mount type')
  assert.ok(planned(`${text}FROM alpine\nRUN x`))
})

plan('D5.8 D14.113 a relative target starts at WORKDIR, and may not be /', () => {
  const dests = (text: string) => mounts(run(text)).map(({ dest }) => dest)
  assert.equal(dests('WORKDIR /w\nRUN --mount=target=m x'), ['/w/m'])
  assert.equal(dests('WORKDIR /w\nRUN --mount=type=bind x'), ['/w'])
  for (const text of ['RUN --mount=type=bind x', 'WORKDIR /\nRUN --mount=type=cache,target=. x'])
    assert.match(refusal(run(text)).message, 'invalid mount target')
  assert.equal(dests('WORKDIR /w\nRUN --mount=type=secret,target=s --mount=type=ssh,target=h x'), ['s', 'h'])
})

plan('D5.10 parents are mounted before what is in them', () => {
  const text = run('RUN --mount=target=/b/c --mount=type=tmpfs,target=/b --mount=type=cache,target=/a x')
  assert.equal(
    mounts(text).map(({ dest }) => dest),
    ['/a', '/b', '/b/c'],
  )
})

plan('D5.21 D14.111 the id of a cache is its target before WORKDIR is joined', () => {
  const id = (text: string) => mounts(run(text))[0]?.cacheOpt?.ID
  assert.is(id('WORKDIR /a\nRUN --mount=type=cache,target=c x'), '/c')
  assert.is(id('WORKDIR /b\nRUN --mount=type=cache,target=./c/ y'), '/c')
})

plan('D5.22 D5.23 D14.112 owner and mode of a cache are a directory that is made below it', () => {
  const text = (uid: number) => run(`RUN --mount=type=cache,target=/c,id=i,uid=${uid},mode=0700 x`)
  const made = planned(text(5)).vertices.flatMap(({ op }) => ('file' in op ? op.file.actions : []))[0]!.Action
  const owner = { user: { User: { byId: 5 } }, group: { User: {} } }
  assert.equal(made, { mkdir: { path: '/cache', mode: 0o700, owner, timestamp: -1 } })
  assert.is(mounts(text(5))[0]?.selector, '/cache')
  for (const only of ['uid=0', 'gid=5', 'mode=755'])
    assert.is(mounts(run(`RUN --mount=type=cache,target=/c,${only} x`))[0]?.selector, '/cache', only)
  assert.equal(kinds(run('RUN --mount=type=cache,target=/c,uid=5,source=/s,from=alpine x')), ['source', 'exec'])
  const one = JSON.stringify(planned(text(5)).vertices.map(({ op }) => op))
  assert.is.not(one, JSON.stringify(planned(text(6)).vertices.map(({ op }) => op)))
})

plan('D5.7 D5.20 a bind is of the context, read-only, and what is written to it is gone', () => {
  const [bind] = mounts(run('RUN --mount=target=/x,source=s/../t x'))
  assert.equal(bind, { dest: '/x', input: 1, output: -1, selector: '/t', readonly: true })
  assert.equal(mounts(run('RUN --mount=SOURCE=/,TARGET=/x,ReadWrite x')), [{ dest: '/x', input: 1, output: -1 }])
  assert.equal(
    sources(run('RUN --mount=target=/x,src=a x')).map(({ attrs }) => attrs?.['local.followpaths']),
    [undefined, '["a"]'],
  )
})

plan('D5.21 D5.22 a cache is of scratch unless it says otherwise, writable and shared', () => {
  const [plain] = mounts(run('RUN --mount=type=cache,target=/x x'))
  assert.equal(plain, { dest: '/x', input: -1, output: -1, mountType: 3, cacheOpt: { ID: '//x' } })
  const [own] = mounts(run('RUN --mount=type=cache,id=i,target=/x,from=alpine,source=/s/../t,sharing=Private,ro x'))
  const cacheOpt = { ID: '/i', sharing: 1 }
  assert.equal(own, { dest: '/x', output: -1, selector: '/t', readonly: true, mountType: 3, cacheOpt })
  assert.is(mounts(run('RUN --mount=type=cache,target=/x,sharing=locked x'))[0]?.cacheOpt?.sharing, 2)
})

plan('D5.26 D5.27 D5.28 a secret: its id, its file, its variable', () => {
  const secret = (text: string) => mounts(run(`RUN --mount=type=secret,${text} x`))
  const file = (dest: string, secretOpt: object) => [{ input: -1, dest, mountType: 1, secretOpt }]
  assert.equal(secret('id=a/b'), file('/run/secrets/b', { ID: 'a/b', mode: 0o400, optional: true }))
  assert.equal(secret('source=/a/b/'), file('/run/secrets/b', { ID: '/a/b/', mode: 0o400, optional: true }))
  assert.equal(secret('target=/a/b'), file('/a/b', { ID: 'b', mode: 0o400, optional: true }))
  assert.equal(
    secret('id=i,required,mode=0444,uid=1,gid=2'),
    file('/run/secrets/i', { ID: 'i', uid: 1, gid: 2, mode: 0o444 }),
  )
  assert.equal(secret('id=i,mode=0'), file('/run/secrets/i', { ID: 'i', optional: true }))
  assert.equal(secret('id=i,env=V'), [])
  assert.equal(secret('id=i,env=V,target=/t,required'), file('/t', { ID: 'i', mode: 0o400 }))
  const variables = (text: string) => exec(run(`RUN --mount=type=secret,${text} x`)).secretenv
  assert.is(variables('id=i'), undefined)
  assert.equal(variables('id=i,env=V'), [{ ID: 'i', name: 'V', optional: true }])
  assert.equal(variables('id=i,env=V,required'), [{ ID: 'i', name: 'V' }])
})

plan('D5.29 ssh: a socket by position, and the first one in the environment', () => {
  const text = run('RUN --mount=type=ssh --mount=type=ssh,id=k,required,mode=0666,uid=1,gid=3 x')
  const socket = (at: number, SSHOpt: object) => ({
    input: -1,
    dest: `/run/buildkit/ssh_agent.${at}`,
    mountType: 2,
    SSHOpt,
  })
  assert.equal(mounts(text), [
    socket(0, { mode: 0o600, optional: true }),
    socket(1, { ID: 'k', uid: 1, gid: 3, mode: 0o666 }),
  ])
  assert.equal(environment(text), ['SSH_AUTH_SOCK=/run/buildkit/ssh_agent.0'])
  assert.equal(environment(run('ENV SSH_AUTH_SOCK=/s\nRUN --mount=type=ssh,target=/t x')), ['SSH_AUTH_SOCK=/s'])
  assert.match(refusal(run('RUN --mount=type=ssh,source=a x')).message, 'does not take a source')
})

plan('D5.40 D5.41 network and security in the op: what is the default is not there', () => {
  const of = (flags: string) => {
    const { network, security } = exec(run(`RUN ${flags} x`))
    return [network, security]
  }
  assert.equal(of('--network=default --security=sandbox'), [undefined, undefined])
  assert.equal(of('--network=host'), [1, undefined])
  assert.equal(of('--network=none --security=insecure'), [2, 1])
})

plan('D5.11 a mount is of a stage by its name in any case, which must come before', () => {
  const text = 'FROM x AS S\nFROM alpine\nRUN --mount=from=s,target=/x x'
  assert.equal(
    sources(text)
      .map(({ identifier }) => identifier)
      .sort(),
    ['docker-image://docker.io/library/alpine:latest', 'docker-image://docker.io/library/x:latest'],
  )
  const later = refusal('FROM alpine AS a\nRUN --mount=from=b,target=/x x\nFROM alpine AS b\nFROM a')
  assert.is(later.code, 'STAGE_ORDER')
  assert.match(later.message, 'cannot mount from stage "b"')
  assert.is(later.at?.line, 2)
})

plan('D5.25 a tmpfs without a source counts as a use of the whole context', () => {
  const text = run('COPY a /\nRUN --mount=type=tmpfs,target=/t x')
  const context = (text: string) => sources(text).find(({ identifier }) => identifier === 'local://context')
  assert.is(context(text)?.attrs?.['local.followpaths'], undefined)
  assert.is(context(text.replace('tmpfs', 'cache'))?.attrs?.['local.followpaths'], '["a"]')
})

plan('D5.42 --device is refused where it is used, and only there', () => {
  const text = 'FROM alpine AS a\nRUN --device=vendor.com/device=x y\n'
  assert.match(refusal(text).message, 'labs')
  assert.is(refusal(text).at?.line, 2)
  assert.ok(planned(`${text}FROM alpine`))
  for (const twice of ['name=a,name=b', 'a,b', 'name=a,x=y', 'required=x', 'x=y,name=b', 'name,name', ''])
    assert.is(refusal(`FROM alpine AS a\nRUN --device=${twice} y\nFROM alpine`).code, 'FLAG_VALUE', twice)
  for (const device of [
    'a,required',
    'b,required=true',
    'NAME=c,Required=F',
    'd=e',
    'required',
    'name',
    'name=',
    'name=,name=b',
  ])
    assert.ok(planned(`FROM alpine AS a\nRUN --device=${device} y\nFROM alpine`), device)
})

plan('D6.20 D14.24 destinations: relative to WORKDIR, a slash marks a directory', () => {
  const dest = (text: string) => copies(`FROM scratch\nWORKDIR /w\nCOPY ${text}`)[0]!.dest
  assert.is(dest('a b'), '/w/b')
  assert.is(dest('a .'), '/w/')
  assert.is(dest('a b/'), '/w/b/')
  assert.is(dest('a $NOPE'), '/w/')
  assert.is(dest('a /x/.'), '/x/.')
  assert.equal(
    copies('FROM scratch\nCOPY <<E /d/\nx\nE\nCOPY <<E /d\nx\nE').map(({ src, dest }) => [src, dest]),
    [
      ['/E', '/d/'],
      ['/E', '/d'],
    ],
  )
})

plan('D1.63 D1.66 D1.68 D14.25 here-documents come after paths, and the last body of a name is that of all', () => {
  const text = 'FROM scratch\nCOPY <<A p <<A /d/\n1\nA\n2\nA'
  assert.equal(
    copies(text).map(({ src }) => src),
    ['/p', '/A', '/A'],
  )
  const files = planned(text).vertices.flatMap(({ op }) =>
    'file' in op ? op.file.actions.flatMap(({ Action }) => ('mkfile' in Action ? [Action.mkfile] : [])) : [],
  )
  assert.equal(files, [{ path: '/A', mode: 0o644, data: Buffer.from('2\n').toString('base64'), timestamp: -1 }])
})

plan('D2.35 D2.36 D14.53 a path with a blank takes the JSON form, or the whole line', () => {
  assert.match(refusal('FROM scratch\nCOPY "a b" /d/').message, 'quote')
  assert.is(copies('FROM scratch\nCOPY ["a b","/d/"]')[0]?.src, '/a b')
  for (const path of ['/a b', '"/a b"']) assert.is(exec(run(`WORKDIR ${path}\nRUN x`)).meta.cwd, '/a b')
})

plan('D6.30 owners by number and by name', () => {
  const owner = (text: string) => copies(run(`COPY --chown=${text} a /`))[0]?.owner
  assert.equal(owner('1:2'), { user: { User: { byId: 1 } }, group: { User: { byId: 2 } } })
  assert.equal(owner('root'), { user: { User: {} } })
  assert.equal(owner('app:'), { user: { User: { byName: { name: 'app' } } }, group: { User: {} } })
})

plan('D6.60 D6.61 D6.62 D11.18 --link merges a layer of its own, unless there is a mode', () => {
  assert.equal(kinds(run('WORKDIR /w\nCOPY --link a b')), ['source', 'file', 'source', 'file', 'merge'])
  assert.is(copies(run('WORKDIR /w\nCOPY --link a b'))[0]?.dest, '/w/b')
  assert.equal(kinds(run('COPY --link --chmod=644 a b')), ['source', 'source', 'file'])
  // the stage and the layer may be the same op: it is merged with itself
  const [merge] = planned('FROM scratch\nCOPY a /\nCOPY --link a /').vertices.filter(({ op }) => 'merge' in op)
  assert.equal(merge?.inputs.length, 2)
})

plan('D5.23 the directory of a cache gets no more than permissions', () => {
  const { vertices } = planned(run('RUN --mount=type=cache,target=/c,mode=1777 x'))
  const made = vertices.flatMap(({ op }) => ('file' in op ? op.file.actions : [])).map(({ Action }) => Action)
  assert.equal(
    made.map((action) => ('mkdir' in action ? action.mkdir.mode : 0)),
    [0o777],
  )
})

plan('D6.56 the pattern of --parents is tidied only where it is relative', () => {
  const pattern = (source: string) => copies(run(`COPY --parents ${source} /x/`))[0]?.includePatterns
  assert.equal(pattern('/a//b/'), ['a//b/'])
  assert.equal(pattern('a//b/'), ['a/b'])
  assert.equal(pattern('/.'), ['.'])
  // what has a wildcard need not be there
  const required = (source: string) => copies(run(`COPY --parents ${source} /x/`))[0]?.requiredPaths
  for (const source of ['a*/b', 'c?d', '[e]f', 'a/*/./b']) assert.is(required(source), undefined, source)
  assert.equal(['h', 'a/./k', 'a+b'].map(required), [['/h'], ['/a/k'], ['/a+b']])
})

plan('D6.31 an owner is kept in 32 bits', () => {
  for (const [owner, id] of [
    ['-1', { byId: 4294967295 }],
    ['-2147483648', { byId: 2147483648 }],
    ['2147483647', { byId: 2147483647 }],
    ['2147483648', { byName: { name: '2147483648' } }],
    ['-2147483649', { byName: { name: '-2147483649' } }],
  ] as const)
    assert.equal(copies(run(`COPY --chown=${owner} a b`))[0]?.owner?.user, { User: id }, owner)
})

plan('D6.40 permissions and copied bits may be mixed in a symbolic mode', () => {
  assert.is(copies(run('COPY --chmod=u=rwu,g=ur a b'))[0]?.modeStr, 'u=rwu,g=ur')
})

plan('D6.74 D14.96 the file name of a URL', () => {
  const of = (url: string) => copies(`FROM scratch\nADD ${url} /d/`)[0]?.src
  assert.is(of('https://h.example/'), '/__unnamed__')
  assert.is(of('https://h.example/a%20b.txt?q=1#f'), '/a b.txt')
  assert.is(of('https://h.example/a%2Fb'), '/b')
  for (const odd of ['https://h:x/a', 'https://h%41/a', 'https://h/%zz/a', 'https://h/a#%', 'https://[h]/a'])
    assert.is(of(odd), '/__unnamed__', odd)
})

plan('D6.74 D6.77 a URL whose %-escapes are no UTF-8 is refused where the plan would hold them', () => {
  const base = 'https://h.example'
  for (const url of [
    '/a%ff',
    '/%c3%28x',
    '/%ed%a0%80/',
    '/r%ff.git',
    '/r.git#%ff',
    '/r.git?ref=%ff',
    '/r.git?checksum=%ff',
  ])
    assert.match(refusal(`FROM scratch\nADD ${base}${url} /`).message, 'bytes that are not UTF-8', url)
  for (const url of ['/a%ff/b', '/b?%ff', '/b#%ff', '/%ef%bf%bd', '/%c3%a9'])
    sources(`FROM scratch\nADD ${base}${url} /`)
})

plan('D6.77 D14.97 D6.79 what is a git repository, and what a local path', () => {
  const of = (source: string) => sources(`FROM scratch\nADD ${source} /x`)[0]!
  assert.is(of('github.com/o/r').identifier, 'local://context')
  assert.is(refusal('FROM scratch\nADD github.com/o/r?ref= /x').code, 'ARGUMENT_VALUE')
  // malformed as a URL: a local path
  assert.is(of('git://h:x/r').attrs?.['local.followpaths'], '["git:/h:x/r"]')
  assert.is(of('ssh://é@h/r').identifier, 'local://context')
  assert.is(of('ssh://h/é').attrs?.['git.fullurl'], 'ssh://h/%C3%A9')
  assert.is(of('./x@y:z.git').identifier, 'local://context')
  for (const source of ['https://h.example/o/r.git', 'git://h.example/o/r.git', 'git@h.example:o/r.git'])
    assert.match(of(source).identifier, 'git://h.example/o/r.git', source)
  assert.is(of('git@h.example:o/r.git').attrs?.['git.mountsshsock'], 'default')
})

plan('D6.78 what one repository asks for holds for those after it', () => {
  const kept = sources('FROM scratch\nADD https://h/a.git https://h/b.git?keep-git-dir https://h/c.git /x/')
  assert.equal(
    kept.map(({ attrs }) => attrs?.['git.keepgitdir']),
    [undefined, 'true', 'true'],
  )
})

plan('D6.78 fragment and query of a repository', () => {
  const add = (url: string, flags = '') => `FROM scratch\nADD ${flags} ${url} /x`
  const of = (url: string, flags = '') => sources(add(url, flags))[0]!
  assert.match(of('https://h.example/r.git#v1:sub').identifier, /#v1:sub$/)
  assert.match(of('https://h.example/r.git?ref=v1&subdir=sub').identifier, /#v1:sub$/)
  assert.is(of('https://h.example/r.git?keep-git-dir').attrs?.['git.keepgitdir'], 'true')
  for (const url of ['?nope=1', '?ref=', '?ref=a&ref=b', '?ref=a#b'])
    assert.throws(() => of(`https://h.example/r.git${url}`), undefined, url)
  assert.throws(() => of('https://h.example/r.git?keep-git-dir=false', '--keep-git-dir'), 'differ')
})

plan.run()
