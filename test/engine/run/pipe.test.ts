/** The pipes that containers write to. */
import { execFileSync } from 'node:child_process'
import { openForWriting } from '../../../sdk/engine/run/pipe.ts'
import { assert, suite } from '../../helpers/suite.ts'
import { temporaryFolder } from '../../helpers/temporary.ts'

const pipe = suite('engine/run/pipe')

pipe.needs(['linux', 'mkfifo'], 'a cell whose reader was killed does not wait for it', () => {
  const [cwd, timeout] = [temporaryFolder(), 5000]
  const shell = (script: string) => execFileSync('sh', ['-c', script], { cwd, timeout, encoding: 'utf8' })
  assert.is(shell(`mkfifo out err && ${openForWriting('out', 'err')} && echo opened`), 'opened\n')
})

pipe.run()
