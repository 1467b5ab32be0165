import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { Image } from '../../sdk/export/image.ts'
import * as layout from '../../sdk/export/layout.ts'
import { digestOf } from '../../sdk/oci/digest.ts'
import type { Descriptor } from '../../sdk/oci/types.ts'
import { imageOf, layerOf, randomLayer, testIo } from '../helpers/image.ts'
import { must } from '../helpers/program.ts'
import { busyboxRootfs } from '../helpers/rootfs.ts'
import { assert, suite } from '../helpers/suite.ts'
import { temporaryFolder } from '../helpers/temporary.ts'

const test = suite('export/layout')

const small = async (...seeds: string[]): Promise<Image> =>
  imageOf({ layers: await Promise.all(seeds.map((seed) => randomLayer(seed))), config: { Cmd: seeds } })

const manifests = (dir: string): Descriptor[] => JSON.parse(readFileSync(join(dir, 'index.json'), 'utf8')).manifests
const blobs = (dir: string): string[] => readdirSync(join(dir, 'blobs', 'sha256')).sort()
const everything = (dir: string): string[] => readdirSync(dir, { recursive: true }).map(String).sort()
const failure = (promise: Promise<unknown>) => promise.then(() => undefined).catch((error) => error)

test.needs(['skopeo', 'umoci', 'root', 'busybox'], 'skopeo and umoci read what it writes', async () => {
  const folder = temporaryFolder()
  const dir = join(folder, 'new', 'layout')
  const image = imageOf({ layers: [layerOf(readFileSync(await busyboxRootfs())), await randomLayer('top', 77)] })
  await layout.write(image, dir, { names: ['example.org/app:v1'] }, testIo())
  assert.equal(readdirSync(dir).sort(), ['blobs', 'index.json', 'oci-layout'])
  await must('skopeo', ['copy', `oci:${dir}:v1`, `dir:${join(folder, 'copy')}`])
  await must('umoci', ['unpack', '--image', `${dir}:v1`, join(folder, 'bundle')])
  assert.is(readFileSync(join(folder, 'bundle', 'rootfs', 'data-top')).length, 77)
  for (const name of blobs(dir)) assert.is(digestOf(readFileSync(join(dir, 'blobs/sha256', name))), `sha256:${name}`)
})

test('adds to a layout that is there, and writes no blob twice', async () => {
  const dir = join(temporaryFolder(), 'layout')
  await layout.write(await small('base', 'one'), dir, { names: ['app:1'] }, testIo())
  const io = testIo()
  await layout.write(await small('base', 'two'), dir, { names: ['app:2'] }, io)
  assert.is(manifests(dir).length, 2)
  assert.is(blobs(dir).length, 3 + 2 + 2)
  const base = (await randomLayer('base')).descriptor.digest
  assert.not(io.events.some((event) => event.type === 'progress' && event.id === base))
})

test('a name moves to the newer image; without one it is "latest"', async () => {
  const dir = join(temporaryFolder(), 'layout')
  await layout.write(await small('one'), dir, { names: ['app:1', 'app:old'] }, testIo())
  await layout.write(await small('two'), dir, { names: ['app:1'] }, testIo())
  await layout.write(await small('three'), dir, {}, testIo())
  await layout.write(await small('four'), dir, {}, testIo())
  const tags = manifests(dir).map((entry) => entry.annotations?.['org.opencontainers.image.ref.name'])
  assert.equal(tags, ['old', '1', 'latest'])
  assert.is(manifests(dir).at(-1)?.digest, (await small('four')).platforms[0]?.manifest.descriptor.digest)
})

test('keeps what other tools put into the index', async () => {
  const dir = join(temporaryFolder(), 'layout')
  await layout.write(await small('one'), dir, { names: ['app:1'] }, testIo())
  const index = JSON.parse(readFileSync(join(dir, 'index.json'), 'utf8'))
  const foreign = { ...index.manifests[0], annotations: undefined, digest: digestOf('x') }
  writeFileSync(
    join(dir, 'index.json'),
    JSON.stringify({ ...index, annotations: { a: 'b' }, manifests: [foreign, ...index.manifests] }),
  )
  await layout.write(await small('two'), dir, { names: ['app:2'] }, testIo())
  assert.is(manifests(dir).length, 3)
  assert.is(manifests(dir)[0]?.digest, foreign.digest)
  assert.equal(JSON.parse(readFileSync(join(dir, 'index.json'), 'utf8')).annotations, { a: 'b' })
})

test('eight writers at once all succeed', async () => {
  const dir = join(temporaryFolder(), 'layout')
  const seeds = ['1', '2', '3', '4', '5', '6', '7', '8']
  await Promise.all(
    seeds.map(async (seed) => layout.write(await small('base', seed), dir, { names: [`app:${seed}`] }, testIo())),
  )
  assert.is(manifests(dir).length, 8)
  assert.is(blobs(dir).length, 9 + 16)
  assert.equal(readdirSync(dir).sort(), ['blobs', 'index.json', 'oci-layout'])
  assert.equal(readdirSync(join(dir, '..')), ['layout'])
})

test('a lock whose process is gone does not stop it', async () => {
  const dir = join(temporaryFolder(), 'layout')
  await layout.write(await small('one'), dir, {}, testIo())
  writeFileSync(join(dir, 'index.json.lock'), '4194303')
  await layout.write(await small('two'), dir, { names: ['app:2'] }, testIo())
  assert.is(manifests(dir).length, 2)
  assert.not(existsSync(join(dir, 'index.json.lock')))
})

test('refuses a directory that holds something else, and leaves it alone', async () => {
  const dir = temporaryFolder()
  writeFileSync(join(dir, 'precious'), '')
  const error = await failure(layout.write(await small('one'), dir, {}, testIo()))
  assert.is(error.code, 'EXPORT_FAILED')
  assert.is(error.detail.path, dir)
  assert.equal(everything(dir), ['precious'])
  const file = await failure(layout.write(await small('one'), join(dir, 'precious'), {}, testIo()))
  assert.is(file.code, 'EXPORT_FAILED')
})

test('refuses a layout whose index is broken, and leaves it alone', async () => {
  const dir = join(temporaryFolder(), 'layout')
  await layout.write(await small('one'), dir, {}, testIo())
  writeFileSync(join(dir, 'index.json'), '{')
  const before = everything(dir)
  assert.is((await failure(layout.write(await small('two'), dir, {}, testIo()))).code, 'EXPORT_FAILED')
  assert.equal(everything(dir), before)
})

test('what fails leaves nothing: neither a new directory nor a blob in an old one', async () => {
  const parent = temporaryFolder()
  const good = await randomLayer('good')
  const bad = { ...(await randomLayer('bad')), open: async () => Readable.from([Buffer.alloc(10)]) }
  const image = imageOf({ layers: [good, bad] })
  const dir = join(parent, 'layout')
  assert.is((await failure(layout.write(image, dir, {}, testIo()))).code, 'DIGEST_MISMATCH')
  assert.equal(readdirSync(parent), [])
  await layout.write(await small('one'), dir, {}, testIo())
  const before = everything(dir)
  assert.is((await failure(layout.write(image, dir, {}, testIo()))).code, 'DIGEST_MISMATCH')
  assert.equal(everything(dir), before)
  mkdirSync(join(parent, 'empty'))
  await failure(layout.write(image, join(parent, 'empty'), {}, testIo()))
  assert.equal(everything(join(parent, 'empty')), [])
})

test('cancelled, it leaves nothing', async () => {
  const parent = temporaryFolder()
  const io = testIo()
  const layer = await randomLayer('a')
  const open = async () => {
    io.cancel()
    return layer.open()
  }
  const error = await failure(layout.write(imageOf({ layers: [{ ...layer, open }] }), join(parent, 'x'), {}, io))
  assert.is(error.code, 'BUILD_CANCELLED')
  assert.equal(readdirSync(parent), [])
})

test.run()
