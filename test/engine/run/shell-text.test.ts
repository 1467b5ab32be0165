/** Text for `sh` and fstab means what it should, whatever the paths are. */
import { execFileSync } from 'node:child_process'
import { command, fstab, quoted } from '../../../sdk/engine/run/shell-text.ts'
import { assert, suite } from '../../helpers/suite.ts'

const text = suite('engine/run/shell-text')
const words = ['', 'plain', "it's", '$HOME `id` "x"', '*', '~', '-n', 'a\tb', '\\', 'ü', ';&|', "''"]

text.needs(['sh'], 'a command means its words', () => {
  const said = execFileSync('sh', ['-c', command(['printf', '[%s]', ...words])], { encoding: 'utf8' })
  assert.is(said, words.map((word) => `[${word}]`).join(''))
})

text.needs(['sh'], 'a line break is refused in one line and kept in many', () => {
  assert.throws(
    () => command(['a\nb']),
    (thrown: { code?: string }) => thrown.code === 'MOUNT_FAILED',
  )
  assert.is(execFileSync('sh', ['-c', `printf %s ${quoted("a\n'b\n")}`], { encoding: 'utf8' }), "a\n'b\n")
})

text('a field of fstab holds no blank, backslash or hash', () => {
  const line = fstab([{ source: '/a b', target: '/t\\#\n', type: 'none', options: ['bind', 'ro'] }])
  assert.is(line, '/a\\040b /t\\134\\043\\012 none bind,ro 0 0\n')
  assert.is(fstab([{ source: 's', target: 't', type: 'x', options: [] }]), 's t x defaults 0 0\n')
})

text.run()
