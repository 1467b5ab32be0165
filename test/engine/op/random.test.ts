/** A few random cases beside docker's BuildKit; the long test has thousands. */
import { join } from 'node:path'
import { assert, suite } from '../../helpers/suite.ts'
import { temporaryFolder } from '../../helpers/temporary.ts'
import { beside } from './beside.ts'
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

random.run()
