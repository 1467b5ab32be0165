/** Running the programs that judge what we made. */
import { spawn } from 'node:child_process'

/** How a program ended. `code` is -1 where a signal ended it. */
export interface Ran {
  readonly stdout: string
  readonly stderr: string
  readonly code: number
}

/** Runs a program to its end, without a shell. */
export function run(
  program: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>>; readonly input?: Uint8Array } = {},
): Promise<Ran> {
  return new Promise((done, fail) => {
    const child = spawn(program, args, { cwd: options.cwd, env: { ...process.env, ...options.env } })
    const out: Buffer[] = []
    const err: Buffer[] = []
    child.stdout.on('data', (bytes: Buffer) => out.push(bytes))
    child.stderr.on('data', (bytes: Buffer) => err.push(bytes))
    child.on('error', fail)
    child.on('close', (code) =>
      done({ stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString(), code: code ?? -1 }),
    )
    child.stdin.on('error', () => {})
    child.stdin.end(options.input)
  })
}

/** As `run`, but fails with what the program said unless it ends with 0. Answers its stdout. */
export async function must(...call: Parameters<typeof run>): Promise<string> {
  const { stdout, stderr, code } = await run(...call)
  if (code === 0) return stdout
  throw new Error(`${[call[0], ...call[1]].join(' ')} ended with ${code}: ${stderr || stdout}`)
}
