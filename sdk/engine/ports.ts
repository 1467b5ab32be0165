/** The interfaces that the parts of the engine meet in. `solve` knows these, never the parts. Long because all of them stand here, and only they. */
import type { Readable } from 'node:stream'
import type { Location } from '../error.ts'
import type { Digest } from '../oci/digest.ts'
import type { Descriptor } from '../oci/types.ts'

/** One object of a file tree. */
export interface Entry {
  /** Relative to the root, `/` between components, no `.`, `..`, leading or trailing slash; '' is the root. */
  readonly path: string
  readonly type: 'file' | 'directory' | 'symlink' | 'character-device' | 'block-device' | 'fifo'
  /** Permission, setuid, setgid and sticky bits: 0 to 0o7777. */
  readonly mode: number
  readonly uid: number
  readonly gid: number
  /** Bytes; 0 for anything but a regular file. */
  readonly size: number
  /** Seconds since the epoch, whole. */
  readonly mtime: number
  /** The text of a symbolic link. */
  readonly link?: string
  readonly device?: { readonly major: number; readonly minor: number }
  /** Extended attributes by full name, e.g. `security.capability`. */
  readonly xattrs?: Readonly<Record<string, Uint8Array>>
  /** Equal for all names of one file (hard links); absent where the file has only one name. */
  readonly inode?: string
  /** SHA-256 of the content, where it is known without reading. */
  readonly digest?: Digest
}

/** A file tree that COPY reads from, or that a step must know something of. Lookups never follow links. */
export interface Tree {
  entry(path: string): Entry | undefined
  /** The names directly in a directory, sorted by byte value. Empty for anything else. */
  names(path: string): readonly string[]
  /** The content of a regular file, in pieces, read as they are asked for. */
  read(entry: Entry): Iterable<Uint8Array>
}

/** A file tree of the machine that the build runs on. */
export interface LocalContext extends Tree {
  /** Its absolute path, without symbolic links. */
  readonly folder: string
  /** Changes when a file, or anything below a directory, does: names, types, modes, sizes, times and inodes, but no content. */
  signature(path: string): string | undefined
  /** Whether something changed so lately that a signature proves nothing later on. */
  readonly unsettled: boolean
  /** What builds learn of the files' contents; absent where nothing is to be remembered. */
  readonly contents?: Contents | undefined
  close(): void
}

/** What builds learn of the contents of a context's files, so that the next need not read what has not changed. */
export interface Contents {
  /** Makes known what earlier builds learned: entries of files that are as they were then have digests. */
  recall(): Promise<void>
  /** Takes note of what a file turned out to hold. */
  learn(path: string, content: StoredContent): void
  /** Writes down what was learned. */
  keep(): Promise<void>
}

/** A content that the store has. */
export interface StoredContent {
  readonly digest: Digest
  /** The diff ID of the layer whose tar holds it. */
  readonly tar: Digest
  /** Where it starts in that tar, in bytes. */
  readonly offset: number
}

/** What the index of a layer says of a path. */
export interface IndexEntry extends Entry {
  /** Regular files in a tar: where the content starts, in bytes. */
  readonly offset?: number
}

/** What one layer says, whiteouts apart from the rest. Paths as in Entry. */
export interface LayerIndex {
  readonly entries: ReadonlyMap<string, IndexEntry>
  /** Paths of lower layers that this one removes. */
  readonly whiteouts: ReadonlySet<string>
  /** Directories whose content in lower layers is hidden. */
  readonly opaque: ReadonlySet<string>
}

/** The uncompressed tar of a layer: a file in the store. `size` in bytes. */
export interface LayerTar {
  readonly diffId: Digest
  readonly size: number
  readonly path: string
}

/**
 * How a directory says that something is gone. `overlayfs`: by 0/0 devices and xattrs, as the kernel does. `names`: by files with the names
 * that layers use, which any file system can hold.
 */
export type DirectoryForm = 'overlayfs' | 'names'

/** One layer in a store. Each form is made when it is first asked for, once, whoever asks. */
export interface Layer {
  /** Stable for as long as the store has the layer: the diff ID, or a name of the store's own for one that has no tar yet. */
  readonly id: string
  /** For a layer of a base image: where its blob is, so that it need not be fetched. */
  readonly base?: BaseLayer
  index(io?: Io): Promise<LayerIndex>
  /** A directory that holds just this layer. Never write to it. @param form  default: overlayfs */
  directory(io?: Io, form?: DirectoryForm): Promise<string>
  tar(io?: Io): Promise<LayerTar>
}

/** A layer of a base image that may not have been fetched. */
export interface BaseLayer {
  readonly diffId: Digest
  /** Of the blob as the registry has it, compressed. */
  readonly descriptor: Descriptor
  /** Opens the blob; its digest is checked by the reader. */
  open(io?: Io): Promise<Readable>
  /** `registry/repository` that the blob can be mounted from. */
  readonly from?: string
}

/** A root file system: layers from the bottom up. */
export interface Snapshot {
  readonly layers: readonly Layer[]
}

/** An entry to be packed into a layer. */
export interface PackEntry extends Omit<Entry, 'type' | 'inode'> {
  /** `hardlink`: `link` is the path of an earlier entry. `whiteout`: `path` is removed. `opaque`: what lower layers have in `path` is hidden. */
  readonly type: Entry['type'] | 'hardlink' | 'whiteout' | 'opaque'
  /** Regular files: the content, read once, when its turn comes. */
  readonly content?: () => Iterable<Uint8Array>
}

/** Ids as they are outside a user namespace → as the image has them. */
export interface OutsideIds {
  uid(outside: number): number
  gid(outside: number): number
}

/** A directory that shows what a command changed, when it is compared with the layers that the command was given. */
export interface ChangedRoot {
  readonly directory: string
  /** Takes marks out of the way that are no files of the root file system, once nothing writes to it any more. */
  settle(): void
  /**
   * What was changed, as a new layer. The directory must not be used any more.
   *
   * @param options.still  directories in which only the caller made something, and took it away again
   * @param options.idMap  as for `adopt`
   */
  changes(
    options: { readonly still: ReadonlySet<string>; readonly idMap?: OutsideIds | undefined },
    io?: Io,
  ): Promise<Layer>
  remove(): void
}

/** Makes and finds layers. */
export interface LayerStore {
  /** The layer with that id, if it is still there in any form. */
  get(id: string): Promise<Layer | undefined>
  /** A new layer from entries, in the order given (parents first, sorted by the caller). Tar, diff ID and index come out of one pass. */
  pack(entries: AsyncIterable<PackEntry> | Iterable<PackEntry>, io?: Io): Promise<Layer>
  /** A layer whose form is an overlay upper directory, which the store takes over (renames). `idMap`: whose ids are those outside a user namespace. */
  adopt(directory: string, options?: { readonly idMap?: OutsideIds }): Promise<Layer>
  /** A layer of a base image, fetched when one of its forms is asked for. */
  base(layer: BaseLayer): Promise<Layer>
  /** The files of layers, from the bottom up, in a directory of their own, to be changed in place. */
  copy(layers: readonly Layer[], io?: Io): Promise<ChangedRoot>
  /** The empty upper directory of a fuse-overlayfs on layers, given from the bottom up. */
  fused(directory: string, layers: readonly Layer[]): ChangedRoot
}

/** Small facts that survive: cache records, descriptors of compressed layers, stat caches. Each write is atomic. */
export interface Records {
  get<T>(kind: string, key: string): Promise<T | undefined>
  put<T>(kind: string, key: string, value: T): Promise<void>
  delete(kind: string, key: string): Promise<void>
}

/** Content-addressed bytes. */
export interface BlobStore {
  has(digest: Digest): Promise<boolean>
  /** Throws IMAGE_NOT_FOUND. */
  get(digest: Digest): Promise<Readable>
  /** Takes the bytes, checks digest and size where they are given (DIGEST_MISMATCH, nothing kept), and keeps them. */
  put(
    bytes: Readable | Uint8Array,
    expected?: { digest?: Digest; size?: number },
    io?: Io,
  ): Promise<{ digest: Digest; size: number }>
}

/** What every worldly step is handed: when to stop, and whom to tell. */
export interface Io {
  readonly signal: AbortSignal
  emit(event: BuildEvent): void
}

/** What happens during a build, in order. `id` names a vertex of the plan, or a transfer. */
export type BuildEvent =
  | { readonly type: 'start'; readonly id: string; readonly name: string; readonly at?: Location | undefined }
  | { readonly type: 'cached'; readonly id: string; readonly name: string; readonly at?: Location | undefined }
  | { readonly type: 'done'; readonly id: string; readonly milliseconds: number }
  /** `cancelled`: only because another step failed, or the build was interrupted. */
  | { readonly type: 'failed'; readonly id: string; readonly message: string; readonly cancelled?: boolean }
  | { readonly type: 'log'; readonly id: string; readonly stream: 'stdout' | 'stderr'; readonly bytes: Uint8Array }
  | {
      readonly type: 'progress'
      readonly id: string
      readonly name: string
      readonly current: number
      readonly total?: number
    }
  | { readonly type: 'warning'; readonly message: string; readonly at?: Location | undefined }

/** Secrets and SSH agents by id; undefined where there is none. */
export interface Secrets {
  get(id: string): Promise<Uint8Array | undefined>
  /** The path of an agent's socket. */
  agent(id: string): Promise<string | undefined>
}
