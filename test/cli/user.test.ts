/** The command line as its user meets it: what goes wrong, what is said, and how it ends. */
import { copyFileSync, existsSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { dockerVerbs } from '../../cli/docker-verbs.ts'
import { verbs } from '../../cli/verbs.ts'
import { type CallOptions, cliFile, folderOf, imgsdk } from '../helpers/cli.ts'
import { run } from '../helpers/program.ts'
import { assert, suite } from '../helpers/suite.ts'
import { temporaryFolder } from '../helpers/temporary.ts'

const user = suite('cli/user')
const folder = (files: Record<string, string>) => realpathSync(folderOf(files))
const busybox = ['/bin/busybox', '/usr/bin/busybox'].find((path) => existsSync(path))

/** `imgsdk ARGS…` must end with a status, nothing on stdout, and this on stderr. */
async function fails(
  status: number,
  message: RegExp,
  args: readonly string[],
  options: CallOptions = {},
): Promise<void> {
  const ended = await imgsdk(args, options)
  assert.is(ended.status, status, `${ended.status}: ${ended.stderr}`)
  assert.match(ended.stderr, message)
  assert.is(ended.stdout, '')
}

user('without arguments it shows its verbs, and ends with 2; asked for help, with 0', async () => {
  const bare = await imgsdk([])
  const asked = await imgsdk(['--help'])
  assert.is(bare.status, 2)
  assert.is(asked.status, 0)
  assert.is(bare.stdout, asked.stdout)
  for (const verb of ['synth', 'build', 'convert', 'push']) assert.match(asked.stdout, new RegExp(`^ {2}${verb} `, 'm'))
})

user('every verb has a help text with its options and examples', async () => {
  for (const { name } of verbs) {
    const { status, stdout } = await imgsdk([name, '--help'])
    assert.is(status, 0, name)
    assert.match(stdout, new RegExp(`^imgsdk ${name}\\b[\\s\\S]*\nExamples\n {2}`), name)
  }
})

user('a verb or an option that there is not: the nearest one, and 2', async () => {
  await fails(2, /^USAGE\n {2}imgsdk has no verb "biuld"\n {2}hint: did you mean build\?\n$/, ['biuld'])
  await fails(2, /no option --tagg\n {2}hint: did you mean --tag\?/, ['build', '--tagg', 'x'])
  await fails(2, /--format is .* not "dokerfile"\n {2}hint: did you mean dockerfile\?/, [
    'synth',
    '--format',
    'dokerfile',
  ])
  await fails(2, /does not know what to do with "b"/, ['synth', 'a', 'b'])
})

user('a verb of docker: what to do instead', async () => {
  await fails(2, /no verb "rmi"\n {2}hint: images cannot be removed one by one/, ['rmi', 'app'])
  await fails(2, /no verb "version"\n {2}hint: imgsdk --version\n/, ['version'])
  for (const name of Object.keys(dockerVerbs))
    assert.not(
      verbs.some((verb) => verb.name === name),
      name,
    )
})

user('a working directory that is gone is no bug of ours', async () => {
  const script = `mkdir gone && cd gone && rmdir ../gone && exec "${process.execPath}" "${cliFile}" synth`
  const { code, stderr } = await run('sh', ['-c', script], { cwd: folder({}) })
  assert.is(code, 1)
  assert.match(stderr, /^FILE_ACCESS\n {2}the working directory is not there any more\n/)
})

user('no image file: where it looked, and 2', async () => {
  const cwd = folder({ 'readme.txt': '' })
  await fails(
    2,
    /^IMAGE_FILE_MISSING\n {2}.* holds no image\.ts and no Dockerfile\n {2}hint: looked for image\.ts/,
    ['build'],
    { cwd },
  )
  await fails(2, /there is no file or folder "nowhere\.ts"/, ['synth', 'nowhere.ts'], { cwd })
})

user('an unknown instruction: the line, the word, and the nearest one', async () => {
  const cwd = folder({ Dockerfile: 'FROM scratch\nCOPPY a b\n' })
  const shown =
    /^UNKNOWN_INSTRUCTION {2}Dockerfile:2[\s\S]* > 2 \| COPPY a b\n[\s\S]*\^\^\^\^\^[\s\S]*hint: did you mean COPY\?/
  await fails(1, shown, ['build'], { cwd })
})

user('a COPY source that .dockerignore takes away: the line of both files', async () => {
  const cwd = folder({ Dockerfile: 'FROM scratch\nCOPY dist /\n', '.dockerignore': '*.log\ndist\n', 'dist/a': 'a' })
  const ended = await imgsdk(['build', '--progress', 'quiet'], { cwd })
  assert.is(ended.status, 1)
  assert.match(ended.stderr, /^COPY_SOURCE_MISSING {2}Dockerfile:2[\s\S]* > 2 \| COPY dist \//)
  assert.match(ended.stderr, /hint: .*\.dockerignore.*2.*dist/)
})

user('a COPY source that is nowhere', async () => {
  const cwd = folder({ 'image.ts': "import { scratch } from 'imgsdk'\n\nexport default scratch().copy('nope', '/')\n" })
  const ended = await imgsdk(['build', '--progress', 'quiet'], { cwd })
  assert.is(ended.status, 1)
  assert.match(ended.stderr, /^COPY_SOURCE_MISSING {2}image\.ts:3[\s\S]*"?\/?nope/)
})

user('a secret whose file is not there is told before anything runs', async () => {
  const cwd = folderOf({ Dockerfile: 'FROM scratch\nCOPY Dockerfile /\n' })
  for (const secret of ['id=token,src=nowhere', 'id=nowhere']) {
    const ended = await imgsdk(['build', '--secret', secret], { cwd })
    assert.is(ended.status, 2)
    assert.match(ended.stderr, /there is no file ".*nowhere"[\s\S]*hint: /)
  }
})

user('a registry that is down when something is pushed there', async () => {
  const cwd = folderOf({ 'image.ts': "import { scratch } from 'imgsdk'\nexport default scratch().workdir('/w')\n" })
  const ended = await imgsdk(['build', '--push', '-t', '127.0.0.1:1/team/app:1'], { cwd })
  assert.is(ended.status, 1)
  assert.match(ended.stderr, /REGISTRY_UNREACHABLE[\s\S]*cannot push 127\.0\.0\.1:1\/team\/app/)
  assert.not.match(ended.stderr, /cannot pull/)
})

user('a registry that is down', async () => {
  const server = await listen((_, response) => response.end())
  await server.stop()
  const cwd = folder({ Dockerfile: `FROM ${server.host}/app:1\nCOPY Dockerfile /\n` })
  const ended = await imgsdk(['build', '--progress', 'quiet'], { cwd })
  assert.is(ended.status, 1)
  assert.match(ended.stderr, /^REGISTRY_UNREACHABLE {2}Dockerfile:1/)
  assert.match(ended.stderr, server.host)
})

user('a base image that does not exist', async () => {
  const server = await listen((request, response) => {
    const found = request.url === '/v2/'
    response.writeHead(found ? 200 : 404, { 'content-type': 'application/json' })
    response.end(found ? '{}' : '{"errors":[{"code":"MANIFEST_UNKNOWN","message":"no such manifest"}]}')
  })
  const cwd = folder({ Dockerfile: `FROM ${server.host}/app:1\nCOPY Dockerfile /\n` })
  try {
    const ended = await imgsdk(['build', '--progress', 'quiet'], { cwd })
    assert.is(ended.status, 1)
    assert.match(ended.stderr, /^IMAGE_NOT_FOUND {2}Dockerfile:1/)
    assert.match(ended.stderr, `${server.host}/app:1`)
  } finally {
    await server.stop()
  }
})

user('Ctrl-C while a registry does not answer: 130, at once', async () => {
  const server = await listen(() => {})
  const cwd = folder({ Dockerfile: `FROM ${server.host}/app:1\nCOPY Dockerfile /\n` })
  try {
    const started = performance.now()
    const interrupt = { when: /./, signal: 'SIGINT' } as const
    const ended = await imgsdk(['build', '--progress', 'plain'], { cwd, interrupt, seconds: 40 })
    assert.is(ended.status, 130, ended.stderr)
    assert.match(ended.stderr, 'interrupted')
    assert.ok(performance.now() - started < 30_000)
  } finally {
    await server.stop()
  }
})

user.needs(
  ['root', 'linux', 'busybox', 'runc'],
  'Ctrl-C during a RUN: 130, nothing stays mounted or running, and the next build is fine',
  async () => {
    const store = join(temporaryFolder(), 'store')
    const mark = `sleep-${process.pid}`
    const cwd = folder({
      Dockerfile: `FROM scratch\nCOPY busybox /bin/busybox\nRUN ["/bin/busybox", "sh", "-c", ": ${mark}; echo up; /bin/busybox sleep 60"]\n`,
    })
    copyFileSync(busybox!, join(cwd, 'busybox'))
    const interrupt = { when: /^#\d+ [\d.]+ up$/m, signal: 'SIGINT' } as const
    const ended = await imgsdk(['build', '--progress', 'plain', '--store', store], { cwd, interrupt, seconds: 50 })
    assert.is(ended.status, 130, ended.stderr)
    assert.is(readFileSync('/proc/mounts', 'utf8').includes(store), false)
    assert.equal(processesSaying(mark), [])
    writeFileSync(
      join(cwd, 'Dockerfile'),
      'FROM scratch\nCOPY busybox /bin/busybox\nRUN ["/bin/busybox", "touch", "/done"]\n',
    )
    const next = await imgsdk(['build', '--progress', 'plain', '--store', store, '--json'], { cwd })
    assert.is(next.status, 0, next.stderr)
    assert.match(next.stderr, 'CACHED')
    assert.is((JSON.parse(next.stdout) as { layers: unknown[] }).layers.length, 2)
  },
)

user('--json is one document on stdout, and progress stays on stderr', async () => {
  const cwd = folder({ Dockerfile: 'FROM scratch\nCOPY a /\n', a: 'a' })
  const { status, stdout, stderr } = await imgsdk(
    ['build', '--json', '-t', 'user-test:1', '--metadata-file', 'meta.json'],
    { cwd },
  )
  assert.is(status, 0, stderr)
  const result = JSON.parse(stdout) as { manifest: { digest: string }; layers: unknown[] }
  assert.match(result.manifest.digest, /^sha256:[0-9a-f]{64}$/)
  assert.is(result.layers.length, 1)
  const metadata = JSON.parse(readFileSync(join(cwd, 'meta.json'), 'utf8')) as Record<string, unknown>
  assert.is(metadata['containerimage.digest'], result.manifest.digest)
  const images = JSON.parse((await imgsdk(['images', '--json'])).stdout) as { name: string }[]
  assert.ok(images.some(({ name }) => name.includes('user-test')))
})

user('--progress json is one event per line', async () => {
  const cwd = folder({ Dockerfile: 'FROM scratch\nCOPY a /\n', a: 'a' })
  const { status, stderr } = await imgsdk(['build', '--progress', 'json'], { cwd })
  assert.is(status, 0, stderr)
  const types = stderr
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { type: string }).type)
  assert.ok(types.includes('start') && types.includes('done'), types.join(' '))
})

user('colours only where they are wanted', async () => {
  const cwd = folder({ Dockerfile: 'FROM scratch\nNOPE\n' })
  const call = async (env: Record<string, string>) => (await imgsdk(['synth'], { cwd, env })).stderr
  assert.not.match(await call({}), '\x1b[')
  assert.match(await call({ FORCE_COLOR: '1' }), '\x1b[31m')
  assert.not.match(await call({ FORCE_COLOR: '1', NO_COLOR: '1' }), '\x1b[')
})

user('a reader that goes away is no error', async () => {
  const { stderr } = await run('sh', ['-c', `"${process.execPath}" "${cliFile}" --help | head -1`])
  assert.is(stderr, '')
})

user('synth leaves the folder as it was when one target fails', async () => {
  const cwd = folder({ Dockerfile: 'FROM scratch AS a\nFROM nope AS b\nCOPY --from=c x /\n' })
  const before = readdirSync(cwd)
  await fails(1, /STAGE_UNKNOWN|c/, ['synth', '--target', 'zzz'], { cwd })
  assert.equal(readdirSync(cwd), before)
})

interface Listening {
  readonly host: string
  stop(): Promise<void>
}

/** A server on loopback. */
async function listen(answer: Parameters<typeof createServer>[1]): Promise<Listening> {
  const server: Server = createServer(answer as never)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

/** The processes whose command line holds a word, this one apart. */
function processesSaying(word: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(word)
    } catch {
      return false
    }
  })
}

user.run()
