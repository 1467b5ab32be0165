/** Pulls beside skopeo's into an OCI layout: an image of many files in several layers, and one with a layer of a gigabyte. */
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { startRegistry } from '../helpers/registry.ts'
import { projectRoot } from '../helpers/suite.ts'
import { type Run, run } from './measure.ts'
import { bigFile, dockerfile, manyFiles } from './workloads.ts'

const cli = join(projectRoot(), 'dist', 'bundle', 'cli-main.js')
/** Parts of the 200 folders that `manyFiles` makes: 1,000, 4,000, 5,000, 5,000 and 5,000 files. */
const parts = ['d?', 'd[1-4]?', 'd[5-9]?', 'd1[0-4]?', 'd1[5-9]?']

/** The runs of each program by row; of the gigabyte also a push to an empty registry. */
export async function pullRuns(options: {
  readonly host: string
  readonly work: string
  readonly rounds: number
}): Promise<Map<string, Map<string, Run[]>>> {
  const { host, work, rounds } = options
  const rows = new Map<string, Map<string, Run[]>>()
  const note = (row: string, program: string, made: Run) => {
    const runs = rows.get(row) ?? new Map<string, Run[]>()
    rows.set(row, runs.set(program, [...(runs.get(program) ?? []), made]))
  }
  const many = join(work, 'pull-many')
  manyFiles(many)
  dockerfile(many, ['FROM scratch', ...parts.map((part) => `COPY files/${part} /files/`)])
  const large = join(work, 'pull-large')
  bigFile(large)
  dockerfile(large, ['FROM scratch', 'COPY big /big'])
  const own = join(work, 'pull-own')
  const imgsdk = (...args: string[]) => run('node', [cli, ...args], { env: { IMGSDK_STORE: own, CI: '1' } })
  for (const [name, folder] of [
    ['many', many],
    ['large', large],
  ] as const) {
    const image = `${host}/${name}:1`
    await imgsdk('build', '--output', `type=registry,name=${image}`, '-t', image, folder)
    rmSync(folder, { recursive: true })
  }
  for (let round = 0; round < rounds; round++) {
    for (const [name, row] of [
      ['many', 'pull of 20,000 files'],
      ['large', 'pull of 1 GB'],
    ] as const) {
      const image = `${host}/${name}:1`
      const folder = mkdtempSync(join(work, 'pulled-'))
      const env = { IMGSDK_STORE: join(folder, 'store'), CI: '1' }
      note(row, 'imgsdk', await run('node', [cli, 'pull', image], { env }))
      const layout = `oci:${join(folder, 'layout')}:1`
      note(row, 'skopeo', await run('skopeo', ['copy', '-q', '--src-tls-verify=false', `docker://${image}`, layout]))
      if (name === 'large') await pushBoth(image, layout, imgsdk, note)
      rmSync(folder, { recursive: true })
    }
  }
  return rows
}

async function pushBoth(
  image: string,
  layout: string,
  imgsdk: (...args: string[]) => Promise<Run>,
  note: (row: string, program: string, made: Run) => void,
): Promise<void> {
  const ways: [string, (to: string) => Promise<Run>][] = [
    ['imgsdk', (to) => imgsdk('push', image, to)],
    ['skopeo', (to) => run('skopeo', ['copy', '-q', '--dest-tls-verify=false', layout, `docker://${to}`])],
  ]
  for (const [program, send] of ways) {
    const empty = await startRegistry()
    try {
      note('push of 1 GB', program, await send(`${empty.host}/large:1`))
    } finally {
      await empty.stop()
    }
  }
}
