/** A build warns by BuildKit's checks, and obeys `# check=`. */

import { join } from 'node:path'
import { build } from '../../sdk/engine/index.ts'
import { parse } from '../../sdk/index.ts'
import { assert, suite } from '../helpers/suite.ts'
import { temporaryFolder } from '../helpers/temporary.ts'

const checks = suite('verb/checks')

async function warningsOf(text: string): Promise<string[]> {
  const warnings: string[] = []
  await build(parse(text), {
    store: join(temporaryFolder(), 'store'),
    onEvent: (event) => {
      if (event.type === 'warning') warnings.push(`${event.at?.line} ${event.message.split(':')[0]}`)
    },
  })
  return warnings
}

checks('D12.1 findings are warnings, with their lines', async () => {
  assert.equal(await warningsOf('FROM scratch AS One\nMAINTAINER me\n'), [
    '1 StageNameCasing',
    '2 MaintainerDeprecated',
  ])
})

checks('D12.3 the directive skips', async () => {
  assert.equal(await warningsOf('# check=skip=StageNameCasing\nFROM scratch AS One\nMAINTAINER me\n'), [
    '3 MaintainerDeprecated',
  ])
})

checks('D12.6 error=true ends the build before anything runs', async () => {
  try {
    await warningsOf('# check=error=true\nFROM scratch AS One\n')
    assert.unreachable()
  } catch (error) {
    assert.is((error as { code: string }).code, 'CHECK_FAILED')
    assert.match((error as Error).message, /lint violation found for rules: StageNameCasing/)
  }
})

checks.run()
