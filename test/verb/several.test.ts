/** One platform as if it were several: BUILDKIT_MULTI_PLATFORM=true, and platform-split. BuildKit gives the same, seen by hand. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from '../../sdk/engine/index.ts'
import type { ImgError } from '../../sdk/error.ts'
import { parse } from '../../sdk/index.ts'
import type { Descriptor } from '../../sdk/oci/types.ts'
import { assert, suite } from '../helpers/suite.ts'
import { temporaryFolder } from '../helpers/temporary.ts'

const several = suite('verb/several')
const graph = parse('FROM --platform=linux/arm64 scratch\nCOPY <<E /f\nx\nE\n')
const buildArgs = { BUILDKIT_MULTI_PLATFORM: 'true' }
const platform = { os: 'linux', architecture: 'arm64' }

several('D13.4 D11.15 the image is under an index, which is what its name means', async () => {
  const folder = temporaryFolder()
  const dest = join(folder, 'layout')
  const options = { store: join(folder, 'store'), platform, outputs: [`type=oci,tar=false,dest=${dest}`] }
  const blob = (digest: string) =>
    JSON.parse(readFileSync(join(dest, 'blobs', digest.replace(':', '/')), 'utf8')) as {
      mediaType: string
      manifests: Descriptor[]
      config: Descriptor
    }
  const { manifest } = await build(graph, { ...options, buildArgs })
  const index = blob(manifest!.digest)
  assert.match(index.mediaType, 'image.index')
  assert.equal(
    index.manifests.map((each) => each.platform),
    [platform],
  )
  assert.match(blob(index.manifests[0]!.digest).config.mediaType, 'image.config')
  const listed = JSON.parse(readFileSync(join(dest, 'index.json'), 'utf8')) as { manifests: Descriptor[] }
  assert.equal(
    listed.manifests.map(({ digest }) => digest),
    [manifest!.digest],
  )
  const plain = await build(graph, { ...options, buildArgs: { BUILDKIT_MULTI_PLATFORM: 'false' } })
  assert.is(plain.manifest?.digest, index.manifests[0]!.digest)
})

several('files are in a directory of the platform, unless platform-split says otherwise', async () => {
  const folder = temporaryFolder()
  const names = async (attributes: string, args = {}) => {
    const dest = join(folder, `out${readdirSync(folder).length}`)
    const outputs = [`type=local,dest=${dest}${attributes}`]
    await build(graph, { store: join(folder, 'store'), platform, outputs, buildArgs: args })
    return readdirSync(dest, { recursive: true }).sort()
  }
  assert.equal(await names('', buildArgs), ['linux_arm64', 'linux_arm64/f'])
  assert.equal(await names(',platform-split=false', buildArgs), ['f'])
  assert.equal(await names(',platform-split=true'), ['linux_arm64', 'linux_arm64/f'])
  assert.equal(await names(''), ['f'])
})

several('docker takes no index', async () => {
  const folder = temporaryFolder()
  const dest = join(folder, 'x.tar')
  try {
    await build(graph, { store: join(folder, 'store'), buildArgs, outputs: [`type=docker,dest=${dest}`] })
    assert.unreachable()
  } catch (error) {
    assert.is((error as ImgError).code, 'UNSUPPORTED')
    assert.match((error as ImgError).hint!, 'BUILDKIT_MULTI_PLATFORM')
  }
  assert.not.ok(existsSync(dest))
})

several.run()
