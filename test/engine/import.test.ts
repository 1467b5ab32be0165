import { createReadStream, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { type ImportOptions, importRootfs } from '../../sdk/engine/import.ts'
import { inspectImage } from '../../sdk/engine/inspect.ts'
import { codec } from '../../sdk/engine/layer/codec.ts'
import { encodeEntry } from '../../sdk/engine/layer/encode.ts'
import { openTree } from '../../sdk/engine/layer/tree.ts'
import { openStore } from '../../sdk/engine/open.ts'
import { createResolver } from '../../sdk/engine/resolve/index.ts'
import type { Store } from '../../sdk/engine/store/store.ts'
import * as layout from '../../sdk/export/layout.ts'
import { writeDocker, writeOci } from '../../sdk/export/tarball.ts'
import { validateImage } from '../../sdk/oci/validate-image.ts'
import { startDocker } from '../helpers/docker.ts'
import { goArchitecture, imageOf, layerOf, randomLayer, type TestEntry, tarOf, testIo } from '../helpers/image.ts'
import { must } from '../helpers/program.ts'
import { busyboxRootfs, debianRootfs } from '../helpers/rootfs.ts'
import { assert, suite } from '../helpers/suite.ts'
import { temporaryFolder } from '../helpers/temporary.ts'

const test = suite('engine/import')

const host = { os: 'linux', architecture: goArchitecture() }
const failure = (promise: Promise<unknown>) => promise.then(() => undefined).catch((error) => error)

const withStore = async (body: (store: Store) => Promise<void>): Promise<void> => {
  const store = await openStore(join(temporaryFolder(), 'store'))
  await body(store).finally(() => store.close())
}

const take = (source: string | Buffer, store: Store, more: Partial<ImportOptions> = {}, io = testIo()) =>
  importRootfs(typeof source === 'string' ? source : Readable.from([source]), { store, platform: host, ...more }, io)

/** The image under a name as FROM would see it: config and files. */
const open = async (name: string, store: Store) => {
  const none = (): never => {
    throw new Error('a registry was asked')
  }
  const resolver = createResolver({ store, registry: none, mode: 'local' })
  const image = await resolver.resolve(name, host, testIo())
  const tree = await openTree(await Promise.all(image.layers.map((layer) => store.layers.base(layer))))
  return { ...image, tree, resolver }
}

const bytes = async (store: Store, digest: `sha256:${string}`) => {
  const pieces: Buffer[] = []
  for await (const piece of await store.blobs.get(digest)) pieces.push(piece as Buffer)
  return Buffer.concat(pieces)
}

const small = (): Promise<Buffer> =>
  tarOf({ './': '', './bin/': '', './bin/sh': 'shell', './etc/passwd': { content: 'root', mtime: new Date(5e9) } })

test('an archive becomes the one layer of an image, byte for byte, usable as FROM at once', async () => {
  await withStore(async (store) => {
    const tar = await small()
    const [image] = await take(tar, store, { tags: ['mine'], config: { Cmd: ['/bin/sh'] } })
    assert.equal(image?.names, ['docker.io/library/mine:latest'])
    const { config, manifest, tree } = await open('mine', store)
    assert.equal(config.config?.Cmd, ['/bin/sh'])
    assert.is(Buffer.concat([...tree.read(tree.entry('bin/sh')!)]).toString(), 'shell')
    assert.ok((await bytes(store, manifest.layers[0]!.digest)).equals(tar))
    validateImage({
      manifest: await bytes(store, image!.manifest.digest),
      config: await bytes(store, manifest.config.digest),
    })
    assert.is(config.created, '1970-02-27T20:53:20Z', 'the time of the newest file')
  })
})

test('an archive that is not there is told by its name, with the nearest one', async () => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'rootfs.tar'), '')
  await withStore(async (store) => {
    const error = await failure(take(join(folder, 'roofts.tar'), store))
    assert.is(error.code, 'USAGE')
    assert.is(error.message, `there is no file or folder "${join(folder, 'roofts.tar')}"`)
    assert.is(error.hint, `did you mean ${join(folder, 'rootfs.tar')}?`)
    assert.is((await failure(take(join(folder, 'none', 'a.tar'), store))).hint, undefined)
  })
})

test('one archive makes one image, whatever the store and the compression', async () => {
  const digests: string[] = []
  const tar = await small()
  for (const form of [tar, tar, gzipSync(tar)]) {
    await withStore(async (store) => {
      const [image] = await take(form, store)
      digests.push(image!.manifest.digest)
    })
  }
  assert.is(new Set(digests).size, 1)
})

for (const program of ['gzip', 'xz', 'zstd', 'bzip2']) {
  test.needs([program], `reads ${program}, by content and not by name`, async () => {
    const path = join(temporaryFolder(), 'rootfs.txt')
    writeFileSync(path, await small())
    await must('sh', ['-c', `${program} -c < "$0" > "$0.other"`, path])
    await withStore(async (store) => {
      await take(`${path}.other`, store, { tags: ['mine'] })
      assert.ok((await open('mine', store)).tree.entry('bin/sh'))
    })
  })
}

test.needs(['root', 'mmdebstrap'], 'imports what mmdebstrap makes', async () => {
  await withStore(async (store) => {
    const started = performance.now()
    const [image] = await take(await debianRootfs(), store, { tags: ['debian:bookworm'] })
    const { tree } = await open('debian:bookworm', store)
    assert.is(tree.entry('etc/debian_version')?.type, 'file')
    assert.is(tree.entry('dev/null')?.type, 'character-device')
    assert.ok(image!.layers[0]!.size > 100e6)
    assert.ok(performance.now() - started < 30_000)
  })
})

test('A1 A2 A3 A9 what leads out of the root, is damaged or no archive is refused, and nothing is named', async () => {
  const tarBytes = (entries: Record<string, TestEntry>) => tarOf(entries)
  const many: [string, Buffer, string][] = [
    ['A1 ..', await tarBytes({ '../x': '' }), 'PATH_ESCAPES'],
    ['A1 a/../../x', await tarBytes({ 'a/../../x': '' }), 'PATH_ESCAPES'],
    ['A3 hard link outside', await tarBytes({ x: { type: 'link', linkname: '../../etc/shadow' } }), 'PATH_ESCAPES'],
    ['A3 hard link to nothing', await tarBytes({ x: { type: 'link', linkname: '/etc/shadow' } }), 'LAYER_INVALID'],
    ['A5 a link as root', await tarBytes({ '.': { type: 'symlink', linkname: '/' } }), 'LAYER_INVALID'],
    ['A7 a whiteout', await tarBytes({ 'a/.wh.b': '' }), 'LAYER_INVALID'],
    ['A7 an opaque mark', await tarBytes({ 'a/.wh..wh..opq': '' }), 'LAYER_INVALID'],
    ['A7 .wh...', await tarBytes({ '.wh...': '' }), 'PATH_ESCAPES'],
    ['truncated', (await small()).subarray(0, 1500), 'LAYER_INVALID'],
    ['damaged gzip', gzipSync(await small()).subarray(0, 100), 'LAYER_INVALID'],
    ['text', Buffer.from('hello '.repeat(200)), 'LAYER_INVALID'],
    ['nothing', Buffer.alloc(0), 'LAYER_INVALID'],
    ['an empty archive', await tarBytes({}), 'LAYER_INVALID'],
  ]
  await withStore(async (store) => {
    for (const [name, archive, code] of many) {
      const error = await failure(take(archive, store, { tags: ['mine'] }))
      assert.is(error?.code, code, `${name}: ${error?.message}`)
    }
    assert.equal(await store.images.list(), [])
    assert.equal(store.blobs.list(), [])
  })
})

test('A2 a file through a link stays inside the root', async () => {
  await withStore(async (store) => {
    await take(await tarOf({ escape: { type: 'symlink', linkname: '/' }, 'escape/file': 'x' }), store, {
      tags: ['mine'],
    })
    const { tree } = await open('mine', store)
    assert.is(tree.entry('file')?.type, 'file')
  })
})

test('A9 a bomb is a quota error', async () => {
  const zeros = gzipSync(Buffer.alloc(64 << 20), { level: 9 })
  // One file of 10 GiB, made of 160 gzip members of 64 MiB each.
  const entry = { path: 'bomb', type: 'file', mode: 0o644, uid: 0, gid: 0, size: 160 * (64 << 20), mtime: 0 } as const
  const head = gzipSync(Buffer.concat([...encodeEntry(codec(), entry)]))
  const content = (function* () {
    yield head
    for (let i = 0; i < 160; i++) yield zeros
  })()
  await withStore(async (store) => {
    const error = await failure(importRootfs(Readable.from(content), { store, platform: host }, testIo()))
    assert.is(error?.code, 'QUOTA')
    assert.equal(store.blobs.list(), [])
  })
})

test('cancelled, it leaves nothing', async () => {
  await withStore(async (store) => {
    const io = testIo()
    const tar = await tarOf({ a: 'x'.repeat(3_000_000) })
    const content = (function* () {
      yield tar.subarray(0, 1_000_000)
      io.cancel()
      for (let at = 1_000_000; at < tar.length; at += 10_000) yield tar.subarray(at, at + 10_000)
    })()
    const slow = Readable.from(
      (async function* () {
        for (const piece of content) {
          await new Promise((done) => setTimeout(done, 1))
          yield piece
        }
      })(),
    )
    const error = await failure(importRootfs(slow, { store, platform: host, tags: ['mine'] }, io))
    assert.is(error?.code, 'BUILD_CANCELLED')
    assert.equal(await store.images.list(), [])
    assert.equal(store.blobs.list(), [])
  })
})

const pair = async () =>
  imageOf({ layers: [await randomLayer('a'), await randomLayer('b', 10, 'none')], config: { Cmd: ['/x'] } })

test('takes OCI layouts, as directory and as archive, and docker archives, as the images that they are', async () => {
  const folder = temporaryFolder()
  const image = await pair()
  const { manifest, config } = image.platforms[0]!
  await layout.write(image, join(folder, 'dir'), { names: ['app:dir'] }, testIo())
  await writeOci(image, join(folder, 'oci.tar'), { names: ['app:oci'] }, testIo())
  await writeDocker(image, join(folder, 'docker.tar'), { names: ['app:docker'] }, testIo())
  await withStore(async (store) => {
    for (const [path, tag] of [
      ['dir', 'dir'],
      ['oci.tar', 'oci'],
      ['docker.tar', 'docker'],
    ]) {
      const [imported] = await take(join(folder, path!), store)
      assert.equal(imported!.names, [`docker.io/library/app:${tag}`])
      assert.is(imported!.manifest.digest, manifest.descriptor.digest)
      const { tree, manifest: found } = await open(`app:${tag}`, store)
      assert.is(found.config.digest, config.descriptor.digest)
      assert.ok(tree.entry('data-b'))
    }
  })
})

test.needs(['skopeo'], 'takes what skopeo writes: docker-archive and oci-archive', async () => {
  const folder = temporaryFolder()
  await layout.write(await pair(), join(folder, 'dir'), { names: ['app:1'] }, testIo())
  for (const form of ['docker-archive', 'oci-archive']) {
    const name = form === 'docker-archive' ? ':app:1' : ':example.org/app:1'
    await must('skopeo', ['copy', `oci:${join(folder, 'dir')}:1`, `${form}:${join(folder, form)}${name}`])
    await withStore(async (store) => {
      const [imported] = await take(join(folder, form), store, { tags: ['other:2'] })
      assert.equal(imported!.names, ['docker.io/library/other:2'])
      assert.ok((await open('other:2', store)).tree.entry('data-a'))
    })
  }
})

test.needs(['root', 'dockerd', 'busybox'], 'takes what docker saves, several images at once', async () => {
  const path = join(temporaryFolder(), 'saved.tar')
  const loaded = join(temporaryFolder(), 'loaded.tar')
  const base = layerOf(readFileSync(await busyboxRootfs()), 'none')
  const docker = await startDocker()
  try {
    for (const tag of ['one', 'two']) {
      await writeDocker(
        imageOf({ layers: [base, await randomLayer(tag, 10, 'none')] }),
        loaded,
        { names: [`app:${tag}`] },
        testIo(),
      )
      await docker.run(['load', '-i', loaded])
    }
    assert.is((await docker.run(['save', '-o', path, 'app:one', 'app:two'])).code, 0)
  } finally {
    await docker.stop()
  }
  await withStore(async (store) => {
    const images = await take(path, store)
    assert.equal(images.flatMap(({ names }) => names).sort(), [
      'docker.io/library/app:one',
      'docker.io/library/app:two',
    ])
    const { tree } = await open('app:two', store)
    assert.ok(tree.entry('data-two'))
    assert.ok(tree.entry('bin/busybox'))
    const error = await failure(take(path, store, { tags: ['x'] }))
    assert.is(error?.code, 'USAGE')
    assert.match(error.hint, 'docker.io/library/app:one')
  })
})

test('an index with all its platforms is kept whole; one that lacks some gives the image that fits', async () => {
  const folder = temporaryFolder()
  const image = imageOf(
    { layers: [await randomLayer('arm')], platform: { os: 'linux', architecture: 'arm64' } },
    { layers: [await randomLayer('amd')], platform: { os: 'linux', architecture: 'amd64' } },
  )
  await layout.write(image, join(folder, 'dir'), { names: ['app:1'] }, testIo())
  const platform = { os: 'linux', architecture: 'amd64' }
  await withStore(async (store) => {
    const [whole] = await take(join(folder, 'dir'), store)
    assert.is(whole!.manifest.digest, image.index!.descriptor.digest)
  })
  const arm = image.platforms[0]!.manifest.descriptor.digest.slice(7)
  await must('rm', [join(folder, 'dir/blobs/sha256', arm)])
  await withStore(async (store) => {
    const io = testIo()
    const [part] = await take(join(folder, 'dir'), store, { platform }, io)
    assert.is(part!.manifest.digest, image.platforms[1]!.manifest.descriptor.digest)
    assert.ok(io.events.some((event) => event.type === 'warning'))
    const error = await failure(take(join(folder, 'dir'), store, { platform: { os: 'linux', architecture: 's390x' } }))
    assert.is(error?.code, 'IMAGE_INVALID')
  })
})

test('A27 a layer with a wrong diff ID, a missing or a wrong blob is refused, and no name is set', async () => {
  const folder = temporaryFolder()
  const lying = { ...(await randomLayer('a')), diffId: (await randomLayer('b')).diffId }
  await layout.write(imageOf({ layers: [lying] }), join(folder, 'lying'), { names: ['app:1'] }, testIo())
  await layout.write(await pair(), join(folder, 'missing'), { names: ['app:1'] }, testIo())
  await layout.write(await pair(), join(folder, 'wrong'), { names: ['app:1'] }, testIo())
  const blob = (await randomLayer('a')).descriptor
  await must('rm', [join(folder, 'missing/blobs/sha256', blob.digest.slice(7))])
  writeFileSync(join(folder, 'wrong/blobs/sha256', blob.digest.slice(7)), Buffer.alloc(blob.size))
  const expected = { lying: 'DIGEST_MISMATCH', missing: 'IMAGE_INVALID', wrong: 'DIGEST_MISMATCH' }
  for (const [name, code] of Object.entries(expected)) {
    await withStore(async (store) => {
      assert.is((await failure(take(join(folder, name), store)))?.code, code, name)
      assert.equal(await store.images.list(), [])
    })
  }
})

test('changes the config of an imported image', async () => {
  const path = join(temporaryFolder(), 'oci.tar')
  await writeOci(await pair(), path, { names: ['app:1'] }, testIo())
  await withStore(async (store) => {
    await take(path, store, { config: { Entrypoint: ['/new'] } })
    const { config } = await open('app:1', store)
    assert.equal([config.config?.Entrypoint, config.config?.Cmd], [['/new'], ['/x']])
  })
})

test('a root file system that has a manifest.json of its own is a root file system', async () => {
  await withStore(async (store) => {
    const tar = await tarOf({ 'etc/': '', 'manifest.json': '[{"Config":"x","Layers":[]}]', 'index.json': '{}' })
    await take(tar, store, { tags: ['mine'] })
    assert.ok((await open('mine', store)).tree.entry('manifest.json'))
  })
})

test('a path that is not there, and a plain directory, say what to do', async () => {
  await withStore(async (store) => {
    assert.is((await failure(take(join(temporaryFolder(), 'none'), store)))?.code, 'USAGE')
    const folder = await failure(take(temporaryFolder(), store))
    assert.is(folder?.code, 'IMAGE_INVALID')
    assert.match(folder.hint, 'imgsdk import -')
  })
})

test('inspect says what made each layer, and where the base ends', async () => {
  const folder = temporaryFolder()
  const [base, ours] = [await randomLayer('base'), await randomLayer('ours')]
  await writeOci(imageOf({ layers: [base] }), join(folder, 'base.tar'), { names: ['base:1'] }, testIo())
  await writeOci(imageOf({ layers: [base, ours] }), join(folder, 'app.tar'), { names: ['app:1'] }, testIo())
  await withStore(async (store) => {
    await importRootfs(createReadStream(join(folder, 'base.tar')), { store, platform: host }, testIo())
    await take(join(folder, 'app.tar'), store)
    const { resolver } = await open('app:1', store)
    const image = await inspectImage('app:1', host, { store, resolver }, testIo())
    assert.equal(image.base, { layers: 1, name: 'docker.io/library/base:1' })
    assert.equal(
      image.layers.map((layer) => [layer.history?.created_by, layer.base, layer.descriptor.digest]),
      [
        ['layer 0', true, base.descriptor.digest],
        ['layer 1', false, ours.descriptor.digest],
      ],
    )
    assert.is(image.size, base.descriptor.size + ours.descriptor.size)
    assert.is((await inspectImage('base:1', host, { store, resolver }, testIo())).base, undefined)
    const error = await failure(inspectImage('none', host, { store, resolver }, testIo()))
    assert.is(error?.code, 'IMAGE_NOT_FOUND')
  })
})

test.run()
