/** What every verb opens: nothing of it speaks where the user's output goes. */
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { withSession } from '../../sdk/verb/open.ts'
import { assert, suite } from '../helpers/suite.ts'
import { temporaryFolder } from '../helpers/temporary.ts'

const open = suite('verb/open')

open('many steps may listen to one signal without a warning of a leak', async () => {
  const warnings: string[] = []
  const onWarning = (warning: Error) => void warnings.push(warning.name)
  process.on('warning', onWarning)
  const { signal } = new AbortController()
  const store = join(temporaryFolder(), 'store')
  await withSession({ store, signal }, async ({ io }) => {
    for (let i = 0; i < 100; i++) io.signal.addEventListener('abort', () => i)
    await setImmediate()
  })
  process.off('warning', onWarning)
  assert.equal(warnings, [])
})

open.run()
