/** The life of a base image without a daemon, as the image specs say: skopeo serves it, we build on it, skopeo and docker judge. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { build } from '../../sdk/engine/index.ts'
import { openRegistries, type Registries } from '../../sdk/engine/registry/registries.ts'
import { parse } from '../../sdk/index.ts'
import { digestOf } from '../../sdk/oci/digest.ts'
import { type Descriptor, type ImageConfig, type Manifest, mediaTypes, type Platform } from '../../sdk/oci/types.ts'
import { startDocker } from '../helpers/docker.ts'
import { goArchitecture, noise } from '../helpers/image.ts'
import { must } from '../helpers/program.ts'
import { startRegistry, type TestRegistry } from '../helpers/registry.ts'
import { assert, suite } from '../helpers/suite.ts'
import { temporaryFolder } from '../helpers/temporary.ts'

const daemonless = suite('verb/daemonless-pull')

const judges = ['docker-registry', 'skopeo']
const own = { os: 'linux', architecture: goArchitecture() }
const other = { os: 'linux', architecture: own.architecture === 'arm64' ? 'amd64' : 'arm64' }
const family = {
  docker: { manifest: mediaTypes.dockerManifest, index: mediaTypes.dockerIndex, layer: mediaTypes.dockerLayerGzip },
  oci: { manifest: mediaTypes.ociManifest, index: mediaTypes.ociIndex, layer: mediaTypes.ociLayerGzip },
} as const

interface World {
  readonly host: string
  /** `METHOD path` and the Accept header of whatever the registry was asked for. */
  readonly asked: { line: string; accept: string }[]
  readonly registries: Registries
  readonly registry: TestRegistry
}

async function withWorld(work: (world: World) => Promise<void>): Promise<void> {
  const asked: World['asked'] = []
  const registry = await startRegistry({
    fault: ({ method, url, headers }) => {
      asked.push({ line: `${method} ${url}`, accept: String(headers.accept ?? '') })
      return false
    },
  })
  const registries = openRegistries({ credentials: async () => ({}), retry: { attempts: 1 } })
  try {
    await work({ host: registry.host, asked, registries, registry })
  } finally {
    await registries.close()
    await registry.stop()
  }
}

/** A base of two layers and four instructions, in a layout; what is in it says which platform it is for. */
async function layoutOf(platform: Platform): Promise<string> {
  const context = temporaryFolder()
  writeFileSync(join(context, 'platform'), platform.architecture)
  writeFileSync(join(context, 'data'), noise('base', 50_000))
  const dest = join(temporaryFolder(), 'layout')
  const text =
    'FROM scratch\nCOPY platform /etc/platform\nENV BASE=1\nCOPY data /srv/data\nENTRYPOINT ["/etc/platform"]\n'
  await build(parse(text), {
    store: join(temporaryFolder(), 'store'),
    context,
    platform,
    outputs: [`type=oci,tar=false,name=base:1,dest=${dest}`],
  })
  return dest
}

const copy = (from: string, to: string, ...args: string[]) =>
  must('skopeo', ['copy', '--quiet', '--src-tls-verify=false', '--dest-tls-verify=false', ...args, from, to])

const raw = (ref: string) => must('skopeo', ['inspect', '--raw', '--tls-verify=false', `docker://${ref}`])

/** The manifest and the config under a name, everything that they name fetched, and each digest and diff ID recomputed. */
async function judged({ host, registries }: World, repository: string, reference: string) {
  const registry = registries.at(host)
  const manifest = JSON.parse(await raw(`${host}/${repository}${reference}`)) as Manifest
  const fetch = async (descriptor: Descriptor) => {
    const bytes = Buffer.concat(await (await registry.getBlob(repository, descriptor, { verify: false })).toArray())
    assert.is(bytes.length, descriptor.size)
    assert.is(digestOf(bytes), descriptor.digest)
    return bytes
  }
  const config = JSON.parse((await fetch(manifest.config)).toString()) as ImageConfig
  const diffIds: string[] = []
  for (const layer of manifest.layers) diffIds.push(digestOf(gunzipSync(await fetch(layer))))
  assert.equal(diffIds, config.rootfs.diff_ids)
  assert.is(config.history?.filter(({ empty_layer: empty }) => !empty).length, manifest.layers.length)
  return { manifest, config }
}

/** Builds one COPY and one LABEL on a base, pushes it, and says what the registry was asked meanwhile. */
async function buildOn(world: World, base: string, name: string): Promise<string[]> {
  const context = temporaryFolder()
  mkdirSync(context, { recursive: true })
  writeFileSync(join(context, 'mine'), 'mine')
  world.asked.length = 0
  await build(parse(`FROM ${base}\nLABEL mine=yes\nCOPY mine /srv/mine\n`), {
    store: join(temporaryFolder(), 'store'),
    context,
    outputs: [`type=registry,name=${world.host}/${name}`],
  })
  return world.asked.map(({ line }) => line)
}

for (const [format, types] of Object.entries(family)) {
  daemonless.needs(judges, `a base served as ${format} is built upon by tag and by digest, its layers untouched`, () =>
    withWorld(async (world) => {
      const { host } = world
      await copy(
        `oci:${await layoutOf(own)}:1`,
        `docker://${host}/base:1`,
        '--format',
        format === 'docker' ? 'v2s2' : 'oci',
      )
      const base = await judged(world, 'base', ':1')
      assert.is(base.manifest.mediaType ?? types.manifest, types.manifest)
      assert.ok(base.manifest.layers.every(({ mediaType }) => mediaType === types.layer))
      const pinned = digestOf(await raw(`${host}/base:1`))

      for (const [n, ref] of [`${host}/base:1`, `${host}/base@${pinned}`, `${host}/base:1@${pinned}`].entries()) {
        const lines = await buildOn(world, ref, `app${n}:1`)
        const accepts = world.asked.filter(({ line }) => /^(GET|HEAD) .*\/base\/manifests\//.test(line))
        assert.ok(accepts.length > 0)
        for (const { accept } of accepts)
          for (const { manifest, index } of Object.values(family))
            assert.ok(accept.includes(manifest) && accept.includes(index), accept)
        assert.ok(lines.includes(`GET /v2/base/blobs/${base.manifest.config.digest}`), 'the config is fetched')

        const app = await judged(world, `app${n}`, ':1')
        assert.equal(
          app.manifest.layers.map(({ digest }) => digest).slice(0, 2),
          base.manifest.layers.map(({ digest }) => digest),
        )
        assert.is(app.manifest.layers.length, 3)
        assert.equal(app.config.rootfs.diff_ids.slice(0, 2), base.config.rootfs.diff_ids)
        const history = base.config.history!
        assert.equal(app.config.history!.slice(0, history.length), history)
        const mine = app.config.history!.slice(history.length)
        assert.equal(
          mine.map(({ created_by: by, empty_layer: empty }) => [by?.split(' ')[0], empty ?? false]),
          [
            ['LABEL', true],
            ['COPY', false],
          ],
        )
        assert.equal(app.config.config?.Entrypoint, ['/etc/platform'])
        assert.equal(app.config.config?.Env?.includes('BASE=1'), true)

        const sent = lines.filter((line) => /^(PUT|PATCH) .*\/blobs\/uploads\//.test(line))
        assert.is(sent.length, 2, 'our layer and our config')
        for (const { digest } of base.manifest.layers) {
          assert.ok(lines.some((line) => line.startsWith('POST') && line.includes(encodeURIComponent(digest))))
          assert.not.ok(sent.some((line) => line.includes(encodeURIComponent(digest)) || line.includes(digest)))
        }
      }
    }),
  )

  daemonless.needs(judges, `of an index of ${format} the manifest for the platform is built upon`, () =>
    withWorld(async (world) => {
      const { host, registries } = world
      const manifests: Descriptor[] = []
      for (const platform of [other, own]) {
        const name = `docker://${host}/base:${platform.architecture}`
        await copy(`oci:${await layoutOf(platform)}:1`, name, '--format', format === 'docker' ? 'v2s2' : 'oci')
        const bytes = await raw(`${host}/base:${platform.architecture}`)
        manifests.push({ mediaType: types.manifest, digest: digestOf(bytes), size: bytes.length, platform })
      }
      const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: types.index, manifests }))
      await registries.at(host).putManifest('base', 'all', { bytes, mediaType: types.index })
      for (const ref of [`${host}/base:all`, `${host}/base@${digestOf(bytes)}`]) {
        const lines = await buildOn(world, ref, 'app:1')
        assert.ok(lines.some((line) => line.endsWith(manifests[1]!.digest)))
        assert.not.ok(
          lines.some((line) => line.endsWith(manifests[0]!.digest)),
          'the other platform is left alone',
        )
        const { manifest, config } = await judged(world, 'app', ':1')
        assert.is(config.architecture, own.architecture)
        const [first] = (await judged(world, 'base', `:${own.architecture}`)).manifest.layers
        assert.is(manifest.layers[0]!.digest, first!.digest)
      }
    }),
  )
}

daemonless.needs(
  [...judges, 'dockerd', 'docker', 'root', 'linux'],
  'docker pulls what was built, of an image that docker pushed itself too, and its files are all there',
  () =>
    withWorld(async (world) => {
      const { host } = world
      const docker = await startDocker()
      const run = async (...args: string[]) => {
        const { code, stdout, stderr } = await docker.run(args)
        assert.is(code, 0, `docker ${args.join(' ')}: ${stderr}`)
        return stdout
      }
      try {
        await copy(`oci:${await layoutOf(own)}:1`, `docker://${host}/base:oci`, '--format', 'oci')
        await run('pull', '-q', `${host}/base:oci`)
        await run('tag', `${host}/base:oci`, `${host}/base:docker`)
        await run('push', '-q', `${host}/base:docker`)
        const pushed = JSON.parse(await raw(`${host}/base:docker`)) as Manifest
        assert.is(pushed.mediaType, mediaTypes.dockerManifest)
        for (const tag of ['oci', 'docker']) {
          await buildOn(world, `${host}/base:${tag}`, `app:${tag}`)
          await run('pull', '-q', `${host}/app:${tag}`)
          const container = (await run('create', '--network=none', `${host}/app:${tag}`)).trim()
          const folder = temporaryFolder()
          for (const path of ['etc/platform', 'srv/data', 'srv/mine'])
            await run('cp', `${container}:/${path}`, join(folder, path.replace('/', '-')))
          const [image] = JSON.parse(await run('image', 'inspect', `${host}/app:${tag}`)) as [
            { Id: string; RootFS: { Layers: string[] } },
          ]
          const { manifest, config } = await judged(world, 'app', `:${tag}`)
          assert.equal(image.RootFS.Layers, config.rootfs.diff_ids)
          assert.is(image.Id, manifest.config.digest)
        }
      } finally {
        await docker.stop()
      }
    }),
)

daemonless.run()
