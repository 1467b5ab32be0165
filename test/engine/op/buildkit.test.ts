/** The same Dockerfiles through docker's BuildKit and through our file ops: every path must come out alike. */
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, linkSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { assert, suite } from '../../helpers/suite.ts'
import { gzip, tar } from './archive.ts'
import { build, type Flat, readFlat } from './flat.ts'
import { write } from './lab.ts'
import { base, linesOf, source } from './stages.ts'

const buildkit = suite('engine/op/buildkit')
const needs = ['dockerd', 'docker', 'root', 'linux']
/** A docker without the buildx plug-in builds through BuildKit only when it is as old as Debian's. */
const client = existsSync('/usr/bin/docker') ? '/usr/bin/docker' : 'docker'

/** Lines of one case; `@` is its own directory. */
const cases: Readonly<Record<string, string>> = {
  'D6.1 leading slashes and dots': 'COPY ../../f /f/ @/o/',
  'D6.2 everything': 'ARG NONE\nCOPY $NONE @/o',
  'D6.3 wildcards': 'COPY * @/o/\nCOPY ?.txt @/p/\nCOPY d/[^y]* @/q/\nCOPY */x @/r/',
  'D6.5 no match': 'COPY zz* @/e/',
  'D6.7 links as sources': 'COPY lf @/o/\nCOPY ld @/p/\nCOPY ld/x @/q/\nCOPY l* @/r/',
  'D6.7 links across the stage': 'COPY --from=src /to-t @/o\nCOPY --from=src /to-t/f @/p/\nCOPY --from=src to-* @/q/',
  'D6.8 directories merge': 'COPY d e/ @/o',
  'D6.9 hard links': 'COPY --from=src /t/s @/o/\nCOPY --from=src /t/s/x /t/s/hard @/p/\nCOPY --from=src /t @/q',
  'D6.21 files': 'COPY f @/o\nCOPY f @/p/\nCOPY f @/real\nCOPY f @/abs',
  'D6.22 several sources': 'COPY a.txt b.txt @/x\nCOPY d a.txt @/y',
  'D6.23 parents': 'COPY --chown=7:8 f @/a/b/c\nCOPY f @/g/h/',
  'D6.24 links in the destination':
    'COPY f @/abs/\nCOPY a.txt @/rel/\nCOPY b.txt @/up/new\nCOPY f @/lf\nCOPY f @/dangling',
  'D6.25 D6.27 into what exists': 'COPY --from=src /t @/merge\nCOPY d @/merge',
  'D6.26 the top directory': 'COPY --from=src /t @/n\nCOPY --from=src /t @/real\nCOPY o700 @/m',
  'D6.28 metadata': 'COPY o700 @/o\nCOPY --from=src /deep/ @/p',
  'D6.31 owners':
    'COPY --chown=5 f @/a\nCOPY --chown=5: f @/b\nCOPY --chown=:5 f @/c\nCOPY --chown=root:5 f @/d\nCOPY --chown=9:9 d @/e',
  'D6.32 names':
    'COPY --chown=app f @/a\nCOPY --chown=app:staff f @/b\nCOPY --chown=no:staff f @/c\nCOPY --chown=app:no f @/d\nCOPY --chown=5:staff d @/e\nCOPY --chown=odd f @/f',
  'D6.41 modes': 'COPY --chmod=640 f @/a\nCOPY --chmod=755 d @/b\nCOPY --chmod=711 f @/c\nCOPY --chmod=644 ld @/merge',
  'D6.70 archives': 'ADD a.tgz @/x\nADD plain.tar @/y/\nADD notes.gz f @/z/\nADD arch @/w',
  'D6.73 over what exists': 'ADD over.tar @/\nADD plain.tar @/abs',
  WORKDIR: 'WORKDIR /@/abs/w/x\nCOPY f .\nWORKDIR /@/merge\nWORKDIR ../new',
}

/** Each must fail in both. */
const failures: readonly string[] = [
  'COPY missing /x',
  'COPY nodir/* /x/',
  'COPY f d /x',
  'COPY f /0/file/',
  'COPY f /0/file/x',
  'COPY d /0/file',
  'ADD plain.tar /0/file',
  'COPY nest/deep /0/merge/',
  'COPY [[a /x/',
]

function contextFiles(folder: string): void {
  write(folder, {
    f: 'file',
    'a.txt': 'a',
    'b.txt': 'b',
    'd/x': 'dx',
    'd/y': 'dy',
    'd/s/z': 'dsz',
    'd/l': '-> x',
    'e/s/w': 'esw',
    'e/.hidden': 'h',
    lf: '-> d/x',
    ld: '-> d',
    'o700/in': 'in',
    'nest/deep/f/x': 'a directory where merge has a link',
    'arch/inner.txt': 'inner',
    'ü name': 'odd',
  })
  linkSync(`${folder}/d/x`, `${folder}/d/again`)
  chmodSync(`${folder}/o700`, 0o700)
  chmodSync(`${folder}/o700/in`, 0o6755)
  writeFileSync(`${folder}/plain.tar`, tar({ name: 'p/q', text: 'q', uid: 3 }, { name: 'r', text: 'r', mode: 0o600 }))
  writeFileSync(`${folder}/arch/inner.tar`, tar({ name: 'n', text: 'n' }))
  writeFileSync(
    `${folder}/a.tgz`,
    gzip(
      tar(
        { name: './', type: 'directory', mode: 0o700 },
        { name: './g', text: 'g' },
        { name: 'h', type: 'link', link: 'g' },
      ),
    ),
  )
  writeFileSync(`${folder}/notes.gz`, gzip(Buffer.from('notes')))
  writeFileSync(
    `${folder}/over.tar`,
    tar(
      { name: 'rel/', type: 'directory', mode: 0o711 },
      { name: 'rel/f', text: 'in a new directory' },
      { name: 'merge/s/', type: 'directory', mode: 0o755, uid: 2 },
      { name: 'merge/s/new', text: 'new' },
      { name: 'real/old/', type: 'directory' },
      { name: 'file', type: 'symlink', link: 'real' },
      { name: 'dangling', text: 'now a file' },
    ),
  )
  writeFileSync(`${folder}/src.tar`, tar(...source))
  writeFileSync(
    `${folder}/base.tar`,
    tar(...source.slice(0, 3), ...Object.keys(cases).flatMap((_, index) => base(`${index}`))),
  )
  // Whole seconds: BuildKit's exporter rounds, we cut.
  execFileSync('find', [folder, '-exec', 'touch', '-h', '-d', '@1700000000', '{}', '+'])
  utimesSync(`${folder}/f`, 1_000_000, 1_000_000)
}

const head = 'FROM scratch AS src\nADD src.tar /\nFROM scratch AS base\nADD base.tar /\nFROM base\n'

/** A BuildKit of its own in a folder of its own. */
class Docker {
  readonly #folder: string
  readonly #daemon: ChildProcess
  readonly #host: string

  constructor(folder: string) {
    this.#folder = folder
    this.#host = `unix://${folder}/docker.sock`
    const where = [
      '--data-root',
      join(folder, 'data'),
      '--exec-root',
      join(folder, 'exec'),
      '-H',
      this.#host,
      '-p',
      join(folder, 'pid'),
    ]
    this.#daemon = spawn('dockerd', ['--bridge=none', '--iptables=false', '--storage-driver', 'overlay2', ...where], {
      stdio: 'ignore',
    })
  }

  async ready(): Promise<void> {
    for (let tries = 0; tries < 100; tries++) {
      const up = await this.#run(['version']).then(
        () => true,
        () => false,
      )
      if (up) return
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
    throw new Error('dockerd does not answer')
  }

  async build(dockerfile: string, context: string): Promise<Flat> {
    const out = join(this.#folder, 'out.tar')
    const file = join(this.#folder, 'Dockerfile')
    writeFileSync(file, dockerfile)
    await this.#run(['build', '-f', file, '-o', `type=tar,dest=${out}`, context])
    return readFlat(readFileSync(out))
  }

  async stop(): Promise<void> {
    this.#daemon.kill('SIGTERM')
    if (this.#daemon.exitCode === null) await once(this.#daemon, 'exit')
  }

  #run(args: readonly string[]) {
    return promisify(execFile)(client, ['-H', this.#host, ...args], {
      env: { ...process.env, DOCKER_BUILDKIT: '1', DOCKER_HOST: '' },
    })
  }
}

const state: { folder?: string; docker?: Docker } = {}

buildkit.before(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'imgsdk-buildkit-'))
  state.folder = folder
  write(folder, { 'context/': '' })
  contextFiles(`${folder}/context`)
})

buildkit.after(async () => {
  await state.docker?.stop()
  if (state.folder) rmSync(state.folder, { recursive: true, force: true })
})

async function docker(): Promise<Docker> {
  if (!state.docker) {
    state.docker = new Docker(state.folder!)
    await state.docker.ready()
  }
  return state.docker
}

buildkit.needs(needs, `what BuildKit makes of ${Object.keys(cases).length} cases is what we make of them`, async () => {
  const dockerfile = head + Object.values(cases).map(linesOf).join('\n')
  const context = `${state.folder}/context`
  const [theirs, ours] = [
    (await (await docker()).build(dockerfile, context)).lines(),
    (await build(dockerfile, context)).lines(),
  ]
  for (const [index, name] of Object.keys(cases).entries()) {
    const only = (line: string) => line.startsWith(`${index}/`) || line.startsWith(`${index} `)
    assert.equal(ours.filter(only), theirs.filter(only), name)
  }
  assert.equal(ours, theirs)
})

buildkit.needs(needs, 'what BuildKit refuses, we refuse', async () => {
  for (const line of failures) {
    const context = `${state.folder}/context`
    const outcome = async (run: Promise<unknown>) =>
      run.then(
        () => 'built',
        () => 'refused',
      )
    assert.is(await outcome((await docker()).build(head + line, context)), 'refused', `BuildKit: ${line}`)
    assert.is(await outcome(build(head + line, context)), 'refused', line)
  }
})

buildkit.run()
