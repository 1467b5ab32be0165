/** Runs the machine's `git` with nothing of the user's around it, ended at once when the build is. */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ImgError } from '../../error.ts'
import type { Io } from '../ports.ts'
import { program } from '../run/program.ts'
import { type Access, sshCommand } from './git-access.ts'
import { failure, Words } from './git-said.ts'

/** One call of git. */
export interface Call {
  /** The repository; absent where none is needed. */
  readonly repository?: string
  readonly workTree?: string
  /** The file of the index. */
  readonly index?: string
  /** For its standard input. */
  readonly input?: string | Uint8Array
  /** For calls that leave the machine. */
  readonly access?: Access
}

/** Runs git and answers what it wrote. Throws FETCH_FAILED, with what it said in `detail.said`; BUILD_CANCELLED. */
export type Git = (args: readonly string[], call?: Call) => Promise<Buffer>

/** What git is run with. */
export interface GitParts {
  /** An empty folder, used as its home. */
  readonly home: string
  /** A file for the keys of ssh servers that were met. */
  readonly remembered: string
  /** Finds a program. @default on the PATH */
  readonly find?: ((name: string) => string | undefined) | undefined
  /** Milliseconds without a word from a call that leaves the machine. @default 5 minutes */
  readonly silence?: number | undefined
  readonly io: Io & { readonly id?: string }
}

/** Settings that hold whatever a repository says: none of them runs a program or asks. */
const settings: Access['config'] = [
  ['core.hooksPath', '/dev/null'],
  ['core.fsmonitor', 'false'],
  ['core.symlinks', 'true'],
  ['core.protectHFS', 'true'],
  ['core.protectNTFS', 'true'],
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
  ['pack.threads', '1'],
  ['pack.writeReverseIndex', 'false'],
  ['advice.detachedHead', 'false'],
  ['http.lowSpeedLimit', '1'],
  ['http.lowSpeedTime', '60'],
  ['safe.directory', '*'],
]

const passed = ['PATH', 'SSL_CERT_FILE', 'SSL_CERT_DIR']
const proxies = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY']

/** git, ready to be run. That it is there is checked at the first call. */
export function openGit(parts: GitParts): Git {
  return async (args, call = {}) => {
    const file = (parts.find ?? program)('git')
    if (file === undefined) {
      throw new ImgError('FETCH_FAILED', 'git sources need the program git, and this machine has none', {
        hint: 'install git (apt-get install git), or clone the repository into the build context, and COPY it',
      })
    }
    const { repository, workTree } = call
    const all = [
      ...(repository === undefined ? [] : [`--git-dir=${repository}`]),
      ...(workTree === undefined ? [] : [`--work-tree=${workTree}`]),
      ...args,
    ]
    const { status, output, said } = await run(file, all, call, parts)
    if (status === 0) return output
    throw failure(args[0]!, status, said)
  }
}

interface Ended {
  readonly status: number | string
  readonly output: Buffer
  readonly said: string
}

function run(file: string, args: readonly string[], call: Call, parts: GitParts): Promise<Ended> {
  const { io, silence = 300_000 } = parts
  if (io.signal.aborted) return Promise.reject(cancelled(io))
  return new Promise((resolve, reject) => {
    // its own group, so that what it starts ends with it
    const child = spawn(file, args, { cwd: parts.home, env: environment(call, parts), detached: true })
    const end = () => {
      try {
        process.kill(-child.pid!, 'SIGKILL')
      } catch {
        // it has ended
      }
    }
    let stalled = false
    const stall = () => {
      stalled = true
      end()
    }
    let timer = call.access ? setTimeout(stall, silence) : undefined
    const heard = () => void (timer = timer?.refresh())
    const output: Buffer[] = []
    const words = new Words(call.access?.secret ?? [], io)
    child.stdout.on('data', (piece: Buffer) => {
      heard()
      output.push(piece)
    })
    child.stderr.on('data', (piece: Buffer) => {
      heard()
      words.add(piece)
    })
    child.stdin.on('error', () => {}) // it ended before it had read everything
    child.stdin.end(call.input)
    io.signal.addEventListener('abort', end, { once: true })
    let broken: Error | undefined
    child.on('error', (error) => {
      broken = error
    })
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      io.signal.removeEventListener('abort', end)
      if (io.signal.aborted) return reject(cancelled(io))
      const said = words.end()
      if (stalled) return resolve({ status: `it said nothing for ${silence / 1000} s`, output: Buffer.alloc(0), said })
      const status = broken?.message ?? code ?? `ended by ${signal}`
      resolve({ status, output: Buffer.concat(output), said })
    })
  })
}

/** Nothing of the caller's but what leads to the network; settings by variables, because others can read arguments and files. */
function environment({ access, index }: Call, { home, remembered }: GitParts): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {}
  for (const name of [...passed, ...proxies, ...proxies.map((name) => name.toLowerCase())])
    if (process.env[name] !== undefined) env[name] = process.env[name]
  const config = [...settings, ...(access?.config ?? [])]
  for (const [at, [key, value]] of config.entries()) {
    env[`GIT_CONFIG_KEY_${at}`] = key
    env[`GIT_CONFIG_VALUE_${at}`] = value
  }
  return {
    ...env,
    GIT_CONFIG_COUNT: String(config.length),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ALLOW_PROTOCOL: 'https:http:ssh:git',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_SSH_VARIANT: 'ssh',
    GIT_SSH_COMMAND: sshCommand(hostKeyFile(access, home), remembered),
    HOME: home,
    LC_ALL: 'C',
    ...(index === undefined ? {} : { GIT_INDEX_FILE: index }),
    ...(access?.agent === undefined ? {} : { SSH_AUTH_SOCK: access.agent }),
  }
}

function hostKeyFile(access: Access | undefined, home: string): string | undefined {
  if (access?.hostKeys === undefined) return undefined
  const file = join(home, 'ssh', 'known_hosts')
  if (!existsSync(file)) mkdirSync(join(home, 'ssh'), { recursive: true, mode: 0o700 })
  writeFileSync(file, `${access.hostKeys}\n`)
  return file
}

function cancelled(io: Io): ImgError {
  return new ImgError('BUILD_CANCELLED', 'the build was interrupted', { cause: io.signal.reason })
}
