/** Runs the command line as a program, in a folder of its own. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Ran, run } from '../helpers/program.ts'
import { temporaryFolder } from '../helpers/temporary.ts'

/** The command line's entry. */
export const main = fileURLToPath(new URL('../../cli/main.js', import.meta.url))

/** A folder with these files, and the command line in it. */
export function inFolder(files: Readonly<Record<string, string>>): {
  readonly folder: string
  imgsdk(args: readonly string[], input?: string): Promise<Ran>
} {
  const folder = temporaryFolder()
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  const imgsdk = (args: readonly string[], input = '') =>
    run(process.execPath, [main, ...args], { cwd: folder, env: { NO_COLOR: '1' }, input: Buffer.from(input) })
  return { folder, imgsdk }
}
