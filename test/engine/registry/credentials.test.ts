/** docker's config.json, podman's auth.json, credential helpers, and who may see a password. */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { mayTrust, parseChallenges } from '../../../sdk/engine/registry/challenge.ts'
import { type CredentialSource, loginCredentials } from '../../../sdk/engine/registry/credentials.ts'
import { openRegistry } from '../../../sdk/engine/registry/registries.ts'
import { ImgError } from '../../../sdk/error.ts'
import { run } from '../../helpers/program.ts'
import { assert, suite } from '../../helpers/suite.ts'
import { temporaryFolder } from '../../helpers/temporary.ts'

const credentials = suite('engine/registry/credentials')

/** A folder with a config.json and a helper that answers for one host and writes down what it was asked. */
async function withConfig(
  config: unknown,
  work: (folder: string, env: Record<string, string>) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'imgsdk-credentials-'))
  const text = typeof config === 'string' ? config : JSON.stringify(config)
  writeFileSync(join(folder, 'config.json'), text)
  const helper = (name: string, body: string) => {
    writeFileSync(join(folder, `docker-credential-${name}`), `#!/bin/sh\n${body}\n`)
    chmodSync(join(folder, `docker-credential-${name}`), 0o755)
  }
  helper(
    'safe',
    `read -r server; echo "$1 $server" >>"${folder}/asked"
case "$server" in
registry.example.com|https://index.docker.io/v1/) echo "{\\"ServerURL\\":\\"$server\\",\\"Username\\":\\"bob\\",\\"Secret\\":\\"s3cret\\"}" ;;
token.example.com) echo '{"ServerURL":"","Username":"<token>","Secret":"refresh"}' ;;
alias.example.com) echo '{"ServerURL":"https://other.example.com","Username":"bob","Secret":"s3cret"}' ;;
*) echo 'credentials not found in native keychain'; exit 1 ;;
esac`,
  )
  helper('broken', 'echo oops; exit 3')
  helper('chatty', 'head -c 1000000 /dev/zero')
  try {
    await work(folder, {
      DOCKER_CONFIG: folder,
      HOME: folder,
      XDG_RUNTIME_DIR: folder,
      PATH: `${folder}:${process.env['PATH']}`,
    })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const basic = (text: string) => ({ auth: Buffer.from(text).toString('base64') })
const bob = { kind: 'password', username: 'bob', password: 's3cret' }

credentials('reads every form of an entry', () =>
  withConfig(
    {
      auths: {
        'a.example.com': basic('bob:s3cret'),
        'https://b.example.com/v1/': basic('bob:s3:cr:et'),
        'c.example.com:5000': { username: 'bob', password: 's3cret' },
        'd.example.com': { identitytoken: 'refresh', ...basic('bob:') },
        'e.example.com': { registrytoken: 'bearer' },
        'https://index.docker.io/v1/': basic('hub:s3cret'),
        'f.example.com': {},
        'g.example.com': null,
        'h.example.com': basic('no-colon'),
      },
    },
    async (_, env) => {
      const find = loginCredentials(env)
      assert.equal(await find('a.example.com'), { credentials: bob })
      assert.equal(await find('b.example.com'), { credentials: { ...bob, password: 's3:cr:et' } })
      assert.equal(await find('c.example.com:5000'), { credentials: bob })
      assert.equal(await find('d.example.com'), { credentials: { kind: 'identity', token: 'refresh' } })
      assert.equal(await find('e.example.com'), { credentials: { kind: 'bearer', token: 'bearer' } })
      assert.equal(await find('docker.io'), { credentials: { ...bob, username: 'hub' } })
      for (const none of ['f', 'g', 'h', 'i']) assert.equal(await find(`${none}.example.com`), {})
    },
  ),
)

credentials('A26 gives nothing to a host that only looks alike', () =>
  withConfig(
    {
      auths: { 'example.com': basic('bob:s3cret'), __proto__: basic('bob:s3cret') },
      credHelpers: { 'registry.example.com': 'safe' },
    },
    async (folder, env) => {
      const find = loginCredentials(env)
      const strangers =
        'example.com:5000 example.com.evil.net evil-example.com registry.example.com:443 sub.registry.example.com'
      for (const host of [...strangers.split(' '), 'toString', '__proto__x', 'registry.example.com.evil.net']) {
        assert.equal(await find(host), {}, host)
      }
      assert.equal(await find('registry.example.com'), { credentials: bob })
      assert.is(readFileSync(join(folder, 'asked'), 'utf8'), 'get registry.example.com\n')
    },
  ),
)

credentials('asks helpers with the exact host, and docker.io by its old name', () =>
  withConfig({ credsStore: 'safe', auths: { 'other.example.com': basic('bob:s3cret') } }, async (folder, env) => {
    const find = loginCredentials(env)
    assert.equal(await find('docker.io'), { credentials: bob })
    assert.equal(await find('token.example.com'), { credentials: { kind: 'identity', token: 'refresh' } })
    assert.equal(await find('other.example.com'), { credentials: bob })
    assert.equal(await find('none.example.com'), {})
    const asked = readFileSync(join(folder, 'asked'), 'utf8').trim().split('\n')
    assert.equal(
      asked,
      ['https://index.docker.io/v1/', 'token.example.com', 'other.example.com', 'none.example.com'].map(
        (host) => `get ${host}`,
      ),
    )
  }),
)

credentials('A26 takes no credentials that a helper has for another host', () =>
  withConfig({ credsStore: 'safe' }, async (_, env) => {
    const { credentials: found, note } = await loginCredentials(env)('alias.example.com')
    assert.is(found, undefined)
    assert.match(note ?? '', 'for another host')
  }),
)

credentials('says what is wrong with a helper, and goes on without', () =>
  withConfig(
    {
      credHelpers: { a: 'missing', b: 'broken', c: '../../bin/sh', d: 'chatty', e: 7 },
    },
    async (_, env) => {
      const find = loginCredentials(env)
      const notes = await Promise.all(['a', 'b', 'c', 'd', 'e'].map(async (host) => (await find(host)).note))
      assert.equal(notes, [
        'docker-credential-missing is not installed',
        'docker-credential-broken ended with status 3',
        'the credential helper in config.json has no valid name',
        'docker-credential-chatty was stopped: it took too long, or said too much',
        'the credential helper in config.json has no valid name',
      ])
    },
  ),
)

credentials('A30 a damaged config is an error that does not quote it', () =>
  withConfig('{"auths":{"a":{"auth":"Y2FuYXJ5"}', async (_, env) => {
    try {
      await loginCredentials(env)('a')
      assert.unreachable()
    } catch (error) {
      assert.ok(error instanceof ImgError && error.code === 'REGISTRY_REFUSED')
      assert.not.match(String(error), 'Y2FuYXJ5')
      assert.is((error as ImgError).cause, undefined)
    }
  }),
)

credentials('no config at all means no credentials', async () => {
  assert.equal(
    await loginCredentials({ DOCKER_CONFIG: '/nonexistent', HOME: '/nonexistent', XDG_RUNTIME_DIR: '/nonexistent' })(
      'docker.io',
    ),
    {},
  )
})

/** A home with these files below it. */
async function withHome(
  files: Readonly<Record<string, unknown>>,
  work: (find: CredentialSource, home: string) => Promise<void>,
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const home = temporaryFolder()
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(home, name)), { recursive: true })
    writeFileSync(join(home, name), JSON.stringify(content))
  }
  const { PATH = '' } = process.env
  const all = Object.entries({ XDG_RUNTIME_DIR: '~/run', ...env }).map(([name, value]) => [
    name,
    value.replace('~', home),
  ])
  await work(loginCredentials({ HOME: home, PATH, ...Object.fromEntries(all) }), home)
}

const users = (find: CredentialSource, hosts: readonly string[]) =>
  Promise.all(
    hosts.map(async (name) => {
      const [host, ...path] = name.split('/')
      const { credentials: found } = await find(host!, path.join('/') || undefined)
      return found?.kind === 'password' ? found.username : undefined
    }),
  )

credentials("after docker's file those of podman and skopeo are asked, the one of this session first", () =>
  withHome(
    {
      '.docker/config.json': { auths: { 'a.example.com': basic('docker:x'), 'd.example.com': {} } },
      'run/containers/auth.json': { auths: { 'a.example.com': basic('run:x'), 'b.example.com': basic('run:x') } },
      '.config/containers/auth.json': {
        auths: {
          'b.example.com': basic('config:x'),
          'c.example.com': basic('config:x'),
          'd.example.com': basic('config:x'),
        },
      },
    },
    async (find) => {
      const hosts = ['a', 'b', 'c', 'd', 'e'].map((name) => `${name}.example.com`)
      assert.equal(await users(find, hosts), ['docker', 'run', 'config', 'config', undefined])
    },
  ),
)

credentials('XDG_CONFIG_HOME moves the file, and REGISTRY_AUTH_FILE is the only one that is asked', async () => {
  const files = {
    '.docker/config.json': { auths: { 'a.example.com': basic('docker:x') } },
    'etc/containers/auth.json': { auths: { 'b.example.com': basic('moved:x') } },
    'own.json': { auths: { 'c.example.com': basic('own:x') } },
  }
  const hosts = ['a.example.com', 'b.example.com', 'c.example.com']
  await withHome(files, async (find) => assert.equal(await users(find, hosts), ['docker', 'moved', undefined]), {
    XDG_CONFIG_HOME: '~/etc',
  })
  await withHome(files, async (find) => assert.equal(await users(find, hosts), [undefined, undefined, 'own']), {
    REGISTRY_AUTH_FILE: '~/own.json',
  })
  await withHome(
    files,
    async (find) => assert.match((await find('a.example.com')).note ?? '', 'none.json" cannot be read: no such file'),
    { REGISTRY_AUTH_FILE: '~/none.json' },
  )
})

credentials('a login for a namespace is for what is in it, the longest one first', () =>
  withHome(
    {
      'run/containers/auth.json': {
        auths: {
          'r.example.com/a/b': basic('ab:x'),
          'r.example.com/a': basic('a:x'),
          'r.example.com': basic('all:x'),
          'docker.io/team': basic('team:x'),
          's.example.com/only': basic('only:x'),
        },
      },
    },
    async (find) => {
      const names = ['/a/b/c', '/a/b', '/a/bc', '/b', ''].map((path) => `r.example.com${path}`)
      assert.equal(await users(find, names), ['ab', 'ab', 'a', 'all', 'all'])
      const others = [
        'docker.io/team/app',
        'docker.io/library/app',
        's.example.com/other',
        's.example.com',
        's.example.com/only/x',
      ]
      assert.equal(await users(find, others), ['team', undefined, undefined, undefined, 'only'])
    },
  ),
)

credentials('helpers of auth.json are asked for the host, and a file that may not be read is said', async () => {
  await withHome({ 'run/containers/auth.json': { credHelpers: { 'a.example.com': 'missing' } } }, async (find) =>
    assert.equal(await find('a.example.com', 'x/y'), { note: 'docker-credential-missing is not installed' }),
  )
  await withHome({ 'run/containers/auth.json/x': 1 }, async (find) =>
    assert.match(
      (await find('a.example.com')).note ?? '',
      /auth\.json" cannot be read: illegal operation on a directory/,
    ),
  )
})

credentials('a registry sees for each repository the login that is for it', () =>
  withHome({}, async (_, home) => {
    const seen: Record<string, string> = {}
    const server = createServer((request, response) => {
      const repository = /^\/v2\/(.+)\/manifests/.exec(request.url ?? '')?.[1]
      const sent = request.headers.authorization
      if (!sent) return response.writeHead(401, { 'www-authenticate': 'Basic realm="test"' }).end()
      if (repository) seen[repository] = Buffer.from(sent.slice(6), 'base64').toString()
      return response.writeHead(404).end()
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
    const file = join(home, 'auth.json')
    writeFileSync(file, JSON.stringify({ auths: { [`${host}/a`]: basic('a:1'), [host]: basic('all:2') } }))
    const registry = openRegistry(host, { credentials: loginCredentials({ REGISTRY_AUTH_FILE: file }) })
    try {
      for (const repository of ['a/x', 'b/x', 'a/y']) await registry.getManifest(repository, 'latest').catch(() => {})
      assert.equal(seen, { 'a/x': 'a:1', 'b/x': 'all:2', 'a/y': 'a:1' })
    } finally {
      server.closeAllConnections()
      server.close()
    }
  }),
)

credentials.needs(['skopeo'], 'skopeo and this read the same login', async () => {
  const home = temporaryFolder()
  const file = join(home, 'auth.json')
  writeFileSync(file, JSON.stringify({ auths: { 'r.example.com/team': basic('team:x') } }))
  const { stdout } = await run('skopeo', ['login', '--get-login', '--authfile', file, 'r.example.com/team'], {
    cwd: home,
  })
  const found = await users(loginCredentials({ REGISTRY_AUTH_FILE: file }), ['r.example.com/team/app'])
  assert.equal(found, [stdout.trim()])
})

credentials('reads challenges, several in one header, and keeps those it can answer', () => {
  const header =
    'Negotiate, Bearer realm="https://a/t?x=\\"1\\",2",service=reg , scope="repository:a:pull,push", Basic realm="r"'
  assert.equal(parseChallenges(header), [
    { scheme: 'bearer', parameters: { realm: 'https://a/t?x="1",2', service: 'reg', scope: 'repository:a:pull,push' } },
    { scheme: 'basic', parameters: { realm: 'r' } },
  ])
  assert.equal(parseChallenges(''), [])
  assert.equal(parseChallenges('realm="x"'), [])
  const started = performance.now()
  parseChallenges(`Bearer ${'a="\\'.repeat(1e6)}`)
  parseChallenges(`${'a '.repeat(1e6)}`)
  assert.ok(performance.now() - started < 1000)
})

credentials('A26 trusts a token service of the same domain, not one that shares a suffix with strangers', () => {
  const table: [registry: string, service: string, trusted: boolean][] = [
    ['registry-1.docker.io', 'auth.docker.io', true],
    ['registry.gitlab.com', 'gitlab.com', true],
    ['ghcr.io', 'ghcr.io', true],
    ['registry.example.co.uk', 'auth.example.co.uk', true],
    ['rg.fr-par.scw.cloud', 'api.scaleway.com', true],
    ['registry.example.co.uk', 'evil.co.uk', false],
    ['registry-1.docker.io', 'docker.io.evil.net', false],
    ['registry-1.docker.io', 'evil-docker.io', false],
    ['a.azurecr.io', 'b.azurecr.io', false],
    ['1.dkr.ecr.eu-west-1.amazonaws.com', 'evil.s3.amazonaws.com', false],
    ['a.github.io', 'b.github.io', false],
    ['10.0.0.1', '10.0.0.2', false],
    ['registry', 'other', false],
    ['evil.cloud', 'api.scaleway.com', false],
  ]
  for (const [registry, service, trusted] of table)
    assert.is(mayTrust(registry, service, []), trusted, `${registry} ${service}`)
  assert.ok(mayTrust('registry.example.com', 'login.example.org', ['login.example.org']))
})

credentials.run()
