/** Git sources from servers of every kind: daemon, ssh, files only, ones that hand out little; SHA-256; many processes at once. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { entriesOf } from '../../../sdk/engine/layer/walk.ts'
import { fetchGit, type GitLayer } from '../../../sdk/engine/op/git.ts'
import { openStore } from '../../../sdk/engine/open.ts'
import type { Secrets } from '../../../sdk/engine/ports.ts'
import type { Store } from '../../../sdk/engine/store/store.ts'
import { failure } from '../../helpers/failure.ts'
import { type GitServer, gitIn, type Origin, startGitServer } from '../../helpers/git-server.ts'
import { startDumbServer, startGitDaemon, startSshServer } from '../../helpers/git-transports.ts'
import { run } from '../../helpers/program.ts'
import { assert, suite } from '../../helpers/suite.ts'
import { temporaryFolder } from '../../helpers/temporary.ts'

const git = suite('engine/op/git-servers')

interface World {
  readonly server: GitServer
  readonly store: Store
  fetch(address: string, attrs?: Record<string, string>, secrets?: Secrets): Promise<GitLayer>
}

async function withStore(work: (world: World) => Promise<void>, before?: Parameters<typeof startGitServer>[0]) {
  const server = await startGitServer(before)
  const store = await openStore(join(temporaryFolder(), 'store'))
  const io = { id: '0', signal: new AbortController().signal, emit: () => {} }
  const fetch: World['fetch'] = (address, attrs = {}, secrets) => {
    const [full = '', fragment] = address.split('#')
    const identifier = `git://${full.replace(/^[a-z]+:\/\//, '')}${fragment === undefined ? '' : `#${fragment}`}`
    const parts = { store, secrets, entries: (folder: string) => entriesOf(folder) }
    return fetchGit({ identifier, attrs: { ...attrs, 'git.fullurl': full } }, parts, io)
  }
  try {
    await work({ server, store, fetch })
  } finally {
    await store.close()
    await server.stop()
  }
}

const names = async ({ layer }: GitLayer) => [...(await layer.index()).entries.keys()]

/** Three commits, the second of which no ref names; a branch, an annotated tag. */
function history(origin: Origin): { readonly first: string; readonly hidden: string; readonly last: string } {
  const first = origin.commit({ 'dir/a': '1' })
  origin.git('tag', '-a', 'v1', '-m', 'x')
  const hidden = origin.commit({ 'dir/b': '2' })
  const last = origin.commit({ 'dir/c': '3' })
  origin.git('branch', 'topic/x', first)
  return { first, hidden, last }
}

/** Every form of a ref leads to the same files, whatever the server. */
async function checkRefs(
  { fetch }: World,
  address: string,
  commits: ReturnType<typeof history>,
  attrs = {},
  secrets?: Secrets,
) {
  const { first, hidden, last } = commits
  const expected: [ref: string, files: string[]][] = [
    ['', ['dir', 'dir/a', 'dir/b', 'dir/c']],
    ['#main:dir', ['a', 'b', 'c']],
    ['#v1', ['dir', 'dir/a']],
    ['#refs/heads/topic/x', ['dir', 'dir/a']],
    [`#${first}:dir`, ['a']],
    [`#${hidden}`, ['dir', 'dir/a', 'dir/b']],
    [`#${hidden.slice(0, 10)}:dir`, ['a', 'b']],
    [`#${last}`, ['dir', 'dir/a', 'dir/b', 'dir/c']],
  ]
  for (const [ref, files] of expected)
    assert.equal(await names(await fetch(`${address}${ref}`, attrs, secrets)), files, ref)
  const missing = await failure(fetch(`${address}#${'0'.repeat(first.length)}`, attrs, secrets))
  assert.is(missing.code, 'FETCH_FAILED')
  assert.ok(missing.hint !== undefined, missing.message)
}

git.needs(['git', 'linux'], 'git:// of a daemon', () =>
  withStore(async (world) => {
    const commits = history(world.server.origin('repo'))
    const daemon = await startGitDaemon(world.server.root)
    try {
      await checkRefs(world, `${daemon.url}/repo.git`, commits)
      const error = await failure(world.fetch(`${daemon.url}/nothing.git`))
      assert.is(error.code, 'FETCH_FAILED')
      assert.match(error.hint ?? '', 'check the address')
    } finally {
      await daemon.stop()
    }
    const gone = await failure(world.fetch(`${daemon.url}/repo.git`))
    assert.match(gone.hint ?? '', 'network')
  }),
)

git.needs(['git', 'linux'], 'http:// of files alone, without a git behind them', () =>
  withStore(async (world) => {
    const origin = world.server.origin('repo')
    const commits = history(origin)
    origin.git('gc', '--quiet')
    origin.git('update-server-info')
    const dumb = await startDumbServer(world.server.root)
    try {
      await checkRefs(world, `${dumb.url}/repo.git/.git`, commits)
      assert.ok(dumb.requests.some((path) => path.endsWith('.pack')))
    } finally {
      await dumb.stop()
    }
  }),
)

git.needs(['git', 'linux'], 'a server that hands out only what its refs name: the history leads to the commit', () =>
  withStore(
    async (world) => {
      const origin = world.server.origin('repo')
      const commits = history(origin)
      for (const name of ['allowAnySHA1InWant', 'allowReachableSHA1InWant', 'allowTipSHA1InWant'])
        origin.git('config', `uploadpack.${name}`, 'false')
      const url = `${world.server.url}/repo.git`
      assert.match(await saidTo(url, commits.hidden), /^128 .*(not our ref|unadvertised)/s)
      await checkRefs(world, url, commits)
    },
    ({ headers }) => {
      // protocol 2 hands out anything that is there
      delete headers['git-protocol']
      return false
    },
  ),
)

/** What git says to a fetch of a commit by its name. */
async function saidTo(url: string, commit: string): Promise<string> {
  const folder = temporaryFolder()
  gitIn(folder, ['init', '--quiet'])
  const { code, stderr } = await run('git', ['fetch', '--depth=1', url, commit], { cwd: folder })
  return `${code} ${stderr}`
}

git.needs(['git', 'linux'], 'a repository with names of SHA-256', () =>
  withStore(async (world) => {
    const { server, fetch } = world
    const origin = server.origin('repo', 'sha256')
    const commits = history(origin)
    assert.is(commits.first.length, 64)
    const url = `${server.url}/repo.git`
    // the first that the store hears of it
    assert.equal(await names(await fetch(`${url}#${commits.hidden.slice(0, 12)}:dir`)), ['a', 'b'])
    await checkRefs(world, url, commits)
    await fetch(url, { 'git.checksum': commits.last })
    await fetch(url, { 'git.checksum': commits.last, 'git.fetchbycommit': 'true' })
    const kept = await fetch(`${url}#v1`, { 'git.keepgitdir': 'true' })
    const folder = await kept.layer.directory()
    const inside = (...args: string[]) => gitIn(folder, ['-c', 'safe.directory=*', '--no-optional-locks', ...args])
    assert.is(inside('rev-parse', 'HEAD'), commits.first)
    assert.is(inside('describe'), 'v1')
    assert.is(inside('status', '--porcelain'), '')
  }),
)

git.needs(['git', 'linux', 'ssh', 'sshd', 'ssh-agent'], 'ssh:// with an agent, and host keys that are looked at', () =>
  withStore(async (world) => {
    const { server, store, fetch } = world
    const commits = history(server.origin('repo'))
    const ssh = await startSshServer()
    try {
      const address = `${ssh.url}${server.root}/repo.git`
      const attrs = { 'git.mountsshsock': 'default' }
      const secrets: Secrets = {
        get: async () => undefined,
        agent: async (id) => (id === 'default' ? ssh.agent : undefined),
      }

      const closed = await failure(fetch(address))
      assert.match(closed.hint ?? '', 'ssh agent')
      assert.match((await failure(fetch(address, { 'git.mountsshsock': 'other' }, secrets))).hint ?? '', '--ssh other')
      const strange = { ...attrs, 'git.knownsshhosts': ssh.hostKey.replace(/.{20}$/, 'A'.repeat(20)) }
      assert.match((await failure(fetch(address, strange, secrets))).hint ?? '', 'key of the ssh server')
      await checkRefs(world, address, commits, { ...attrs, 'git.knownsshhosts': ssh.hostKey }, secrets)

      await fetch(`${address}#v1:dir`, attrs, secrets)
      assert.match(readFileSync(join(store.folder, 'git', 'known_hosts'), 'utf8'), ssh.hostKey)
      await ssh.changeHostKey()
      const changed = await failure(fetch(address, attrs, secrets))
      assert.match(changed.hint ?? '', 'key of the ssh server')
      assert.match(
        (await failure(fetch(`${ssh.url}/nowhere.git`, { ...attrs, 'git.knownsshhosts': '' }, secrets))).hint ?? '',
        /./,
      )
    } finally {
      await ssh.stop()
    }
  }),
)

const worker = `
  const [index, folder, url] = process.argv.slice(1)
  const { openStore } = await import(index + '/engine/open.js')
  const { entriesOf } = await import(index + '/engine/layer/walk.js')
  const { fetchGit } = await import(index + '/engine/op/git.js')
  const store = await openStore(folder)
  const io = { id: '0', signal: new AbortController().signal, emit: () => {} }
  const op = { identifier: url.replace('http:', 'git:'), attrs: { 'git.fullurl': url } }
  const { layer } = await fetchGit(op, { store, entries: (folder) => entriesOf(folder) }, io)
  console.log(layer.id)
  await store.close()`

git.needs(['git', 'linux'], 'four processes on one store are one fetch, and all succeed', () =>
  withStore(async ({ server, store }) => {
    server.origin('repo').commit({ a: '1' })
    const sdk = new URL('../../../sdk', import.meta.url).href
    const runOne = async () => {
      const args = ['--input-type=module', '-e', worker, sdk, store.folder, `${server.url}/repo.git`]
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
      const said: Buffer[] = []
      child.stdout.on('data', (piece: Buffer) => said.push(piece))
      const [status] = await once(child, 'close')
      assert.is(status, 0)
      return Buffer.concat(said).toString().trim()
    }
    const layers = await Promise.all(Array.from({ length: 4 }, runOne))
    assert.is(new Set(layers).size, 1)
    assert.match(layers[0]!, /./)
    assert.is(server.fetches, 1)
    assert.is(existsSync(join(store.folder, 'git')) && readdirSync(join(store.folder, 'git')).length, 1)
  }),
)

git.run()
