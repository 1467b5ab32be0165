/** The main job on real input: a Debian root file system, a registry, RUN, and docker, skopeo and umoci as judges. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build, importRootfs, inspectImage, listImages, pullImage, pushImage } from '../../sdk/engine/index.ts'
import { from, parse } from '../../sdk/index.ts'
import { validateImage } from '../../sdk/oci/index.ts'
import type { ImageConfig } from '../../sdk/oci/types.ts'
import { type Docker, startDocker } from '../helpers/docker.ts'
import { must, run } from '../helpers/program.ts'
import { startRegistry, type TestRegistry } from '../helpers/registry.ts'
import { debianRootfs } from '../helpers/rootfs.ts'
import { assert, suite } from '../helpers/suite.ts'
import { temporaryFolder } from '../helpers/temporary.ts'
import { flattenedTar } from './flattened.ts'

const job = suite('verb/main-job')

const image = ['root', 'linux', 'mmdebstrap', 'docker-registry', 'runc']
const judges = [...image, 'dockerd', 'docker', 'skopeo', 'umoci']
/** A docker client without the buildx plug-in builds through BuildKit only when it is as old as Debian's. */
const client = existsSync('/usr/bin/docker') ? '/usr/bin/docker' : 'docker'

let store = ''
let registry: TestRegistry
let docker: Docker | undefined
let base = ''

job.before(async () => {
  store = join(temporaryFolder(), 'store')
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/mmdebstrap') || !existsSync('/usr/bin/docker-registry')) return
  registry = await startRegistry()
  base = `${registry.host}/debian:bookworm`
})

job.after(async () => {
  await docker?.stop()
  await registry?.stop()
})

/** The docker client, pointed at a daemon that is started when it is first needed. */
async function dockerRun(args: readonly string[], env: Record<string, string> = {}): Promise<string> {
  docker ??= await startDocker()
  return must(client, args, { env: { DOCKER_HOST: `unix://${docker.socket}`, ...env } })
}

function folderWith(files: Record<string, string>): string {
  const folder = temporaryFolder()
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
  return folder
}

job.needs(image, 'a root file system becomes an image, goes to a registry, and comes back', async () => {
  const [imported] = await importRootfs(await debianRootfs(), { store, tags: [base] })
  assert.is(imported!.names[0], base)
  const pushed = await pushImage(base, base, { store })
  const other = join(temporaryFolder(), 'other')
  const pulled = await pullImage(base, { store: other })
  assert.is(pulled.manifest.digest, pushed.manifest.digest)
  assert.equal(
    (await listImages({ store: other })).map(({ name }) => name),
    [base],
  )
})

job.needs(image, 'real programs run on it, as root and as an ordinary user, by tag and by digest', async () => {
  const { digest } = await inspectImage(base, { store })
  const lines: string[] = []
  const text = [
    `FROM ${base}@${digest}`,
    'RUN apt-get --version | head -1 && useradd --create-home --uid 1234 app && id app',
    'RUN dpkg-query -W -f "${Version}\\n" base-files > /version',
    'USER app',
    'WORKDIR /home/app/work',
    'RUN id && echo "$HOME" && touch mine && stat -c "%U:%G %a" mine .',
    'USER 4321',
    'RUN id -u && id -g',
    '',
  ].join('\n')
  const result = await build(parse(text), {
    store,
    tags: ['main-job:programs'],
    onEvent: (event) => {
      if (event.type === 'log') lines.push(Buffer.from(event.bytes).toString())
    },
  })
  const said = lines.join('')
  assert.match(said, /apt 2\.\d/)
  assert.match(said, /uid=1234\(app\) gid=1234\(app\)/)
  assert.match(said, /\/home\/app\n/)
  assert.match(said, /app:app 644\napp:app 755\n/)
  assert.match(said, /4321\n0\n/)
  assert.is(result.layers[0]?.base, true)
})

job.needs(image, 'a second build does nothing', async () => {
  const folder = folderWith({ 'a.txt': 'one' })
  const state = from(base).copy('a.txt', '/a.txt').run('sleep 0.1; cat /a.txt > /b.txt')
  const again = async () => {
    const kinds: string[] = []
    const result = await build(state, {
      store,
      context: folder,
      tags: ['main-job:again'],
      onEvent: ({ type }) => kinds.push(type),
    })
    return { digest: result.manifest!.digest, cached: kinds.filter((kind) => kind === 'cached').length }
  }
  // Files that were written a moment ago cannot be told from files that are written now, so the first look does not count.
  await new Promise((resolve) => setTimeout(resolve, 60))
  const first = await again()
  const second = await again()
  assert.is(second.digest, first.digest)
  assert.is(second.cached, 2)
  writeFileSync(join(folder, 'a.txt'), 'two')
  const third = await again()
  assert.is(third.cached, 0)
  assert.is.not(third.digest, first.digest)
})

const twenty = (from: string) => `# A service with two stages.
ARG GREETING=hello
FROM ${from} AS build
ARG GREETING
ENV TARGET=/out PATH=/opt/bin:$PATH
WORKDIR $TARGET
COPY src/ src/
COPY --chown=games:games LICENSE .
RUN printf '%s from %s\\n' "$GREETING" "$TARGET" > greeting && ln -s greeting link && mkdir -m 2775 shared \\
    && chown 100:50 shared && cp src/app.sh app && chmod 4755 app
FROM ${from}
LABEL org.opencontainers.image.title="twenty lines" stage=final
ENV LANG=C.UTF-8
COPY --from=build /out /srv/
COPY --from=build --chmod=640 /out/LICENSE /srv/NOTICE
RUN useradd -r -u 999 -d /srv svc && rm -rf /usr/share/man && date > /dev/null
EXPOSE 8080/tcp
VOLUME /data
USER svc
WORKDIR /srv
ENTRYPOINT ["/bin/cat", "greeting"]
`

const twentyFiles = {
  'src/app.sh': '#!/bin/sh\necho app\n',
  'src/lib/util.sh': 'true\n',
  LICENSE: 'MIT\n',
  '.dockerignore': 'Dockerfile\n',
}

job.needs(judges, 'twenty lines: the same config and the same files as docker build gives', async () => {
  await ensureBase()
  const folder = folderWith({ ...twentyFiles, Dockerfile: twenty(base) })
  const archive = join(temporaryFolder(), 'twenty.tar')
  await build(parse(twenty(base)), {
    store,
    context: folder,
    tags: ['twenty:ours'],
    outputs: [`type=docker,dest=${archive}`],
  })
  await dockerRun(['load', '-i', archive])
  await dockerRun(['build', '--network=host', '-q', '-t', 'twenty:theirs', folder], { DOCKER_BUILDKIT: '1' })
  assert.is(await dockerRun(['run', '--rm', '--network=host', 'twenty:ours']), 'hello from /out\n')
  assert.is(await dockerRun(['run', '--rm', '--network=host', 'twenty:theirs']), 'hello from /out\n')
  const [ours, theirs] = await Promise.all([dockerConfig('twenty:ours'), dockerConfig('twenty:theirs')])
  assert.equal(ours, theirs)
  assert.equal(await dockerFiles('twenty:ours'), await dockerFiles('twenty:theirs'))
})

job.needs(
  judges,
  'skopeo, umoci and docker accept what is pushed, and the base layer is the one that was there',
  async () => {
    await ensureBase()
    const ref = `${registry.host}/twenty:pushed`
    const folder = folderWith({ ...twentyFiles, Dockerfile: twenty(base) })
    const result = await build(parse(twenty(base)), {
      store,
      context: folder,
      tags: [ref],
      outputs: [`type=registry,name=${ref}`],
    })
    const inspected = JSON.parse(await must('skopeo', ['inspect', '--tls-verify=false', `docker://${ref}`])) as {
      Digest: string
      Layers: string[]
    }
    assert.is(inspected.Digest, result.manifest!.digest)
    const baseManifest = JSON.parse(
      await must('skopeo', ['inspect', '--raw', '--tls-verify=false', `docker://${base}`]),
    ) as { layers: { digest: string }[] }
    assert.is(inspected.Layers[0], baseManifest.layers[0]!.digest)
    const layout = join(temporaryFolder(), 'layout')
    await must('skopeo', ['copy', '--src-tls-verify=false', `docker://${ref}`, `oci:${layout}:twenty`])
    await must('umoci', ['unpack', '--image', `${layout}:twenty`, join(temporaryFolder(), 'bundle')])
    await dockerRun(['pull', '-q', ref])
    assert.is(await dockerRun(['run', '--rm', '--network=host', ref]), 'hello from /out\n')
  },
)

job.needs(image, 'every image is valid by the image spec', async () => {
  const layout = join(temporaryFolder(), 'layout')
  await build(from(base).run('true').label({ a: 'b' }), { store, outputs: [`type=oci,tar=false,dest=${layout}`] })
  const blob = (digest: string) => readFileSync(join(layout, 'blobs', 'sha256', digest.slice(7)))
  const index = JSON.parse(readFileSync(join(layout, 'index.json'), 'utf8')) as { manifests: { digest: string }[] }
  const manifest = blob(index.manifests[0]!.digest)
  const config = blob((JSON.parse(manifest.toString()) as { config: { digest: string } }).config.digest)
  const checked = validateImage({ manifest, config })
  assert.is(checked.config.rootfs.diff_ids.length, 2)
})

async function ensureBase(): Promise<void> {
  const { code } = await run('skopeo', ['inspect', '--tls-verify=false', `docker://${base}`])
  if (code === 0) return
  await importRootfs(await debianRootfs(), { store, tags: [base] })
  await pushImage(base, base, { store })
}

/** What docker makes of the config: the part that containers start with, and the history. */
async function dockerConfig(ref: string): Promise<unknown> {
  const [inspected] = JSON.parse(await dockerRun(['inspect', ref])) as [
    { Config: ImageConfig['config'] & { Image?: string }; Architecture: string; Os: string },
  ]
  const history = await dockerRun(['history', '--no-trunc', '--format', '{{.CreatedBy}}|{{.Comment}}', ref])
  // docker 20.10 fills in what neither config says.
  const { Image: _, ...config } = inspected.Config
  // Newer frontends than docker.io's write EXPOSE as a list, and show --chmod.
  const comparable = history
    .replace(/EXPOSE map\[(.*?):\{\}\]/g, 'EXPOSE [$1]')
    .replace(/COPY --chmod=\d+ /g, 'COPY ')
    .split('\n')
  return { config, architecture: inspected.Architecture, os: inspected.Os, history: comparable }
}

/** Path, type, mode, owner, size, content and link target of everything in the image. */
async function dockerFiles(ref: string): Promise<string[]> {
  const container = (await dockerRun(['create', '--network=host', ref])).trim()
  const path = join(temporaryFolder(), 'files.tar')
  await dockerRun(['export', '-o', path, container])
  await dockerRun(['rm', container])
  return flattenedTar(path)
}

job.run()
