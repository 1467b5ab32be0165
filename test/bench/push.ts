/** Pushes of the base image, beside skopeo copying it out of an OCI layout with the same gzip layers. */
import { join } from 'node:path'
import { startRegistry } from '../helpers/registry.ts'
import { projectRoot } from '../helpers/suite.ts'
import { type Run, run } from './measure.ts'

/** The runs of each program by row: to a registry that has nothing, and to another repository of the one that has the blobs. */
export async function pushRuns(options: {
  readonly store: string
  readonly host: string
  readonly base: string
  readonly work: string
  readonly rounds: number
}): Promise<Map<string, Map<string, Run[]>>> {
  const { store, host, base, work, rounds } = options
  const layout = `oci:${join(work, 'layout')}:base`
  await run('skopeo', ['copy', '--src-tls-verify=false', `docker://${base}`, layout])
  const cli = join(projectRoot(), 'dist', 'bundle', 'cli-main.js')
  const push = (to: string) => run('node', [cli, 'push', base, to], { env: { IMGSDK_STORE: store, CI: '1' } })
  const copy = (to: string) => run('skopeo', ['copy', '--dest-tls-verify=false', layout, `docker://${to}`])
  const rows = new Map<string, Map<string, Run[]>>()
  const note = (row: string, program: string, made: Run) => {
    const runs = rows.get(row) ?? new Map<string, Run[]>()
    rows.set(row, runs.set(program, [...(runs.get(program) ?? []), made]))
  }
  for (let round = 0; round < rounds; round++) {
    for (const [program, send] of [
      ['imgsdk', push],
      ['skopeo', copy],
    ] as const) {
      const empty = await startRegistry()
      try {
        note('push, all blobs sent', program, await send(`${empty.host}/image:1`))
      } finally {
        await empty.stop()
      }
      note('push, blobs mounted', program, await send(`${host}/${program}/r${round}:1`))
    }
  }
  return rows
}
