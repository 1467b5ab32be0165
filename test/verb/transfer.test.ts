/** Images of several platforms on their way between a store and a registry. */
import { join } from 'node:path'
import { importRootfs, listImages, pushImage } from '../../sdk/engine/index.ts'
import { writeOci } from '../../sdk/export/tarball.ts'
import { digestOf } from '../../sdk/oci/digest.ts'
import { imageOf, randomLayer, testIo } from '../helpers/image.ts'
import { must } from '../helpers/program.ts'
import { startRegistry } from '../helpers/registry.ts'
import { assert, suite } from '../helpers/suite.ts'
import { temporaryFolder } from '../helpers/temporary.ts'

const transfer = suite('verb/transfer')

const amd64 = { os: 'linux', architecture: 'amd64' }
const arm64 = { os: 'linux', architecture: 'arm64', variant: 'v8' }

interface Index {
  readonly manifests: readonly { readonly digest: string; readonly platform: object }[]
}

for (const compression of ['gzip', 'none'] as const) {
  transfer.needs(
    ['docker-registry', 'skopeo'],
    `an image of two platforms with layers of the form ${compression} is pushed with both`,
    async () => {
      const folder = temporaryFolder()
      const [store, archive] = [join(folder, 'store'), join(folder, 'multi.tar')]
      const layers = async (seed: string) => [await randomLayer(seed, 10_000, compression)]
      const image = imageOf(
        { layers: await layers('a'), platform: amd64 },
        { layers: await layers('b'), platform: arm64 },
      )
      await writeOci(image, archive, { names: [] }, testIo())
      const [imported] = await importRootfs(archive, { store, tags: ['multi:1'] })
      const [listed] = await listImages({ store })
      assert.equal(listed!.platforms, [amd64, arm64])

      const registry = await startRegistry()
      try {
        const name = `${registry.host}/multi:1`
        const { manifest } = await pushImage('multi:1', name, { store })
        const raw = await must('skopeo', ['inspect', '--raw', '--tls-verify=false', `docker://${name}`])
        assert.is(digestOf(Buffer.from(raw)), manifest.digest)
        assert.equal(
          (JSON.parse(raw) as Index).manifests.map(({ platform }) => platform),
          [amd64, arm64],
        )
        if (compression === 'gzip') assert.is(manifest.digest, imported!.manifest.digest, 'as it was')
        await must('skopeo', [
          'copy',
          '--all',
          '--quiet',
          '--src-tls-verify=false',
          `docker://${name}`,
          `dir:${folder}/copy`,
        ])
      } finally {
        await registry.stop()
      }
    },
  )
}

transfer.run()
