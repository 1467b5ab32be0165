/** The command line as a user starts it: a process of its own, with a store and a cache of its own, and never for long. */
import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { temporaryFolder } from './temporary.ts'

/** How a call ended. `status` is the exit status, or the name of the signal. */
export interface Ended {
  readonly status: number | string
  readonly stdout: string
  readonly stderr: string
}

/** A call. */
export interface CallOptions {
  readonly cwd?: string
  /** Set, or with undefined unset. */
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly input?: string
  /** After which the process is killed. @default 60 */
  readonly seconds?: number
  /** Sends the signal as soon as the output matches. */
  readonly interrupt?: { readonly when: RegExp; readonly signal: NodeJS.Signals }
}

/** Compiled beside this file, so that a test judges what it was compiled with. */
export const cliFile = join(import.meta.dirname, '..', '..', 'cli', 'main.js')

let home: string | undefined

/** Runs `imgsdk ARGS…`. All calls of a test file share one store, which is removed with its process. */
export function imgsdk(args: readonly string[], options: CallOptions = {}): Promise<Ended> {
  home ??= temporaryFolder()
  const { CI: _, FORCE_COLOR: __, NO_COLOR: ___, SOURCE_DATE_EPOCH: ____, ...inherited } = process.env
  const own = { IMGSDK_STORE: join(home, 'store'), XDG_CACHE_HOME: join(home, 'cache') }
  return runNode([cliFile, ...args], { ...options, env: { ...inherited, ...own, ...options.env } })
}

/** Runs node with just this environment; past the time limit the whole process group is killed. */
function runNode(args: readonly string[], options: CallOptions): Promise<Ended> {
  const { cwd = process.cwd(), env = {}, input, seconds = 60, interrupt } = options
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd, env, detached: true, stdio: 'pipe' })
    let stdout = ''
    let stderr = ''
    let sent = false
    const onText = () => {
      if (!interrupt || sent || !interrupt.when.test(stdout + stderr)) return
      sent = true
      child.kill(interrupt.signal)
    }
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
      onText()
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
      onText()
    })
    const killGroup = () => {
      try {
        process.kill(-child.pid!, 'SIGKILL')
      } catch {
        // It has ended already.
      }
    }
    const limit = setTimeout(killGroup, seconds * 1000)
    process.once('exit', killGroup)
    child.on('error', reject)
    child.on('close', (code, signal) => {
      clearTimeout(limit)
      process.off('exit', killGroup)
      resolve({ status: code ?? signal ?? 'unknown', stdout, stderr })
    })
    child.stdin.on('error', () => {})
    child.stdin.end(input ?? '')
  })
}

/** A new folder with these files. */
export function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder()
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return folder
}
