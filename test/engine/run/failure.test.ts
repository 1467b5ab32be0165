/** What is said when a RUN does not end well. */
import { commandText, runFailure } from '../../../sdk/engine/run/failure.ts'
import { assert, suite } from '../../helpers/suite.ts'

const failures = suite('engine/run/failure')
const meta = { args: ['/bin/sh', '-c', 'make all'], env: [], cwd: '/' }
const facts = { output: 'last words', outOfMemory: false, at: undefined }

failures('a status that is allowed is no failure', () => {
  assert.is(runFailure(meta, { status: 0, log: [], lost: false }, facts), undefined)
  assert.is(runFailure({ ...meta, validExitCodes: [3] }, { status: 3, log: [], lost: false }, facts), undefined)
  assert.is(
    runFailure({ ...meta, validExitCodes: [137] }, { status: 137, log: [], lost: true }, facts)?.code,
    'RUN_FAILED',
  )
})

failures('a kill for lack of memory is told from another', () => {
  const killed = runFailure(meta, { status: 137, log: [], lost: false }, { ...facts, outOfMemory: true })
  assert.equal(killed?.detail, {
    exitCode: 137,
    signal: 'SIGKILL',
    outOfMemory: true,
    command: 'make all',
    output: 'last words',
  })
  assert.match(killed?.hint ?? '', 'memory')
  const other = runFailure(meta, { status: 137, log: [], lost: false }, facts)
  assert.is(other?.detail?.['outOfMemory'], undefined)
  assert.is(
    runFailure(meta, { status: 1, log: [], lost: false }, { ...facts, outOfMemory: true })?.detail?.['outOfMemory'],
    undefined,
  )
})

failures('warnings of a runtime are no failure, and what is no JSON is none of its errors', () => {
  const log = ['{"level":"warning","msg":"hm"}', 'not json', '']
  assert.is(runFailure(meta, { status: 2, log, lost: false }, facts)?.message, 'RUN ended with exit status 2: make all')
  const error = runFailure(meta, { status: 1, log: ['{"level":"error","msg":"no such thing"}'], lost: false }, facts)
  assert.is(error?.message, 'RUN could not be started: no such thing')
})

failures('a command is shown as it was written', () => {
  assert.is(commandText(['/bin/bash', '-c', 'a "b"']), 'a "b"')
  assert.is(commandText(['echo', 'a b', "it's", '']), 'echo "a b" "it\'s" ""')
})

failures.run()
