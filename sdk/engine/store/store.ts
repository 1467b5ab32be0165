/** The store: one folder that holds images, layers and what is remembered of builds, for many processes at once. */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { ImgError, reasonOf } from '../../error.ts'
import { makeFolder } from '../folder.ts'
import type { Io, LayerStore, Records } from '../ports.ts'
import { type BlobFolder, openBlobs } from './blobs.ts'
import { diskError, replaceFile } from './disk.ts'
import { type ImageNames, openImages, text } from './images.ts'
import { type Locked, openLocks } from './lock.ts'
import { bootId } from './owner.ts'
import { openRecords } from './records.ts'
import { Temporaries, type Temporary } from './temporary.ts'
import { type Damage, verify } from './verify.ts'

/** An open store. */
export interface Store {
  /** Absolute. A valid OCI image layout. */
  readonly folder: string
  readonly blobs: BlobFolder
  readonly layers: LayerStore
  readonly records: Records
  readonly images: ImageNames
  /** One process at a time per key. */
  readonly locked: Locked
  /** A folder on the store's file system, for work in progress; swept when its process has died. */
  temporary(): Promise<Temporary & { remove(): Promise<void> }>
  /** Reads every blob; tells of those that are damaged, and removes them with `repair`. */
  verify(options?: { readonly repair?: boolean }, io?: Io): Promise<Damage[]>
  close(): Promise<void>
}

/** What a layer store is made from. */
export type StoreParts = Pick<Store, 'folder' | 'blobs' | 'locked'> & {
  readonly temporary: () => string
  /** Which start of the machine this is. */
  readonly boot: string
}

/**
 * Opens the store in a folder, which is made where it is missing.
 *
 * @param openLayers  makes the layer store: handed in, because layers and the store's files are different parts
 * @throws DISK_FULL; CONTEXT_INVALID when the folder cannot be written to
 */
export async function openStoreWith(folder: string, openLayers: (parts: StoreParts) => LayerStore): Promise<Store> {
  const root = resolve(folder)
  const temporaries = new Temporaries(join(root, 'tmp'))
  const name = () => temporaries.name()
  prepare(root, name)
  temporaries.sweep()
  const blobs = openBlobs(join(root, 'blobs'), name)
  const locked = openLocks(join(root, 'locks'), name)
  return {
    folder: root,
    blobs,
    locked,
    layers: openLayers({ folder: join(root, 'layers'), blobs, locked, temporary: name, boot: bootId() }),
    records: openRecords(join(root, 'records'), name),
    images: openImages(root, locked, name),
    async temporary() {
      const made = temporaries.make()
      return { path: made.path, remove: async () => made.remove() }
    },
    verify: (options, io) => verify(root, blobs, options, io),
    close: async () => temporaries.close(),
  }
}

const parts = ['blobs/sha256', 'layers', 'records', 'locks', 'mounts', 'tmp']

/** The folders and the two files of an empty layout. Nobody else may look in: layers hold whatever images hold. */
function prepare(root: string, temporary: () => string): void {
  try {
    for (const part of parts) makeFolder(join(root, part), 0o700)
    if (existsSync(join(root, 'oci-layout'))) return
    if (!existsSync(join(root, 'index.json'))) replaceFile(join(root, 'index.json'), text([]), temporary())
    replaceFile(join(root, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}', temporary())
  } catch (thrown) {
    const error = diskError(thrown, root)
    if (error instanceof ImgError) throw error
    throw new ImgError('CONTEXT_INVALID', `the store cannot be opened at "${root}": ${reasonOf(error)}`, {
      hint: 'name a folder that can be written to: --store DIR, or IMGSDK_STORE',
      cause: thrown,
    })
  }
}
