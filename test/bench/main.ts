/** `npm run bench [WORKLOAD…]`: our times beside those of docker and buildah, in the same run. */
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { importRootfs, pushImage } from '../../sdk/engine/index.ts'
import { startRegistry } from '../helpers/registry.ts'
import { debianRootfs } from '../helpers/rootfs.ts'
import { hasProgram } from '../helpers/suite.ts'
import { archiveRuns } from './archive.ts'
import { type Builder, buildah, docker, ours } from './builders.ts'
import { buildkit } from './buildkit.ts'
import { languageRows } from './language.ts'
import { median, type Run } from './measure.ts'
import { pullRuns } from './pull.ts'
import { pushRuns } from './push.ts'
import { bigWrite, copyFiles, copyFrom, diamond, dockerfile, manyFiles, runTwenty } from './workloads.ts'

/** What one workload costs a builder. */
type Workload = (builder: Builder, base: string, folder: string) => Promise<Record<string, Run>>

const rounds = Number(process.env['BENCH_ROUNDS'] ?? 3)
let most = 0

const workloads: Record<string, Workload> = {
  async 'copy-20k'(builder, base, folder) {
    manyFiles(folder)
    dockerfile(folder, copyFiles(base))
    const cold = await builder.build(folder, { fresh: true })
    const again = await builder.build(folder)
    appendFileSync(join(folder, 'files', 'd7', 'f700.txt'), 'changed')
    return { 'copy-20k cold': cold, 'copy-20k again': again, 'copy-20k one file changed': await builder.build(folder) }
  },
  async 'run-20'(builder, base, folder) {
    dockerfile(folder, runTwenty(base))
    return { 'run-20 cold': await builder.build(folder, { fresh: true }), 'run-20 again': await builder.build(folder) }
  },
  async diamond(builder, base, folder) {
    dockerfile(folder, diamond(base))
    return { diamond: await builder.build(folder, { fresh: true }) }
  },
  async 'big-write'(builder, base, folder) {
    dockerfile(folder, bigWrite(base))
    return { 'big-write': await builder.build(folder, { fresh: true }) }
  },
  async 'copy-from-20k'(builder, base, folder) {
    manyFiles(folder)
    dockerfile(folder, copyFiles(base))
    await builder.build(folder)
    dockerfile(folder, copyFrom(base))
    return { 'copy-from-20k': await builder.build(folder) }
  },
}

async function main(): Promise<void> {
  const wanted = process.argv.slice(2)
  const chosen = (name: string) => wanted.length === 0 || wanted.some((word) => name.includes(word))
  if ([...Object.keys(workloads), 'archive', 'push', 'pull'].some(chosen)) await compareBuilders(chosen)
  if (chosen('synth') || chosen('language')) for (const line of await languageRows()) console.log(line)
}

async function compareBuilders(chosen: (name: string) => boolean): Promise<void> {
  if (!hasProgram('docker-registry') || !hasProgram('mmdebstrap')) {
    console.log('the builders are not compared: docker-registry and mmdebstrap are needed for the base image')
    return
  }
  const work = mkdtempSync(join(tmpdir(), 'imgsdk-bench-'))
  const registry = await startRegistry()
  const base = `${registry.host}/debian:bookworm`
  const store = join(work, 'store')
  await importRootfs(await debianRootfs(), { store, tags: [base] })
  await pushImage(base, base, { store })
  const peers = (process.env['BENCH_PEERS'] ?? 'docker,buildah').split(',')
  const found = [
    ours(store),
    peers.includes('docker') ? await docker() : undefined,
    peers.includes('buildah') ? await buildah() : undefined,
  ]
  const builders = found.filter((builder) => builder !== undefined)
  try {
    await warmUp(builders, base, work)
    for (const [name, workload] of Object.entries(workloads))
      if (chosen(name)) await compare(workload, builders, base, work)
    if (chosen('archive')) await archive(builders[0]!, registry.host, base, work)
    if (chosen('push')) {
      const rows = await pushRuns({ store, host: registry.host, base, work, rounds: Math.max(5, rounds) })
      for (const [row, runs] of rows) {
        most = Math.max(most, ...runs.get('imgsdk')!.map(({ megabytes }) => megabytes))
        console.log(line(row, mediansOf(runs)))
      }
    }
    if (chosen('pull')) {
      for (const [row, runs] of await pullRuns({ host: registry.host, work, rounds })) {
        const peak = Math.max(...runs.get('imgsdk')!.map(({ megabytes }) => megabytes))
        most = Math.max(most, peak)
        console.log(`${line(row, mediansOf(runs))}   peak memory ${peak.toFixed(0)} MB`)
      }
    }
    console.log(`peak memory of imgsdk: ${most.toFixed(0)} MB`)
  } finally {
    for (const builder of builders) await builder.stop()
    await registry.stop()
    rmSync(work, { recursive: true, force: true })
  }
}

/** Every builder has the base, and has run a container. */
async function warmUp(builders: readonly Builder[], base: string, work: string): Promise<void> {
  const folder = join(work, 'warm')
  dockerfile(folder, [`FROM ${base}`, 'RUN true'])
  for (const builder of builders) await builder.build(folder)
}

async function compare(workload: Workload, builders: readonly Builder[], base: string, work: string): Promise<void> {
  const times = new Map<string, Map<string, number[]>>()
  for (let round = 0; round < rounds; round++) {
    for (const builder of builders) {
      const folder = mkdtempSync(join(work, 'w-'))
      for (const [row, { seconds, megabytes }] of Object.entries(await workload(builder, base, folder))) {
        const columns = times.get(row) ?? new Map<string, number[]>()
        times.set(row, columns.set(builder.name, [...(columns.get(builder.name) ?? []), seconds]))
        if (builder.name === 'imgsdk') most = Math.max(most, megabytes)
      }
      rmSync(folder, { recursive: true, force: true })
    }
  }
  for (const [row, columns] of times)
    console.log(line(row, new Map([...columns].map(([name, seconds]) => [name, median(seconds)]))))
}

function line(row: string, seconds: ReadonlyMap<string, number>): string {
  const own = seconds.get('imgsdk')!
  const cells = [...seconds].map(([name, value]) => `${name} ${value.toFixed(2)} s`)
  const ratios = [...seconds]
    .filter(([name]) => name !== 'imgsdk')
    .map(([name, value]) => `÷ ${name} ${(own / value).toFixed(2)}`)
  return `${row.padEnd(28)} ${[...cells, ...ratios].join('   ')}`
}

async function archive(own: Builder, host: string, base: string, work: string): Promise<void> {
  const peer = await buildkit(host)
  try {
    const runs = await archiveRuns(peer ? [own, peer] : [own], { base, work, rounds })
    for (const { megabytes } of runs.get(own.name)!) most = Math.max(most, megabytes)
    console.log(line('gzip archive of copy-20k', mediansOf(runs)))
  } finally {
    await peer?.stop()
  }
}

function mediansOf(runs: ReadonlyMap<string, readonly Run[]>): Map<string, number> {
  return new Map([...runs].map(([name, all]) => [name, median(all.map(({ seconds }) => seconds))]))
}

await main()
