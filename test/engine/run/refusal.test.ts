/** What a user is told to change where RUN is refused its namespaces. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { namespaceHint } from '../../../sdk/engine/run/refusal.ts'
import { assert, suite } from '../../helpers/suite.ts'
import { temporaryFolder } from '../../helpers/temporary.ts'

const refusal = suite('engine/run/refusal')

function machine(files: Readonly<Record<string, string>>): string {
  const root = temporaryFolder()
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), text)
  }
  return root
}

refusal('names the switches that are set against it', () => {
  const root = machine({
    'proc/sys/user/max_user_namespaces': '0\n',
    'proc/sys/kernel/unprivileged_userns_clone': '1\n',
    'proc/sys/kernel/apparmor_restrict_unprivileged_userns': '1\n',
  })
  const commands =
    'sysctl -w user.max_user_namespaces=15000 && sysctl -w kernel.apparmor_restrict_unprivileged_userns=0'
  assert.is(namespaceHint(root), `let users have namespaces with "${commands}", or build as root`)
})

refusal('in a container it is the container that has to be started in another way', () => {
  for (const file of ['.dockerenv', 'run/.containerenv', 'run/secrets/kubernetes.io/serviceaccount/token']) {
    const root = machine({ [file]: '', 'proc/sys/user/max_user_namespaces': '0\n' })
    assert.match(
      namespaceHint(root),
      /^start this container with --security-opt seccomp=unconfined .*, or --privileged$/,
    )
  }
})

refusal('where nothing is known it says what helps', () => {
  assert.match(namespaceHint(machine({ 'proc/sys/user/max_user_namespaces': '15000\n' })), /^build /)
})

refusal.run()
