import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable, Writable } from 'node:stream'
import type { Image } from '../../sdk/export/image.ts'
import { writeDocker, writeOci } from '../../sdk/export/tarball.ts'
import { digestOf } from '../../sdk/oci/digest.ts'
import { startDocker } from '../helpers/docker.ts'
import { imageOf, layerOf, randomLayer, type TestImage, tarOf, testIo } from '../helpers/image.ts'
import { must } from '../helpers/program.ts'
import { busyboxRootfs } from '../helpers/rootfs.ts'
import { assert, suite } from '../helpers/suite.ts'
import { temporaryFolder } from '../helpers/temporary.ts'

const test = suite('export/tarball')

const small = async (more: Partial<TestImage> = {}): Promise<Image> =>
  imageOf({ layers: [await randomLayer('a'), await randomLayer('b')], config: { Cmd: ['/bin/sh'] }, ...more })

const names = async (path: string) => (await must('tar', ['tf', path])).trim().split('\n')

test('one image makes one archive, its entries sorted', async () => {
  const folder = temporaryFolder()
  const [first, second] = [join(folder, '1.tar'), join(folder, '2.tar')]
  await writeOci(await small(), first, { names: ['app:1'] }, testIo())
  await writeOci(await small(), second, { names: ['app:1'] }, testIo())
  assert.is(digestOf(readFileSync(first)), digestOf(readFileSync(second)))
  const entries = await names(first)
  assert.equal(entries, [...entries].sort())
  assert.equal(entries.slice(0, 2), ['blobs/', 'blobs/sha256/'])
  assert.equal(entries.slice(-2), ['index.json', 'oci-layout'])
  assert.is(entries.length, 2 + 2 + 2 + 2)
})

test.needs(['skopeo'], 'skopeo reads an OCI archive, every blob checked', async () => {
  const folder = temporaryFolder()
  const path = join(folder, 'image.tar')
  const image = await small()
  await writeOci(image, path, { names: ['registry.example/team/app:v1', 'app'] }, testIo())
  const raw = await must('skopeo', ['inspect', '--raw', `oci-archive:${path}:v1`])
  assert.is(digestOf(raw), image.platforms[0]?.manifest.descriptor.digest)
  await must('skopeo', ['copy', `oci-archive:${path}:latest`, `dir:${join(folder, 'copy')}`])
  const index = JSON.parse(await must('tar', ['xOf', path, 'index.json']))
  assert.equal(
    index.manifests.map((entry: { annotations: Record<string, string> }) => entry.annotations),
    [
      {
        'io.containerd.image.name': 'registry.example/team/app:v1',
        'org.opencontainers.image.ref.name': 'v1',
      },
      { 'io.containerd.image.name': 'docker.io/library/app:latest', 'org.opencontainers.image.ref.name': 'latest' },
    ],
  )
})

test.needs(['skopeo'], 'an image of two platforms keeps its index; a layer that both have is stored once', async () => {
  const folder = temporaryFolder()
  const path = join(folder, 'image.tar')
  const shared = await randomLayer('shared')
  const image = imageOf(
    { layers: [shared], platform: { os: 'linux', architecture: 'amd64' } },
    { layers: [shared, await randomLayer('arm')], platform: { os: 'linux', architecture: 'arm64', variant: 'v8' } },
  )
  await writeOci(image, path, {}, testIo())
  await must('skopeo', ['copy', '--all', `oci-archive:${path}`, `dir:${join(folder, 'copy')}`])
  assert.is((await names(path)).length, 2 + 2 + 2 + 2 + 1 + 2)
})

test.needs(
  ['root', 'dockerd', 'busybox'],
  'docker loads and runs an archive, its layers compressed or not',
  async () => {
    const docker = await startDocker()
    try {
      for (const compression of ['none', 'gzip'] as const) {
        const path = join(temporaryFolder(), 'image.tar')
        const root = layerOf(readFileSync(await busyboxRootfs()), compression)
        const image = imageOf({
          layers: [root, await randomLayer(compression, 1000, compression)],
          config: { Cmd: ['/bin/sh', '-c', `wc -c < /data-${compression}`], Env: ['PATH=/bin'] },
        })
        await writeDocker(image, path, { names: ['team/app:1', 'app'] }, testIo())
        const loaded = await docker.run(['load', '-i', path])
        assert.match(loaded.stdout, /Loaded image: team\/app:1/)
        const ran = await docker.run(['run', '--rm', '--network=host', 'app'])
        assert.is(`${ran.stdout}${ran.stderr}`, '1000\n')
        const id = await docker.run(['image', 'inspect', '-f', '{{.Id}}', 'app'])
        assert.is(id.stdout.trim(), image.platforms[0]?.config.descriptor.digest)
      }
    } finally {
      await docker.stop()
    }
  },
)

test.needs(['skopeo'], 'skopeo reads a docker archive as such, and as an OCI archive', async () => {
  const path = join(temporaryFolder(), 'image.tar')
  await writeDocker(await small(), path, { names: ['app:1'] }, testIo())
  assert.match(await must('skopeo', ['inspect', '--config', `docker-archive:${path}`]), '"/bin/sh"')
  assert.match(await must('skopeo', ['inspect', '--config', `oci-archive:${path}`]), '"/bin/sh"')
})

test('a docker archive holds one platform', async () => {
  const image = imageOf(
    { layers: [], platform: { os: 'linux', architecture: 'amd64' } },
    { layers: [], platform: { os: 'linux', architecture: 'arm64' } },
  )
  const error = await writeDocker(image, join(temporaryFolder(), 'x.tar'), {}, testIo()).catch((error) => error)
  assert.is(error.code, 'UNSUPPORTED')
})

test('writes to a stream and leaves it open', async () => {
  const pieces: Buffer[] = []
  const stream = new Writable({
    write(piece, _, done) {
      pieces.push(piece)
      done()
    },
  })
  await writeOci(await small(), stream, {}, testIo())
  assert.not(stream.writableEnded)
  const path = join(temporaryFolder(), 'image.tar')
  await writeOci(await small(), path, {}, testIo())
  assert.is(digestOf(Buffer.concat(pieces)), digestOf(readFileSync(path)))
})

test('a blob that is not what its descriptor says leaves no file', async () => {
  const good = await randomLayer('a')
  const wrong = { ...good, open: async () => Readable.from([Buffer.alloc(good.descriptor.size)]) }
  const short = { ...good, open: async () => Readable.from([Buffer.alloc(10)]) }
  for (const layer of [wrong, short]) {
    const folder = temporaryFolder()
    const dest = join(folder, 'image.tar')
    const error = await writeOci(imageOf({ layers: [layer] }), dest, {}, testIo()).catch((error) => error)
    assert.is(error.code, 'DIGEST_MISMATCH')
    assert.equal(readdirSync(folder), [])
  }
})

test('cancelled, it leaves no file and the old one as it was', async () => {
  const folder = temporaryFolder()
  const dest = join(folder, 'image.tar')
  await writeOci(await small(), dest, {}, testIo())
  const before = readFileSync(dest)
  const io = testIo()
  const layer = await randomLayer('slow', 2_000_000)
  const endless = {
    ...layer,
    open: async () =>
      Readable.from(
        (function* () {
          yield Buffer.alloc(1000)
          io.cancel()
          for (;;) yield Buffer.alloc(1000)
        })(),
      ),
  }
  const error = await writeOci(imageOf({ layers: [endless] }), dest, {}, io).catch((error) => error)
  assert.is(error.code, 'BUILD_CANCELLED')
  assert.is(error.exit, 130)
  assert.equal(readdirSync(folder), ['image.tar'])
  assert.ok(before.equals(readFileSync(dest)))
})

test.needs(['root', 'linux'], 'A32 a full disk is DISK_FULL and leaves nothing', async () => {
  const folder = temporaryFolder()
  await must('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', folder])
  try {
    const image = imageOf({ layers: [await randomLayer('big', 1_000_000)] })
    const error = await writeOci(image, join(folder, 'image.tar'), {}, testIo()).catch((error) => error)
    assert.is(error.code, 'DISK_FULL')
    assert.is(error.detail.path, join(folder, 'image.tar'))
    assert.equal(readdirSync(folder), [])
  } finally {
    await must('umount', [folder])
  }
})

test('a directory as destination, or one that cannot be made, is an error with its path', async () => {
  const folder = temporaryFolder()
  const onto = await writeOci(await small(), folder, {}, testIo()).catch((error) => error)
  assert.is(onto.code, 'EXPORT_FAILED')
  const below = join(folder, 'file', 'image.tar')
  await writeOci(await small(), join(folder, 'file'), {}, testIo())
  const error = await writeOci(await small(), below, {}, testIo()).catch((error) => error)
  assert.is(error.code, 'EXPORT_FAILED')
  assert.is(error.detail.path, below)
})

test('makes the folders that are missing, and follows a link to the file', async () => {
  const folder = temporaryFolder()
  const dest = join(folder, 'a', 'b', 'image.tar')
  await writeOci(await small(), dest, {}, testIo())
  await must('ln', ['-s', 'a/b/image.tar', join(folder, 'link.tar')])
  await writeOci(await small({ config: { Cmd: ['new'] } }), join(folder, 'link.tar'), {}, testIo())
  assert.ok(existsSync(join(folder, 'link.tar')))
  assert.match(readFileSync(dest).toString('latin1'), '"Cmd":["new"]')
})

test('tells its progress, of large layers to the last byte', async () => {
  const io = testIo()
  const large = layerOf(await tarOf({ zeros: Buffer.alloc(9_000_000) }), 'none')
  await writeOci(imageOf({ layers: [large, await randomLayer('b')] }), join(temporaryFolder(), 'image.tar'), {}, io)
  const told = io.events.filter((event) => event.type === 'progress')
  assert.ok(told.every(({ id }) => id === large.descriptor.digest))
  assert.is(told.at(-1)?.current, large.descriptor.size)
  assert.equal([io.events.at(0)?.type, io.events.at(-1)?.type], ['start', 'done'])
})

test.run()
