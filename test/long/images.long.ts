/** Random images beside docker's BuildKit: IMAGES of them (100), from seeds that IMAGES_SEED moves; IMAGES_NEWER=1 for a docker of today. */
import { join } from 'node:path'
import { besideImage } from '../engine/op/beside-image.ts'
import { dockerBuilder } from '../engine/op/docker-builder.ts'
import { assert, suite } from '../helpers/suite.ts'
import { temporaryFolder } from '../helpers/temporary.ts'

const long = suite('long/images')

const wanted = Number(process.env['IMAGES'] ?? 100)
const first = Number(process.env['IMAGES_SEED'] ?? 100)
const newer = process.env['IMAGES_NEWER'] === '1'

long.needs(
  ['dockerd', 'docker', 'root', 'linux', 'busybox', 'runc'],
  `${wanted} random images come out as BuildKit makes them, with its configs and histories`,
  async () => {
    const docker = await dockerBuilder()
    const differences: string[] = []
    let [refused, paths] = [0, 0]
    try {
      for (let seed = first; seed < first + wanted && differences.length < 20; seed++) {
        const compared = await besideImage(docker, join(temporaryFolder(), 'beside-image'), { seed, newer })
        refused += compared.refused ? 1 : 0
        paths += compared.paths
        if (compared.difference !== undefined) differences.push(`seed ${seed}: ${compared.difference}`)
      }
    } finally {
      await docker.stop()
    }
    console.log(`${wanted} images, ${refused} of them refused, ${paths} paths`)
    assert.equal(differences, [])
  },
)

long.run()
