import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { reasonOf, wrapError } from '../../sdk/error.ts'
import { cliFile, folderOf } from '../helpers/cli.ts'
import { run } from '../helpers/program.ts'
import { assert, suite } from '../helpers/suite.ts'

const access = suite('cli/file-access')

/** As nobody, who has no rights and no ids to give away. */
const asNobody = (args: readonly string[], cwd: string) =>
  run('setpriv', ['--reuid=65534', '--regid=65534', '--clear-groups', process.execPath, cliFile, ...args], {
    cwd,
    env: { HOME: cwd, IMGSDK_STORE: join(cwd, 'open', 'store'), XDG_CACHE_HOME: join(cwd, 'open', 'cache') },
  })

const verbs: readonly (readonly string[])[] = [
  ['build', 'Dockerfile'],
  ['synth', 'Dockerfile'],
  ['synth', 'image.ts'],
  ['synth', 'graph.json'],
  ['synth', 'odd-name'],
  ['synth', 'locked/Dockerfile'],
  ['lint', 'Dockerfile'],
  ['fmt', 'Dockerfile'],
  ['convert', 'Dockerfile'],
  ['convert', 'locked'],
  ['import', 'Dockerfile'],
  ['inspect', './image.tar'],
]

access.needs(
  ['root', 'setpriv'],
  'a file that may not be read is told as that, by every verb that reads one',
  async () => {
    const folder = folderOf({
      Dockerfile: '',
      'image.ts': '',
      'graph.json': '',
      'odd-name': '',
      'image.tar': '',
      'locked/Dockerfile': '',
    })
    for (const name of ['Dockerfile', 'image.ts', 'graph.json', 'odd-name', 'image.tar', 'locked'])
      chmodSync(join(folder, name), 0)
    mkdirSync(join(folder, 'open'))
    chmodSync(join(folder, 'open'), 0o777)
    chmodSync(folder, 0o755)
    for (const args of verbs) {
      const { code, stderr } = await asNobody(args, folder)
      assert.is(code, 1, `${args}: ${stderr}`)
      assert.match(stderr, /^FILE_ACCESS\n {2}"[^"]+": permission denied\n/, args.join(' '))
    }
  },
)

access('a name that is too long is no bug of ours', async () => {
  const folder = folderOf({})
  const { code, stderr } = await run(process.execPath, [cliFile, 'synth', 'x'.repeat(300)], { cwd: folder })
  assert.is(code, 1)
  assert.match(stderr, /^FILE_ACCESS\n {2}".*x": name too long\n/)
})

access('the reason of a failed call is told without the call', () => {
  const reasons = ['/none/x', '/etc/passwd/x', '/etc'].map((path) => {
    try {
      writeFileSync(path, '')
    } catch (error) {
      return reasonOf(error)
    }
    return undefined
  })
  assert.equal(reasons, ['no such file or directory', 'not a directory', 'illegal operation on a directory'])
  assert.is(reasonOf(new Error('EACCES: permission denied')), 'EACCES: permission denied', 'only of the system')
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', path: '/x' })
  assert.is(wrapError(full).code, 'DISK_FULL')
  assert.is(wrapError(full).message, '"/x": no space left on device')
})

access.run()
