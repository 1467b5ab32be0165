import { readOutcome } from './outcome.ts'
import { assert, suite } from './suite.ts'

const outcome = suite('helpers/outcome')

const totals = (total: number, passed: number, skipped: number) =>
  `  Total:     ${total}\n  Passed:    ${passed}\n  Skipped:   ${skipped}\n  Duration:  1.00ms\n\n`

const read = (output: string, ending?: string) => readOutcome({ file: 'a.test.js', output, ending, milliseconds: 1 })

outcome('adds up what uvu counted', () => {
  const { passed, failed, skipped } = read(`skipped: a: one (needs root)\n${totals(3, 3, 1)}`)
  assert.equal(
    { passed, failed, skipped },
    { passed: 3, failed: 0, skipped: [{ name: 'a: one', reason: 'needs root' }] },
  )
})

outcome('counts failures, and says how many', () => {
  const { passed, failed, reason } = read(totals(5, 3, 0), 'exit status 1')
  assert.equal({ passed, failed, reason }, { passed: 3, failed: 2, reason: '2 of 5 tests failed' })
})

outcome('fails a file that crashed after its tests passed', () => {
  assert.is(read(totals(5, 5, 0), 'ended by SIGSEGV').failed, 1)
})

outcome('fails a file that printed no total, and one without tests', () => {
  assert.is(read('').failed, 1)
  assert.is(read(totals(0, 0, 0)).reason, 'it holds no test')
})

outcome('takes a file whose tests are all skipped', () => {
  const { failed, skipped } = read(`skipped: a: one (needs runc)\n${totals(0, 0, 1)}`)
  assert.equal({ failed, count: skipped.length }, { failed: 0, count: 1 })
})

outcome('names a skip that gave no reason', () => {
  assert.equal(read(totals(1, 1, 1)).skipped, [{ name: 'a.test.js', reason: 'no reason given' }])
})

outcome.run()
