/** A gzipped OCI archive of many files, of which one has changed since the last: built, compressed and written. */
import { mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Builder } from './builders.ts'
import type { Run } from './measure.ts'
import { copyFiles, dockerfile, manyFiles } from './workloads.ts'

/** The runs of each builder, by its name. docker.io's BuildKit writes no such archive. */
export async function archiveRuns(
  builders: readonly Builder[],
  options: { readonly base: string; readonly work: string; readonly rounds: number },
): Promise<Map<string, Run[]>> {
  const folder = mkdtempSync(join(options.work, 'a-'))
  manyFiles(folder)
  dockerfile(folder, copyFiles(options.base))
  const runs = new Map<string, Run[]>()
  for (const builder of builders) await builder.build(folder)
  for (let round = 0; round < options.rounds; round++) {
    for (const builder of builders) {
      writeFileSync(join(folder, 'files', 'd0', 'f0.txt'), `round ${round} of ${builder.name}`)
      const run = await builder.build(folder, { archive: join(options.work, `${builder.name}.tar`) })
      runs.set(builder.name, [...(runs.get(builder.name) ?? []), run])
    }
  }
  return runs
}
