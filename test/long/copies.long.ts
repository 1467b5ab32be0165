/**
 * Random copies and archives beside docker's BuildKit: COPIES cases (2,000), from seeds that COPIES_SEED moves. COPIES_NEWER=1
 * takes in what Debian's docker.io does not know, for a docker of today.
 */
import { join } from 'node:path'
import { beside } from '../engine/op/beside.ts'
import { dockerBuilder } from '../engine/op/docker-builder.ts'
import { assert, suite } from '../helpers/suite.ts'
import { temporaryFolder } from '../helpers/temporary.ts'

const long = suite('long/copies')

const wanted = Number(process.env['COPIES'] ?? 2000)
const first = Number(process.env['COPIES_SEED'] ?? 100)
const together = 25
const newer = process.env['COPIES_NEWER'] === '1'

long.needs(
  ['dockerd', 'docker', 'root', 'linux'],
  `${wanted} random cases come out as BuildKit makes them`,
  async () => {
    const docker = await dockerBuilder()
    const differences: string[] = []
    let [cases, paths] = [0, 0]
    try {
      for (let seed = first; cases < wanted && differences.length < 20; seed++) {
        const folder = join(temporaryFolder(), 'beside')
        const options = { seed, cases: together, refusals: 2, newer }
        const compared = await beside(docker.build, folder, options)
        cases += compared.cases
        paths += compared.paths
        differences.push(...compared.differences.map((text) => `seed ${seed}: ${text}`))
      }
    } finally {
      await docker.stop()
    }
    console.log(`${cases} cases, ${paths} paths`)
    assert.equal(differences, [])
  },
)

long.run()
