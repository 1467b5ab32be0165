/** A tar archive of a few, perhaps large, files: the frame of an image archive. */
import { codec } from '../engine/layer/codec.ts'
import { encodeEntry, padding } from '../engine/layer/encode.ts'

/** A file of an archive, or with a name that ends in `/`, a directory. */
export interface ArchiveFile {
  readonly name: string
  /** Bytes; `read` must give as many. */
  readonly size: number
  read(): AsyncIterable<Uint8Array> | Iterable<Uint8Array>
}

/**
 * The bytes of the archive, files in the order given, all dated 1970: the same files make the same bytes.
 * Each file is read when its turn comes; what reading throws, this throws.
 */
export async function* packArchive(files: Iterable<ArchiveFile>): AsyncGenerator<Uint8Array> {
  const blocks = codec()
  for (const { name, size, read } of files) {
    const type = name.endsWith('/') ? 'directory' : 'file'
    const path = type === 'directory' ? name.slice(0, -1) : name
    const mode = type === 'directory' ? 0o755 : 0o444
    yield* encodeEntry(blocks, { path, type, mode, uid: 0, gid: 0, size, mtime: 0 })
    yield* read()
    yield padding(size)
  }
  yield new Uint8Array(1024)
}

/** A file whose content is at hand. */
export function textFile(name: string, content: string | Uint8Array): ArchiveFile {
  const bytes = Buffer.from(content)
  return { name, size: bytes.length, read: () => [bytes] }
}
