/** A few random cases beside docker's BuildKit; the long test has thousands. */
import { join } from 'node:path'
import { assert, suite } from '../../helpers/suite.ts'
import { temporaryFolder } from '../../helpers/temporary.ts'
import { beside } from './beside.ts'
import { besideImage } from './beside-image.ts'
import { dockerBuilder } from './docker-builder.ts'

const random = suite('engine/op/random')

random.needs(['dockerd', 'docker', 'root', 'linux'], 'random copies come out as BuildKit makes them', async () => {
  const docker = await dockerBuilder()
  try {
    const folder = join(temporaryFolder(), 'beside')
    const { cases, paths, differences } = await beside(docker.build, folder, {
      seed: 1,
      cases: 20,
      refusals: 2,
      newer: false,
    })
    assert.equal(differences, [])
    assert.ok(cases === 20 && paths > 200, `${cases} cases, ${paths} paths`)
  } finally {
    await docker.stop()
  }
})

random.needs(
  ['dockerd', 'docker', 'root', 'linux', 'busybox', 'runc'],
  'so do random images, their configs and histories',
  async () => {
    const docker = await dockerBuilder()
    try {
      const folder = join(temporaryFolder(), 'beside-image')
      let paths = 0
      for (const seed of [0, 1, 2, 3]) {
        const compared = await besideImage(docker, folder, { seed, newer: false })
        assert.is(compared.difference, undefined)
        paths += compared.paths
      }
      assert.ok(paths > 600, `${paths} paths`)
    } finally {
      await docker.stop()
    }
  },
)

random.run()
