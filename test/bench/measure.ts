/** Runs programs and measures them: wall time and peak memory. */
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** One run. */
export interface Run {
  readonly seconds: number
  /** Peak resident memory of the process itself, in MB; 0 where it ended before it was looked at. */
  readonly megabytes: number
}

/** Runs a program to its end. Throws, with what it said, when it fails. */
export function run(
  command: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<Run> {
  return new Promise((resolve, reject) => {
    const started = performance.now()
    const child = spawn(command, args, {
      ...options,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let said = ''
    const keep = (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-4000)
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    let megabytes = 0
    const timer = setInterval(() => {
      megabytes = Math.max(megabytes, peak(child.pid!))
    }, 10)
    child.on('error', reject)
    child.on('close', (status) => {
      clearInterval(timer)
      const seconds = (performance.now() - started) / 1000
      if (status === 0) resolve({ seconds, megabytes })
      else reject(new Error(`${command} ${args.join(' ')} ended with ${status}:\n${said}`))
    })
  })
}

function peak(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024
  } catch {
    return 0
  }
}

/** The middle value. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]!
}
