/** uvu with sentences, and tests that skip with a reason where a real part is missing. */
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { suite as uvuSuite } from 'uvu'

export * as assert from 'uvu/assert'

type Body = () => void | Promise<void>

/** What a test may need of the machine: the name of a program on the PATH, or one of these. */
const facts: Record<string, () => boolean> = {
  root: () => process.getuid?.() === 0,
  linux: () => process.platform === 'linux',
  fuse: () => existsSync('/dev/fuse'),
  corpus: () => corpusFolder() !== undefined,
}

/** The folder of real Dockerfiles, when it lies beside the checkout. */
export function corpusFolder(): string | undefined {
  const folder = join(projectRoot(), '..', 'shared', 'corpus')
  return existsSync(folder) ? folder : undefined
}

/** The folder that package.json is in. */
export function projectRoot(): string {
  let folder = import.meta.dirname
  while (!existsSync(join(folder, 'package.json'))) folder = join(folder, '..')
  return folder
}

/** Whether a program is on the PATH, `sbin` folders included. */
export function hasProgram(name: string): boolean {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/local/sbin', '/usr/sbin', '/sbin']
  return folders.some((folder) => folder !== '' && existsSync(join(folder, name)))
}

/** A suite: call it with a sentence and a body; `needs` skips, saying why, where something is missing. Ends with `.run()`. */
export function suite(name: string) {
  const inner = uvuSuite(name)
  const test = (sentence: string, body: Body) => inner(sentence, body)
  return Object.assign(test, {
    needs(requirements: readonly string[], sentence: string, body: Body) {
      const missing = requirements.filter((need) => !(facts[need] ?? (() => hasProgram(need)))())
      if (missing.length === 0) return inner(sentence, body)
      console.log(`skipped: ${name}: ${sentence} (needs ${missing.join(', ')})`)
      inner.skip(sentence, body)
    },
    before: inner.before,
    after: inner.after,
    run: () => inner.run(),
  })
}
