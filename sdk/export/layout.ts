/** An image as an OCI image layout: a directory of blobs that `index.json` names. */
import { readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { makeFolder } from '../engine/folder.ts'
import type { Io } from '../engine/ports.ts'
import { ImgError } from '../error.ts'
import { encodeIndex } from '../oci/encode.ts'
import { type ImageIndex, mediaTypes } from '../oci/types.ts'
import { exportError, temporaryBeside, writePieces } from './atomic.ts'
import { readBlob } from './blob.ts'
import { type Blob, blobsOf, type Image } from './image.ts'
import { withLock } from './lock.ts'
import { addNamed, nameDescriptor } from './naming.ts'
import { step } from './step.ts'
import { blobPath, describe, layoutMark } from './tarball.ts'

/** What writing a layout can be told. */
export interface LayoutOptions {
  /** References that the image gets in the layout; one that another image has there moves to this one. @default the tag `latest` */
  readonly names?: readonly string[] | undefined
}

/**
 * Writes an image into a layout directory (`type=oci,tar=false`). A new directory appears when it is whole; in one that is
 * there, blobs come first and the index last, and what it has already is not written again.
 *
 * @throws EXPORT_FAILED (also where `dir` holds something else than a layout), DISK_FULL, BUILD_CANCELLED, DIGEST_MISMATCH,
 *         REFERENCE_INVALID; what this call wrote is gone then
 * @source image-spec, image-layout.md
 */
export async function write(image: Image, dir: string, options: LayoutOptions, io: Io): Promise<void> {
  const added = nameDescriptor(describe(image), options.names ?? [], 'latest')
  await step(io, `export ${dir}`, `exporting OCI layout to ${dir}`, () => writeLayout(image, dir, added, io))
}

type Named = ReturnType<typeof nameDescriptor>

async function writeLayout(image: Image, dir: string, added: Named, io: Io): Promise<void> {
  try {
    if (!(await isDirectory(dir)) && (await create(dir, image, added, io))) return
    // One writer at a time: what a failed one takes away again, no other may have counted on.
    await withLock(join(dir, lockName), io.signal, async () => {
      await refuseOther(dir)
      await fill(dir, image, added, io)
    })
  } catch (error) {
    throw exportError(error, dir, io.signal)
  }
}

const lockName = 'index.json.lock'

async function isDirectory(dir: string): Promise<boolean> {
  const found = await stat(dir).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (!found || found.isDirectory()) return found !== undefined
  throw new ImgError('EXPORT_FAILED', `"${dir}" is not a directory; an OCI layout is one`, {
    hint: 'leave out tar=false to write an archive',
    detail: { path: dir },
  })
}

/**
 * Whether a layout can be written there.
 * @throws EXPORT_FAILED  it is a file, or a directory that holds something else
 */
export async function checkLayout(dir: string): Promise<void> {
  if (await isDirectory(dir)) await refuseOther(dir)
}

/** Refuses a directory that holds something else. */
async function refuseOther(dir: string): Promise<void> {
  const names = (await readdir(dir)).filter((name) => !name.startsWith(lockName))
  if (names.length === 0 || names.includes('oci-layout')) return
  throw new ImgError('EXPORT_FAILED', `"${dir}" is not empty, and is not an OCI layout: it has no "oci-layout"`, {
    hint: 'name a new or an empty directory',
    detail: { path: dir },
  })
}

/** Makes a layout where there is no directory yet. False where somebody else made one meanwhile. */
async function create(dir: string, image: Image, added: Named, io: Io): Promise<boolean> {
  makeFolder(dirname(dir))
  const temporary = temporaryBeside(dir)
  try {
    await fill(temporary, image, added, io)
    await rename(temporary, dir)
    return true
  } catch (error) {
    if (['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) return false
    throw error
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
}

async function fill(dir: string, image: Image, added: Named, io: Io): Promise<void> {
  const written: string[] = []
  try {
    makeNoted(join(dir, 'blobs', 'sha256'), written)
    for (const blob of blobsOf(image)) await writeBlob(dir, blob, written, io)
    await place(join(dir, 'oci-layout'), layoutMark, written)
    await addToIndex(dir, added, written)
  } catch (error) {
    for (const path of written.reverse()) await rm(path, { recursive: true, force: true })
    throw error
  }
}

async function addToIndex(dir: string, added: Named, written: string[]): Promise<void> {
  const path = join(dir, 'index.json')
  const old = await readIndex(path)
  const manifests = addNamed(old?.manifests ?? [], added)
  const index = { ...old, schemaVersion: 2 as const, mediaType: old?.mediaType ?? mediaTypes.ociIndex, manifests }
  const temporary = temporaryBeside(path)
  written.push(temporary)
  await writeFile(temporary, encodeIndex(index, ''), { flag: 'wx' })
  await rename(temporary, path)
}

async function readIndex(path: string): Promise<ImageIndex | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (text === undefined) return undefined
  try {
    const index = JSON.parse(text) as ImageIndex
    if (Array.isArray(index.manifests)) return index
  } catch {
    // Said below.
  }
  throw new ImgError('EXPORT_FAILED', `"${path}" is not an image index`, {
    hint: 'name a new or an empty directory',
    detail: { path },
  })
}

async function writeBlob(dir: string, blob: Blob, written: string[], io: Io): Promise<void> {
  const path = join(dir, blobPath(blob.descriptor))
  const found = await stat(path).catch(() => undefined)
  if (found?.isFile() && found.size === blob.descriptor.size) return
  await writePieces(path, readBlob(blob, io, `exporting ${blob.descriptor.digest}`), io)
  written.push(path)
}

async function place(path: string, content: string, written: string[]): Promise<void> {
  if (await stat(path).catch(() => undefined)) return
  written.push(path)
  await writeFile(path, content, { flag: 'wx' })
}

/** Makes a directory and its parents, and remembers the topmost that was missing. */
function makeNoted(path: string, written: string[]): void {
  const first = makeFolder(path)
  if (first !== undefined) written.push(first)
}
