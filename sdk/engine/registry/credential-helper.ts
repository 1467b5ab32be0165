/** Asks a `docker-credential-…` program for the credentials of one host. Source: docker-credential-helpers, protocol. */
import { spawn } from 'node:child_process'
import type { Lookup } from './credentials.ts'

/** Milliseconds; a helper may have to unlock a key ring. */
const patience = 30_000
const longestAnswer = 256 * 1024

/**
 * Runs `docker-credential-NAME get` with `server` on its standard input: exactly the text that the config has, nothing that a registry
 * said. A helper that is not there, or does not know the host, means no credentials; a note says so.
 */
export async function askHelper(
  name: unknown,
  server: string,
  env: Readonly<Record<string, string | undefined>>,
  signal?: AbortSignal,
): Promise<Lookup> {
  if (typeof name !== 'string' || !/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)) {
    return { note: 'the credential helper in config.json has no valid name' }
  }
  const program = `docker-credential-${name}`
  const { status, output, reason } = await run(program, server, env, signal)
  if (reason !== undefined) return { note: `${program} ${reason}` }
  if (status !== 0) {
    return /credentials not found/i.test(output) ? {} : { note: `${program} ended with status ${status}` }
  }
  return read(program, server, output)
}

function read(program: string, server: string, output: string): Lookup {
  let answer: { ServerURL?: unknown; Username?: unknown; Secret?: unknown }
  try {
    answer = JSON.parse(output) as typeof answer
  } catch {
    return { note: `${program} gave an answer that is not JSON` }
  }
  const { ServerURL: url, Username: username, Secret: secret } = answer ?? {}
  if (typeof url === 'string' && url !== '' && hostOf(url) !== hostOf(server)) {
    return { note: `${program} gave credentials for another host than "${hostOf(server)}"` }
  }
  if (typeof username !== 'string' || typeof secret !== 'string' || secret === '') return {}
  if (username === '<token>') return { credentials: { kind: 'identity', token: secret } }
  return { credentials: { kind: 'password', username, password: secret } }
}

const hostOf = (server: string): string => server.replace(/^https?:\/\//, '').split('/')[0]!

function run(
  program: string,
  input: string,
  env: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal | undefined,
): Promise<{ status: number | null; output: string; reason?: string }> {
  return new Promise((resolve) => {
    const child = spawn(program, ['get'], {
      env: { ...env } as NodeJS.ProcessEnv,
      stdio: ['pipe', 'pipe', 'ignore'],
      timeout: patience,
      killSignal: 'SIGKILL',
      ...(signal && { signal }),
    })
    const pieces: Buffer[] = []
    let size = 0
    child.stdout.on('data', (piece: Buffer) => {
      size += piece.length
      if (size > longestAnswer) child.kill('SIGKILL')
      else pieces.push(piece)
    })
    child.on('error', (error: NodeJS.ErrnoException) => {
      resolve({ status: null, output: '', reason: error.code === 'ENOENT' ? 'is not installed' : 'could not be run' })
    })
    child.on('close', (status) => {
      const output = Buffer.concat(pieces).toString('utf8')
      resolve({ status, output, ...(status === null && { reason: 'was stopped: it took too long, or said too much' }) })
    })
    child.stdin.on('error', () => {})
    child.stdin.end(input)
  })
}
