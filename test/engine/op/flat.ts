/** A whole build without a store: file ops solved one on another in memory, for comparing what comes out. */

import { parse } from '../../../sdk/dockerfile/parse.ts'
import { openContext } from '../../../sdk/engine/context/context.ts'
import { TarScanner } from '../../../sdk/engine/layer/scan.ts'
import { sortNames } from '../../../sdk/engine/name.ts'
import { type FileSource, prepareFile } from '../../../sdk/engine/op/file.ts'
import type { Entry, PackEntry, Tree } from '../../../sdk/engine/ports.ts'
import { joinName, parentOf } from '../../../sdk/engine/tree.ts'
import { digestOf } from '../../../sdk/oci/digest.ts'
import { lower } from '../../../sdk/plan/lower.ts'
import { scan } from './archive.ts'

type Kept = Entry & { readonly bytes?: Buffer }

/** A root file system, as layers applied in turn leave it. Source: image-spec, layer.md: Applying Changesets. */
export class Flat implements Tree {
  readonly entries = new Map<string, Kept>()
  #inodes = 0

  constructor(base?: Flat) {
    for (const [path, entry] of base?.entries ?? []) this.entries.set(path, entry)
    if (!base) this.entries.set('', { path: '', type: 'directory', mode: 0o755, uid: 0, gid: 0, size: 0, mtime: 0 })
  }

  async apply(entries: AsyncIterable<PackEntry> | Iterable<PackEntry>): Promise<void> {
    const own = new Set<string>()
    for await (const { content, ...entry } of entries) {
      const { path, type } = entry
      if (!this.entries.has(parentOf(path))) throw new Error(`"${path}" comes before its directory`)
      if (type === 'opaque' || type === 'whiteout') {
        this.#clear(path, own)
        if (type === 'whiteout') this.entries.delete(path)
        continue
      }
      own.add(path)
      if (type === 'hardlink') {
        const linked = this.entries.get(entry.link!)!
        const inode = linked.inode ?? `i${++this.#inodes}-${path}`
        this.entries.set(entry.link!, { ...linked, inode })
        this.entries.set(path, { ...linked, inode, path })
        continue
      }
      if (type !== 'directory') this.#clear(path, own)
      const bytes = Buffer.concat([...(content?.() ?? [])])
      this.entries.set(path, { ...entry, type, ...(type === 'file' ? { bytes, digest: digestOf(bytes) } : {}) })
    }
  }

  #clear(path: string, own: ReadonlySet<string>): void {
    for (const other of this.entries.keys())
      if (other.startsWith(`${path}/`) && !own.has(other)) this.entries.delete(other)
  }

  entry(path: string): Entry | undefined {
    return this.entries.get(path)
  }

  names(path: string): string[] {
    return sortNames(
      [...this.entries.keys()]
        .filter((key) => key !== '' && parentOf(key) === path)
        .map((key) => key.slice(path === '' ? 0 : path.length + 1)),
    )
  }

  read(entry: Entry): Uint8Array[] {
    return [this.entries.get(entry.path)!.bytes!]
  }

  /** One line per path: what a user can see of it. Times are shown for files only. */
  lines(): string[] {
    const first = new Map<string, string>()
    const lines: string[] = []
    const visit = (directory: string) => {
      for (const name of this.names(directory)) {
        const path = joinName(directory, name)
        const entry = this.entries.get(path)!
        lines.push(line(entry, first))
        if (entry.type === 'directory') visit(path)
      }
    }
    visit('')
    return lines
  }
}

function line(entry: Kept, first: Map<string, string>): string {
  const { path, type, mode, uid, gid, link, inode, bytes, mtime } = entry
  const linked = inode === undefined ? undefined : first.get(inode)
  if (linked !== undefined) return `${path} = ${linked}`
  if (inode !== undefined) first.set(inode, path)
  const what = type === 'symlink' ? `-> ${link}` : type === 'file' ? `${mtime} ${bytes}` : ''
  return `${path} ${type} ${mode.toString(8)} ${uid}:${gid} ${what}`
}

/** What a tar of a root file system holds. */
export async function readFlat(bytes: Buffer): Promise<Flat> {
  const entries: PackEntry[] = []
  const seen = new Set([''])
  const scanner = new TarScanner({
    entry({ name, offset, ...entry }) {
      const path = name.replace(/\/$/, '')
      if (path === '' || path === '.') return
      for (let at = path.indexOf('/'); at > 0; at = path.indexOf('/', at + 1)) {
        const parent = path.slice(0, at)
        if (!seen.has(parent)) throw new Error(`the export lacks ${parent}`)
      }
      seen.add(path)
      entries.push({
        ...entry,
        path,
        ...(entry.type === 'file' ? { content: () => [bytes.subarray(offset, offset + entry.size)] } : {}),
      })
    },
    data() {},
    done() {},
  })
  scanner.write(bytes)
  const flat = new Flat()
  await flat.apply(entries)
  return flat
}

const platform = { os: 'linux', architecture: 'amd64' }

/** Builds a Dockerfile that only copies. */
export async function build(dockerfile: string, folder: string): Promise<Flat> {
  const plan = lower(parse(dockerfile), {
    buildPlatform: platform,
    images: new Map(),
    parseTrigger: () => {
      throw new Error('no triggers here')
    },
  })
  const outputs: (Flat | FileSource)[] = []
  for (const { op, inputs } of plan.vertices) {
    const given = inputs.map(([vertex]) => outputs[vertex]!)
    if ('source' in op) {
      const local = openContext(folder)
      outputs.push({ tree: local, local })
    } else if ('merge' in op) {
      const merged = new Flat(given[0] as Flat)
      for (const layer of given.slice(1) as Flat[]) {
        const ordered = layer.lines().map((text) => layer.entries.get(text.split(' ')[0]!)!)
        await merged.apply(
          ordered.map(({ bytes, inode: _, ...entry }) => (bytes ? { ...entry, content: () => [bytes] } : entry)),
        )
      }
      outputs.push(merged)
    } else if ('file' in op) {
      const sources = given.map(
        (input, index): FileSource => (input instanceof Flat ? { tree: input, key: `${index}` } : input),
      )
      const prepared = await prepareFile(op.file, sources, { now: 1, scan })
      const result = new Flat(prepared.base < 0 ? undefined : (given[prepared.base] as Flat))
      await result.apply(prepared.entries())
      prepared.close()
      outputs.push(result)
    } else throw new Error('only files here')
  }
  return outputs[plan.result![0]] as Flat
}
