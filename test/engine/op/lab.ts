/** A bench for FileOps: trees written as objects, results read as objects. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { openContext } from '../../../sdk/engine/context/context.ts'
import { sortNames } from '../../../sdk/engine/name.ts'
import { type FileOptions, type FileSource, type PreparedFile, prepareFile } from '../../../sdk/engine/op/file.ts'
import type { Entry, PackEntry, Tree } from '../../../sdk/engine/ports.ts'
import { joinName, parentOf } from '../../../sdk/engine/tree.ts'
import { digestOf } from '../../../sdk/oci/digest.ts'
import type { CopyAction, FileAction } from '../../../sdk/plan/op.ts'

/** A file by its text, or by more; a name that ends in a slash is a directory; `-> x` is a symbolic link. */
export type Spec = Readonly<Record<string, string | (Partial<Entry> & { readonly text?: string })>>

/** A tree in memory, with digests, as a snapshot has them. */
export function memory(spec: Spec): Tree {
  const entries = new Map<string, Entry>([
    ['', { path: '', type: 'directory', mode: 0o755, uid: 0, gid: 0, size: 0, mtime: 100 }],
  ])
  const texts = new Map<string, string>()
  for (const [key, value] of Object.entries(spec)) {
    const path = key.replace(/\/$/, '')
    for (let parent = parentOf(path); parent !== ''; parent = parentOf(parent)) {
      if (!entries.has(parent))
        entries.set(parent, { path: parent, type: 'directory', mode: 0o755, uid: 0, gid: 0, size: 0, mtime: 100 })
    }
    const common = { path, uid: 0, gid: 0, mtime: 200 }
    if (key.endsWith('/')) {
      entries.set(path, {
        ...common,
        type: 'directory',
        mode: 0o755,
        size: 0,
        ...(typeof value === 'string' ? {} : value),
      })
    } else if (typeof value === 'string' && value.startsWith('-> ')) {
      entries.set(path, { ...common, type: 'symlink', mode: 0o777, size: 0, link: value.slice(3) })
    } else {
      const { text = '', ...more } = typeof value === 'string' ? { text: value } : value
      texts.set(path, text)
      entries.set(path, {
        ...common,
        type: 'file',
        mode: 0o644,
        size: Buffer.byteLength(text),
        digest: digestOf(text),
        ...more,
      })
    }
  }
  return {
    entry: (path) => entries.get(path),
    names: (path) =>
      sortNames(
        [...entries.keys()]
          .filter((key) => key !== '' && parentOf(key) === path)
          .map((key) => key.slice(path === '' ? 0 : path.length + 1)),
      ),
    read: (entry) => [Buffer.from(texts.get(entry.path) ?? '')],
  }
}

/** A folder of its own, filled, used and removed. */
export async function withFolder<T>(
  files: Readonly<Record<string, string>>,
  use: (folder: string) => T | Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'imgsdk-test-'))
  try {
    write(folder, files)
    return await use(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

export function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    const full = join(folder, path)
    mkdirSync(path.endsWith('/') ? full : dirname(full), { recursive: true })
    if (text.startsWith('-> ')) symlinkSync(text.slice(3), full)
    else if (!path.endsWith('/')) writeFileSync(full, text)
  }
}

/** The action of a COPY line. */
export function copy(src: string, dest: string, more: Partial<CopyAction> = {}): FileAction['Action'] {
  return {
    copy: {
      src,
      dest,
      mode: -1,
      timestamp: -1,
      followSymlink: true,
      dirCopyContents: true,
      createDestPath: true,
      allowWildcard: true,
      allowEmptyWildcard: true,
      ...more,
    },
  }
}

/** Actions one after the other on input 0; copies take from input 1. */
export function chain(...actions: readonly FileAction['Action'][]): { readonly actions: readonly FileAction[] } {
  return {
    actions: actions.map((Action, index) => ({
      input: index === 0 ? 0 : 1 + index,
      secondaryInput: 'copy' in Action ? 1 : -1,
      output: index === actions.length - 1 ? 0 : -1,
      Action,
    })),
  }
}

export interface Setup extends Partial<FileOptions> {
  readonly base?: Spec
  /** The tree that copies take from: in memory, or a folder as the build context. */
  readonly from?: Spec | string
}

export function prepare(
  actions: readonly FileAction['Action'][],
  { base, from = {}, ...options }: Setup = {},
): Promise<PreparedFile> {
  const source: FileSource = typeof from === 'string' ? localSource(from) : { tree: memory(from), key: 'source' }
  return prepareFile(chain(...actions), [base && { tree: memory(base), key: 'base' }, source], {
    now: 1000,
    ...options,
  })
}

export function localSource(folder: string): FileSource {
  const local = openContext(folder)
  return { tree: local, local }
}

/** The layer's entries, contents read. */
export async function layer(
  actions: readonly FileAction['Action'][],
  setup: Setup = {},
): Promise<(PackEntry & { text?: string })[]> {
  return collect(await prepare(actions, setup))
}

export async function collect(prepared: PreparedFile): Promise<(PackEntry & { text?: string })[]> {
  const entries: (PackEntry & { text?: string })[] = []
  for await (const entry of prepared.entries()) {
    const { content, digest: _, ...rest } = entry
    entries.push(entry.type === 'file' ? { ...rest, text: Buffer.concat([...(content?.() ?? [])]).toString() } : rest)
  }
  prepared.close()
  return entries
}

/** The layer as `path: what` lines: `644 0:0 text`, `dir 755 0:0`, `-> target`, `= other`, `gone`, `opaque`. */
export async function show(
  actions: readonly FileAction['Action'][],
  setup: Setup = {},
): Promise<Record<string, string>> {
  const entries = await layer(actions, setup)
  return Object.fromEntries(
    entries.map((entry) => [entry.type === 'opaque' ? joinName(entry.path, '*') : entry.path, describe(entry)]),
  )
}

function describe({ type, mode, uid, gid, link, text }: PackEntry & { text?: string }): string {
  const owner = `${mode.toString(8)} ${uid}:${gid}`
  if (type === 'whiteout') return 'gone'
  if (type === 'opaque') return 'opaque'
  if (type === 'hardlink') return `= ${link}`
  if (type === 'symlink') return `-> ${link}${uid || gid ? ` ${uid}:${gid}` : ''}`
  if (type === 'directory') return `dir ${owner}`
  return type === 'file' ? `${owner} ${text}` : `${type} ${owner}`
}

/** The code of the ImgError that a call throws, or 'nothing'. */
export async function failure(call: () => unknown): Promise<{ code: string; message: string; detail?: unknown }> {
  try {
    await call()
    return { code: 'nothing', message: '' }
  } catch (error) {
    return error as { code: string; message: string; detail?: unknown }
  }
}
