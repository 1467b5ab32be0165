import { createWriteStream, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip, gzipSync } from 'node:zlib'
import { importRootfs } from '../../sdk/engine/import.ts'
import { parseArchiveReference, readArchive } from '../../sdk/engine/inspect-archive.ts'
import { openStore } from '../../sdk/engine/open.ts'
import { writeDocker, writeOci } from '../../sdk/export/tarball.ts'
import { imageOf, randomLayer, tarOf, testIo } from '../helpers/image.ts'
import { must } from '../helpers/program.ts'
import { assert, suite } from '../helpers/suite.ts'
import { temporaryFolder } from '../helpers/temporary.ts'

const test = suite('engine/inspect-archive')

const amd64 = { os: 'linux', architecture: 'amd64' }
const arm64 = { os: 'linux', architecture: 'arm64' }
const image = async (seed = 'a') =>
  imageOf({ layers: [await randomLayer(seed), await randomLayer(`${seed}2`)], config: { User: seed }, platform: amd64 })
const read = (file: string, tag?: string, platform = amd64) =>
  readArchive({ file, ...(tag !== undefined && { tag }) }, platform, testIo())
const failure = (promise: Promise<unknown>) => promise.then(() => undefined).catch((error) => error)
const inFolder = (name: string) => join(temporaryFolder(), name)

/** The archive as it is, and compressed. */
const forms = async (file: string): Promise<string[]> => {
  writeFileSync(`${file}.gz`, gzipSync(readFileSync(file)))
  return [file, `${file}.gz`]
}

test('the image of an OCI archive is read, plain and compressed', async () => {
  const made = await image()
  const file = inFolder('oci.tar')
  await writeOci(made, file, { names: ['app:1'] }, testIo())
  for (const form of await forms(file)) {
    const found = await read(form)
    const [platform] = made.platforms
    assert.is(found.manifestDigest, platform!.manifest.descriptor.digest)
    assert.is(found.config.config?.User, 'a')
    assert.equal(
      found.manifest.layers,
      platform!.layers.map(({ descriptor }) => descriptor),
    )
    assert.is((await read(form, '1')).digest, found.digest)
    const error = await failure(read(form, '2'))
    assert.is(error.code, 'IMAGE_NOT_FOUND')
    assert.is(error.hint, 'it has docker.io/library/app:1')
  }
})

test('of an index the image for the platform is read, and its platforms are told', async () => {
  const layers = [await randomLayer('x')]
  const file = inFolder('oci.tar')
  await writeOci(imageOf({ layers, platform: amd64 }, { layers, platform: arm64 }), file, { names: [] }, testIo())
  const found = await read(file, undefined, arm64)
  assert.is(found.config.architecture, 'arm64')
  assert.equal(found.platforms, [amd64, arm64])
  assert.is.not(found.digest, found.manifestDigest)
  const error = await failure(read(file, undefined, { os: 'linux', architecture: 's390x' }))
  assert.is(error.code, 'IMAGE_NOT_FOUND')
  assert.is(error.hint, 'it has linux/amd64, linux/arm64')
})

test('the image of a docker archive is the one that importing it makes', async () => {
  const file = inFolder('docker.tar')
  await writeDocker(await image(), file, { names: ['app:1'] }, testIo())
  const store = await openStore(join(temporaryFolder(), 'store'))
  const [imported] = await importRootfs(file, { store, platform: amd64 }, testIo()).finally(() => store.close())
  for (const form of await forms(file)) {
    const found = await read(form, 'app:1')
    assert.is(found.manifestDigest, imported!.manifest.digest)
    assert.equal(found.manifest.layers, imported!.layers)
  }
})

test('a docker archive of compressed layers has their digests', async () => {
  const layer = await randomLayer('z')
  const pieces: Buffer[] = []
  for await (const piece of await layer.open(testIo())) pieces.push(piece as Buffer)
  const config = {
    architecture: 'amd64',
    os: 'linux',
    config: {},
    rootfs: { type: 'layers', diff_ids: [layer.diffId] },
  }
  const saved = (tag: string) => ({ Config: 'config.json', RepoTags: [tag], Layers: ['0/layer.tar.gz'] })
  const file = inFolder('saved.tar')
  writeFileSync(
    file,
    await tarOf({
      '0/layer.tar.gz': Buffer.concat(pieces),
      'config.json': JSON.stringify(config),
      'manifest.json': JSON.stringify([saved('one/app:1'), saved('two/app:2')]),
    }),
  )
  for (const form of await forms(file)) {
    assert.equal((await read(form, 'two/app:2')).manifest.layers, [layer.descriptor])
    const error = await failure(read(form))
    assert.is(error.code, 'IMAGE_NOT_FOUND')
    assert.match(error.hint, 'it has one/app:1, two/app:2')
  }
})

test.needs(['skopeo'], 'archives that skopeo wrote are read', async () => {
  const from = inFolder('oci.tar')
  await writeOci(await image(), from, { names: ['app:1'] }, testIo())
  for (const scheme of ['oci-archive', 'docker-archive']) {
    const file = inFolder('copy.tar')
    await must('skopeo', ['copy', '--quiet', `oci-archive:${from}`, `${scheme}:${file}:app:3`])
    assert.is((await read(file, '3')).config.config?.User, 'a', scheme)
  }
})

test('what is no image archive, or a damaged one, is told', async () => {
  const rootfs = inFolder('rootfs.tar')
  writeFileSync(rootfs, await tarOf({ 'etc/passwd': 'root', 'manifest.json': '[]' }))
  const none = await failure(read(rootfs))
  assert.is(none.code, 'IMAGE_INVALID')
  assert.match(none.hint, 'imgsdk import')

  const text = inFolder('text.tar')
  writeFileSync(text, 'no archive at all'.repeat(100))
  assert.match((await failure(read(text))).message, 'is not an image archive: the tar header at byte 0 is damaged')

  const short = inFolder('short.tar')
  await writeOci(await image(), short, { names: [] }, testIo())
  truncateSync(short, 50_000)
  const error = await failure(read(short))
  assert.is(error.code, 'IMAGE_INVALID')
  assert.match(error.message, 'ends in the middle of an entry')

  const changed = inFolder('changed.tar')
  const made = await image()
  await writeOci(made, changed, { names: [] }, testIo())
  const bytes = readFileSync(changed)
  bytes.write('"USER"', bytes.indexOf('"User"'))
  writeFileSync(changed, bytes)
  assert.is((await failure(read(changed))).code, 'DIGEST_MISMATCH')
})

test('layers are passed over: 400 MB of them take no memory', async () => {
  const file = inFolder('large.tar.gz')
  const piece = Buffer.alloc(1 << 20)
  const sized = (await tarOf({ 'blob.tar': Buffer.alloc(0) })).subarray(0, 512)
  sized.write((400 * piece.length).toString(8).padStart(11, '0'), 124)
  sized.write('        ', 148)
  sized.write(
    `${sized
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, '0')}\0 `,
    148,
  )
  function* content() {
    yield sized
    for (let i = 0; i < 400; i++) yield piece
    yield Buffer.alloc(1024)
  }
  await pipeline(Readable.from(content(), { objectMode: false }), createGzip({ level: 1 }), createWriteStream(file))
  const before = process.memoryUsage().rss
  assert.is((await failure(read(file))).code, 'IMAGE_INVALID')
  assert.ok(process.memoryUsage().rss - before < 100e6)
})

test('a name after the last colon that leaves a file is the name in the archive', () => {
  const file = inFolder('a:b.tar')
  writeFileSync(file, '')
  assert.equal(parseArchiveReference(file), { file })
  assert.equal(parseArchiveReference(`${file}:app:1`), { file, tag: 'app:1' })
  assert.is(parseArchiveReference(`${file}.gz`), undefined)
})

test.run()
