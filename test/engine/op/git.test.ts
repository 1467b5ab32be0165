/** Git sources against a real git server on loopback. */
import { existsSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from '../../../sdk/engine/index.ts'
import { entriesOf } from '../../../sdk/engine/layer/walk.ts'
import { fetchGit, type GitLayer, type GitOpParts } from '../../../sdk/engine/op/git.ts'
import { openStore } from '../../../sdk/engine/open.ts'
import type { BuildEvent, Secrets } from '../../../sdk/engine/ports.ts'
import type { Store } from '../../../sdk/engine/store/store.ts'
import { scratch } from '../../../sdk/index.ts'
import { failure } from '../../helpers/failure.ts'
import { type GitServer, gitIn, startGitServer } from '../../helpers/git-server.ts'
import { assert, suite } from '../../helpers/suite.ts'
import { temporaryFolder } from '../../helpers/temporary.ts'
import { flattenedTar } from '../../verb/flattened.ts'

const git = suite('engine/op/git')
const real = ['git', 'linux']

interface World {
  readonly server: GitServer
  readonly store: Store
  readonly events: BuildEvent[]
  fetch(
    path: string,
    attrs?: Record<string, string>,
    more?: Partial<GitOpParts> & { signal?: AbortSignal },
  ): Promise<GitLayer>
}

type Before = Parameters<typeof startGitServer>[0]

async function withServer(work: (world: World) => Promise<void>, before?: Before): Promise<void> {
  const server = await startGitServer(before)
  const store = await openStore(join(temporaryFolder(), 'store'))
  const events: BuildEvent[] = []
  const fetch: World['fetch'] = (path, attrs = {}, { signal = new AbortController().signal, ...more } = {}) => {
    const [address, fragment] = path.split('#')
    const full = attrs['git.fullurl'] ?? `${server.url}${address}`
    const identifier = `git://${server.host}${address}${fragment === undefined ? '' : `#${fragment}`}`
    const io = { id: '0', signal, emit: (event: BuildEvent) => void events.push(event) }
    const parts = { store, entries: (folder: string) => entriesOf(folder), ...more }
    return fetchGit({ identifier, attrs: { ...attrs, 'git.fullurl': full } }, parts, io)
  }
  try {
    await work({ server, store, events, fetch })
    assert.equal(leftovers(store), [], 'something was left behind')
  } finally {
    await store.close()
    await server.stop()
  }
}

const leftovers = ({ folder }: Store) =>
  readdirSync(join(folder, 'tmp')).flatMap((own) => readdirSync(join(folder, 'tmp', own)))

/** `path type mode owner mtime link` of each entry. */
async function files({ layer }: GitLayer): Promise<string[]> {
  const { entries } = await layer.index()
  return [...entries.values()].map(({ path, type, mode, uid, gid, mtime, link = '' }) =>
    `${path} ${type} ${mode.toString(8)} ${uid}:${gid} ${mtime} ${link}`.trim(),
  )
}

const names = async ({ layer }: GitLayer) => [...(await layer.index()).entries.keys()]

/** All files below a folder whose bytes hold the text. */
function holding(folder: string, text: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .map((found) => join(found.parentPath, found.name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() && readFileSync(path).includes(text))
}

const secretsOf = (all: Record<string, string>): Secrets => ({
  get: async (id) => (all[id] === undefined ? undefined : Buffer.from(all[id])),
  agent: async () => undefined,
})

git.needs(
  real,
  'D6.77 fetches branches, tags, commits and the default branch as one layer with the commit’s time',
  () =>
    withServer(async ({ server, fetch }) => {
      const origin = server.origin('repo')
      const first = origin.commit({ 'a.txt': 'one', 'bin/run': '#!' }, 1_500_000_000)
      origin.git('tag', '-a', 'v1', '-m', 'the first')
      origin.git('update-index', '--chmod=+x', 'bin/run')
      symlinkSync('a.txt', join(origin.folder, 'link'))
      gitIn(origin.folder, ['config', 'core.fileMode', 'false'])
      origin.commit({ 'b.txt': 'two' }, 1_600_000_000)
      origin.git('branch', 'topic/x')

      const tag = await fetch('/repo.git#v1')
      assert.equal(await files(tag), [
        'a.txt file 644 0:0 1500000000',
        'bin directory 755 0:0 1500000000',
        'bin/run file 644 0:0 1500000000',
      ])
      assert.equal(await files(await fetch('/repo.git')), [
        'a.txt file 644 0:0 1600000000',
        'b.txt file 644 0:0 1600000000',
        'bin directory 755 0:0 1600000000',
        'bin/run file 755 0:0 1600000000',
        'link symlink 777 0:0 1600000000 a.txt',
      ])
      for (const ref of [first, first.slice(0, 9), 'refs/tags/v1'])
        assert.is((await fetch(`/repo.git#${ref}`)).layer.id, tag.layer.id, ref)
      for (const ref of ['main', 'refs/heads/main', 'topic/x', 'HEAD'])
        assert.is((await fetch(`/repo.git#${ref}`)).layer.id, (await fetch('/repo.git')).layer.id, ref)
      assert.equal(await files(await fetch('/repo.git#main:bin')), ['run file 755 0:0 1600000000'])
      const missing = await failure(fetch('/repo.git#nowhere'))
      assert.match(missing.message, 'has no ref "nowhere"')
    }),
)

git.needs(real, 'asks only ls-remote when nothing changed, and nothing at all for a commit that is there', () =>
  withServer(async ({ server, fetch }) => {
    const origin = server.origin('repo')
    const commit = origin.commit({ a: '1' })
    const before = await fetch('/repo.git')
    assert.is(before.cached, false)
    server.requests.length = 0
    assert.is((await fetch('/repo.git')).cached, true)
    assert.is(server.requests.filter((line) => line.includes('receive') || line.startsWith('GET')).length, 1)
    assert.is((await fetch('/repo.git', {}, { anew: true })).layer.id, before.layer.id)
    server.requests.length = 0
    assert.is((await fetch(`/repo.git#${commit}`)).cached, true)
    assert.equal(server.requests, [])
    origin.commit({ a: '2' })
    const after = await fetch('/repo.git')
    assert.is(after.cached, false)
    assert.is.not(after.layer.id, before.layer.id)
  }),
)

git.needs(real, 'a damaged repository in the store is made anew', () =>
  withServer(async ({ server, store, fetch }) => {
    const commit = server.origin('repo').commit({ a: '1' })
    const { layer } = await fetch('/repo.git')
    const [name] = readdirSync(join(store.folder, 'git'))
    const objects = join(store.folder, 'git', name!, 'objects')
    for (const path of readdirSync(objects)) {
      rmSync(join(objects, path), { recursive: true })
      writeFileSync(join(objects, path), 'rubbish')
    }
    assert.is((await fetch(`/repo.git#${commit}`, {}, { anew: true })).layer.id, layer.id)
    rmSync(join(store.folder, 'git', name!, 'objects'), { recursive: true })
    assert.is((await fetch('/repo.git', {}, { anew: true })).layer.id, layer.id)
  }),
)

git.needs(real, 'a checksum is a commit or its start; another one keeps nothing', () =>
  withServer(async ({ server, store, fetch }) => {
    const commit = server.origin('repo').commit({ a: '1' })
    const wrong = await failure(fetch('/repo.git', { 'git.checksum': 'abcdef0' }))
    assert.is(wrong.code, 'FETCH_FAILED')
    assert.match(wrong.message, `expected abcdef0, found ${commit}`)
    assert.is(existsSync(join(store.folder, 'git')), false)
    await fetch('/repo.git', { 'git.checksum': commit.slice(0, 7) })
    await fetch('/repo.git#main', { 'git.checksum': commit })
    server.requests.length = 0
    await fetch('/repo.git', { 'git.checksum': commit, 'git.fetchbycommit': 'true' })
    assert.equal(server.requests, [])
    assert.match((await failure(fetch('/repo.git', { 'git.checksum': 'xyz' }))).message, 'no commit')
  }),
)

git.needs(real, 'keep-git-dir leaves a repository that git can use, the same bytes each time', () =>
  withServer(async ({ server, fetch }) => {
    const origin = server.origin('repo')
    origin.commit({ old: '0' })
    origin.commit({ a: '1', 'd/b': '2' })
    origin.git('tag', '-a', 'v1', '-m', 'x')
    const keep = { 'git.keepgitdir': 'true' }
    const kept = await fetch('/repo.git#v1', keep)
    assert.is((await fetch('/repo.git#v1', keep, { anew: true })).layer.id, kept.layer.id)
    const folder = await kept.layer.directory()
    assert.is(gitIn(folder, ['-c', 'safe.directory=*', 'rev-list', '--count', 'HEAD']), '1')
    assert.is(gitIn(folder, ['-c', 'safe.directory=*', '--no-optional-locks', 'status', '--porcelain']), '')
    assert.is(gitIn(folder, ['-c', 'safe.directory=*', 'describe']), 'v1')
    assert.is(gitIn(folder, ['-c', 'safe.directory=*', 'remote', 'get-url', 'origin']), `${server.url}/repo.git`)
    assert.not.ok((await names(await fetch('/repo.git#v1:d', keep))).some((name) => name.startsWith('.git')))
  }),
)

git.needs(real, 'submodules come along, relative ones too, unless they are to be left out', () =>
  withServer(async ({ server, fetch }) => {
    const inner = server.origin('inner').commit({ deep: 'x' })
    const middle = server.origin('middle')
    const first = middle.commit({ mid: 'x' })
    middle.submodule('inner', `${server.url}/inner.git`, inner)
    const outer = server.origin('outer')
    outer.commit({ out: 'x' })
    outer.submodule('lib/middle', '../middle.git', middle.git('rev-parse', 'HEAD'))
    const all = ['.gitmodules', 'lib', 'lib/middle', 'lib/middle/.gitmodules']
    const below = ['lib/middle/inner', 'lib/middle/inner/deep', 'lib/middle/mid', 'out']
    assert.equal(await names(await fetch('/outer.git')), [...all, ...below])
    const without = await fetch('/outer.git', { 'git.skipsubmodules': 'true' })
    assert.equal(await names(without), ['.gitmodules', 'lib', 'lib/middle', 'out'])
    for (const url of ['file:///etc', '/etc', 'ext::sh -c id', 'http://u:p@h/x.git', '--upload-pack=x']) {
      outer.submodule('lib/middle', url, first)
      const error = await failure(fetch('/outer.git'))
      assert.match(error.message, 'refused', url)
      assert.not.match(error.message, 'u:p', url)
    }
  }),
)

git.needs(real, 'A23 a folder is not looked for through links or above the repository', () =>
  withServer(async ({ server, fetch }) => {
    const origin = server.origin('repo')
    symlinkSync('/etc', join(origin.folder, 'out'))
    symlinkSync('real', join(origin.folder, 'in'))
    origin.commit({ 'real/a': '1' })
    for (const folder of ['out', 'in', 'out/ssl', 'in/a', '..', 'real/../../..']) {
      const error = await failure(fetch(`/repo.git#main:${folder}`))
      assert.is(error.code, 'PATH_ESCAPES', folder)
    }
    assert.is((await failure(fetch('/repo.git#main:nothing'))).code, 'FETCH_FAILED')
    assert.equal(await names(await fetch('/repo.git#main:real')), ['a'])
  }),
)

git.needs(real, 'A23 hostile refs and addresses are refused before git runs', () =>
  withServer(async ({ server, fetch }) => {
    const never: Partial<GitOpParts> = {
      find: () => {
        throw new Error('git was looked for')
      },
    }
    for (const ref of ['--upload-pack=touch x', '-x', 'a b', 'a\nb', 'x..y', 'a^', '@{1}', 'refs/*', 'a*'])
      assert.is((await failure(fetch(`/repo.git#${ref}`, {}, never))).code, 'FETCH_FAILED', ref)
    const addresses = ['--upload-pack=x', '-h', 'ext::sh -c id', 'file:///etc', '/etc', 'ssh://-oProxyCommand=x/y']
    addresses.push('ssh://h/-x', '-u@h:p', 'u@-h:p', 'u@h:-p', 'http://h/a\nb', 'fd::7', 'git://-x/y', 'ftp://h/x')
    addresses.push('ssh://u:p@h/x', 'http://h\\x/y')
    for (const address of addresses)
      assert.is((await failure(fetch('/x', { 'git.fullurl': address }, never))).code, 'FETCH_FAILED', address)
    assert.equal(server.requests, [])
  }),
)

git.needs(real, 'A23 nothing of the repository’s runs: no hooks, no filters', () =>
  withServer(async ({ server, fetch }) => {
    const mark = join(temporaryFolder(), 'ran')
    const origin = server.origin('repo')
    origin.git('config', 'filter.evil.clean', 'cat')
    origin.commit({ '.gitattributes': '* filter=evil\n', '.gitconfig': `[filter "evil"]\n\tsmudge = touch ${mark}\n` })
    await fetch('/repo.git')
    assert.is(existsSync(mark), false)
  }),
)

git.needs(real, 'A30 a token goes to its host only, and is nowhere afterwards', () => {
  const canary = 'canary-5ecret-token'
  const expected = `Basic ${Buffer.from(`x-access-token:${canary}`).toString('base64')}`
  let elsewhere = ''
  return withServer(
    async ({ server, store, events, fetch }) => {
      const secrets = secretsOf({ GIT_AUTH_TOKEN: canary })
      const attrs = { 'git.authtokensecret': 'GIT_AUTH_TOKEN', 'git.authheadersecret': 'GIT_AUTH_HEADER' }
      server.origin('repo').commit({ a: '1' })
      const closed = await failure(fetch('/repo.git', attrs))
      assert.match(closed.hint ?? '', 'GIT_AUTH_TOKEN')
      await fetch('/repo.git', { ...attrs, 'git.keepgitdir': 'true' }, { secrets })
      await fetch('/repo.git', { 'git.fullurl': server.url.replace('//', `//x-access-token:${canary}@`) + '/repo.git' })

      const other = await startGitServer()
      try {
        const commit = other.origin('repo').commit({ b: '1' })
        elsewhere = other.url
        const error = await failure(fetch('/moved.git', attrs, { secrets }))
        assert.match(error.hint ?? '', 'redirects')
        const outer = server.origin('outer')
        outer.submodule('sub', `${other.url}/repo.git`, commit)
        await fetch('/outer.git', attrs, { secrets })
        assert.ok(other.requests.length > 0)
        assert.not.ok(other.requests.some((line) => !line.endsWith(' -')))
      } finally {
        await other.stop()
      }
      for (const text of [canary, expected.slice(6)]) {
        assert.equal(holding(store.folder, text), [])
        const told = events.map((event) => ('bytes' in event ? Buffer.from(event.bytes).toString() : '')).join('')
        assert.not.match(told, text)
      }
    },
    (request, response) => {
      if (request.headers.authorization !== expected) {
        response.writeHead(401, { 'www-authenticate': 'Basic realm="test"' }).end()
        return true
      }
      if (!request.url!.startsWith('/moved.git')) return false
      response.writeHead(302, { location: `${elsewhere}/repo.git${request.url!.slice(10)}` }).end()
      return true
    },
  )
})

git.needs(real, 'an interrupted fetch ends at once and leaves nothing', () => {
  const stop = new AbortController()
  return withServer(
    async ({ server, store, fetch }) => {
      server.origin('repo').commit({ a: '1' })
      const started = performance.now()
      const error = await failure(fetch('/repo.git', {}, { signal: stop.signal }))
      assert.is(error.code, 'BUILD_CANCELLED')
      assert.ok(performance.now() - started < 3000)
      assert.is(existsSync(join(store.folder, 'git')), false)
    },
    ({ method, url }) => {
      // in the middle: the refs are told, the pack never comes
      if (method !== 'POST' || !url!.endsWith('git-upload-pack')) return false
      setTimeout(() => stop.abort(), 100)
      return true
    },
  )
})

git.needs(
  real,
  'a server that says nothing, one that is not there, and a machine without git are errors that help',
  () =>
    withServer(
      async ({ fetch }) => {
        assert.match((await failure(fetch('/repo.git', {}, { silence: 200 }))).message, 'said nothing for 0.2 s')
        const gone = await failure(fetch('/x.git', { 'git.fullurl': 'http://127.0.0.1:1/x.git' }))
        assert.is(gone.code, 'FETCH_FAILED')
        assert.match(gone.hint ?? '', 'network')
        const without = await failure(fetch('/repo.git', {}, { find: () => undefined }))
        assert.match(without.hint ?? '', 'install git')
      },
      () => true,
    ),
)

git.needs(real, 'eight at once on one remote are one fetch, and all succeed', () =>
  withServer(async ({ server, fetch }) => {
    server.origin('repo').commit({ a: '1' })
    const all = await Promise.all(Array.from({ length: 8 }, () => fetch('/repo.git')))
    assert.is(new Set(all.map(({ layer }) => layer.id)).size, 1)
    assert.is(server.fetches, 1)
  }),
)

git.needs(real, 'D6.77 ADD puts the folder of a repository into an image, and finds it again', () =>
  withServer(async ({ server }) => {
    const origin = server.origin('repo')
    origin.commit({ 'sub/a.txt': 'hello', other: 'x' })
    origin.git('tag', 'v1')
    const folder = temporaryFolder()
    const cached: string[] = []
    const run = () =>
      build(scratch().add(`${server.url}/repo.git#v1:sub`, '/src'), {
        store: join(folder, 'store'),
        outputs: [`type=tar,dest=${join(folder, 'out.tar')}`],
        onEvent: (event) => void (event.type === 'cached' && cached.push(event.name)),
      })
    await run()
    const lines = await flattenedTar(join(folder, 'out.tar'))
    assert.equal(
      lines.map((line) => line.split(' ').slice(0, 4).join(' ')),
      ['src directory 755 0:0', 'src/a.txt file 644 0:0'],
    )
    assert.equal(cached, [])
    await run()
    assert.is(cached.length, 2)
  }),
)

git.run()
