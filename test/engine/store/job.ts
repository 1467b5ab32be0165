/**
 * A process that does all that a store is for, and says what came out. Argument: JSON of what to do; with `fault`, the call of that number that
 * changes the disk kills the process, or finds the disk full.
 */
import fs, { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { BaseLayer } from '../../../sdk/engine/ports.ts'
import type { Digest } from '../../../sdk/oci/digest.ts'

/** What the process is told. */
export interface Job {
  readonly folder: string
  /** A gzip'd layer. */
  readonly blob: { readonly path: string; readonly digest: Digest; readonly size: number; readonly diffId: Digest }
  readonly fault?: { readonly kind: 'kill' | 'full'; readonly call: number }
}

/** What it says on stdout: digests, and how many calls changed the disk. */
export interface Done {
  readonly base: Digest
  readonly packed: Digest
  readonly upper: Digest
  readonly compressed: Digest
  readonly directory: string
  readonly calls: number
}

let calls = 0
/** While the job itself writes, as a command would: that is not the store's doing. */
let paused = false

/** Counts the calls that change the disk, and breaks the one that is to be broken. */
function breakAt(fault: Job['fault']): void {
  const count = (name: string, path: unknown) => {
    calls++
    if (calls !== fault?.call) return
    if (fault.kind === 'kill') process.kill(process.pid, 'SIGKILL')
    if (/rm|unlink|rmdir|utimes/.test(name)) return
    throw Object.assign(new Error(`ENOSPC: no space left on device, ${name}`), { code: 'ENOSPC', path })
  }
  const disk = fs as unknown as Record<string, (...args: unknown[]) => unknown>
  for (const name of [
    'openSync',
    'writeSync',
    'mkdirSync',
    'renameSync',
    'rmSync',
    'rmdirSync',
    'symlinkSync',
    'linkSync',
    'fdatasync',
    'fsyncSync',
    'writeFileSync',
  ]) {
    const original = disk[name]!
    disk[name] = (...args) => {
      const reads = name === 'openSync' && (args[1] === undefined || args[1] === 'r' || (Number(args[1]) & 3) === 0)
      if (!reads && !paused) count(name, args[0])
      return original.apply(fs, args)
    }
    Object.assign(disk[name], original)
  }
  syncBuiltinESMExports()
}

async function main({ folder, blob, fault }: Job): Promise<Done> {
  const { openStore } = await import('../../../sdk/engine/open.ts')
  const { compressLayer } = await import('../../../sdk/engine/layer/compress.ts')
  const { entries } = await import('../layer/lab.ts')
  if (fault) breakAt(fault)
  const io = { signal: new AbortController().signal, emit: () => {} }
  const store = await openStore(folder)
  const base: BaseLayer = {
    diffId: blob.diffId,
    descriptor: { mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', digest: blob.digest, size: blob.size },
    open: async () => Readable.from([readFileSync(blob.path)]),
  }
  const baseLayer = await store.layers.base(base)
  const { diffId } = await baseLayer.tar(io)
  const directory = await baseLayer.directory(io)
  const packed = await store.layers.pack(
    entries({ 'd/': {}, 'd/file': 'packed content', 'd/link': { type: 'symlink', link: 'file' } }),
    io,
  )
  // what a cache does: a layer that is still there is not made again
  const known = await store.records.get<string>('job', 'upper')
  const upper = (known && (await store.layers.get(known))) || (await adopted())
  const compressed = await compressLayer(store, upper, { type: 'gzip' }, io)
  await store.images.set('result', compressed.descriptor)
  await store.close()
  return {
    base: diffId,
    packed: (await packed.tar(io)).diffId,
    upper: compressed.diffId,
    compressed: compressed.descriptor.digest,
    directory,
    calls,
  }

  async function adopted() {
    const room = await store.temporary()
    paused = true
    mkdirSync(join(room.path, 'upper'))
    writeFileSync(join(room.path, 'upper/made'), 'by a command')
    fs.utimesSync(join(room.path, 'upper/made'), 5, 5)
    paused = false
    const layer = await store.layers.adopt(join(room.path, 'upper'))
    await store.records.put('job', 'upper', layer.id)
    return layer
  }
}

if (process.argv[2]) {
  main(JSON.parse(process.argv[2])).then(
    (done) => console.log(JSON.stringify(done)),
    (error) => {
      console.log(JSON.stringify({ code: error.code, message: error.message, detail: error.detail }))
      process.exitCode = 1
    },
  )
}
