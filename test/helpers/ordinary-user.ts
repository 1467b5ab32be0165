/** An ordinary user of the machine with ids to give away, made for one test file. Needs root, `useradd`, `setpriv`. */
import { execFileSync, spawn } from 'node:child_process'
import { chownSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { cliFile, type Ended } from './cli.ts'
import { temporaryFolder } from './temporary.ts'

/** The user. */
export interface OrdinaryUser {
  readonly uid: number
  /** A folder of its own. */
  readonly home: string
  /** Runs `imgsdk ARGV…` as the user. `started` is told the process; `path`: another PATH. */
  imgsdk(args: readonly string[], started?: (pid: number) => void, path?: string): Promise<Ended>
  /** Takes the user away again. */
  remove(): void
}

/** Makes one. Undefined where the user cannot read what was compiled, or got no subordinate ids. */
export function makeOrdinaryUser(): OrdinaryUser | undefined {
  const name = `imgsdk-${process.pid}`
  const home = join(temporaryFolder(), 'home')
  execFileSync('useradd', ['--no-create-home', '--home-dir', home, '--shell', '/bin/sh', name], { stdio: 'ignore' })
  const remove = () => void execFileSync('userdel', [name], { stdio: 'ignore' })
  const as = ['--reuid', name, '--regid', name, '--init-groups']
  try {
    if (!readFileSync('/etc/subuid', 'utf8').includes(`${name}:`)) throw new Error('no subordinate ids')
    const uid = Number(execFileSync('id', ['-u', name], { encoding: 'utf8' }))
    mkdirSync(home)
    execFileSync('chmod', ['755', join(home, '..')])
    chownSync(home, uid, uid)
    execFileSync('setpriv', [...as, 'cat', cliFile], { stdio: 'ignore' })
    const imgsdk: OrdinaryUser['imgsdk'] = (args, started, path = process.env['PATH']) =>
      new Promise((resolve, reject) => {
        const env = { PATH: path, HOME: home }
        const child = spawn('setpriv', [...as, process.execPath, cliFile, ...args], { cwd: home, env })
        let [stdout, stderr] = ['', '']
        child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
        child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
        child.on('error', reject)
        child.on('close', (code, signal) => resolve({ status: code ?? signal ?? 'unknown', stdout, stderr }))
        child.stdin.end()
        started?.(child.pid!)
      })
    return { uid, home, imgsdk, remove }
  } catch {
    remove()
    return undefined
  }
}
