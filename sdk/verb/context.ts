/** The verb `context`: what of a folder goes into a build, and which line of the ignore file decides. */
import { relative, resolve } from 'node:path'
import { parseIgnore } from '../dockerfile/ignore.ts'
import { openContext } from '../engine/context/context.ts'
import { findIgnoreFile } from '../engine/context/ignore-file.ts'
import type { Entry } from '../engine/ports.ts'
import { ImgError } from '../error.ts'

/** Which ignore file counts. */
export interface ContextOptions {
  /** The Dockerfile, whose own `NAME.dockerignore` goes before `.dockerignore`. */
  readonly dockerfile?: string | undefined
}

/** Something that goes into the build. */
export interface ContextEntry {
  /** Relative to the context. */
  readonly path: string
  readonly type: Entry['type']
  /** Bytes. */
  readonly size: number
  /** The line that lets it in again, where there is one. */
  readonly by?: IgnoreLine
}

/** A line of an ignore file. */
export interface IgnoreLine {
  readonly line: number
  readonly pattern: string
}

/** What of a folder goes into a build. */
export interface ContextListing {
  readonly folder: string
  /** The ignore file that counts. */
  readonly ignoreFile?: string
  /** Sorted by path, directories included. */
  readonly entries: readonly ContextEntry[]
  /** How many regular files, and how many bytes they have. */
  readonly files: number
  readonly bytes: number
}

/** Why a path goes into a build, or does not. */
export interface PathDecision {
  readonly path: string
  readonly exists: boolean
  readonly ignored: boolean
  readonly ignoreFile?: string
  /** The line that decided; absent where none applies. */
  readonly by?: IgnoreLine
  /** It is an excluded directory in which something may be let in again. */
  readonly mayContain: boolean
  /** The path leads through this symbolic link. A link goes in as a link; nothing that is reached through it does. */
  readonly link?: PathDecision
}

/**
 * Lists what a build of the folder sees.
 * @throws CONTEXT_INVALID, IGNORE_INVALID
 */
export function listContext(folder: string, options: ContextOptions = {}): ContextListing {
  const { ignore, ignoreFile } = ignoreOf(folder, options)
  const context = openContext(folder, ignore ? { ignore } : {})
  try {
    const entries: ContextEntry[] = []
    const open = [...context.names('')].reverse()
    while (open.length > 0) {
      const path = open.pop()!
      const entry = context.entry(path)
      if (!entry) continue
      const by = lineOf(ignore?.decide(path))
      entries.push({ path, type: entry.type, size: entry.size, ...(by ? { by } : {}) })
      if (entry.type === 'directory')
        open.push(
          ...context
            .names(path)
            .map((name) => `${path}/${name}`)
            .reverse(),
        )
    }
    const files = entries.filter(({ type }) => type === 'file')
    return {
      folder: context.folder,
      ...(ignoreFile ? { ignoreFile } : {}),
      entries,
      files: files.length,
      bytes: files.reduce((sum, { size }) => sum + size, 0),
    }
  } finally {
    context.close()
  }
}

/**
 * Why a path goes in or not.
 *
 * @param path  relative to the context, or absolute
 * @throws CONTEXT_INVALID, IGNORE_INVALID; PATH_ESCAPES where it is not in the context
 */
export function explainPath(folder: string, path: string, options: ContextOptions = {}): PathDecision {
  const { ignore, ignoreFile } = ignoreOf(folder, options)
  const inside = relative(resolve(folder), resolve(folder, path)).replaceAll('\\', '/')
  if (inside === '..' || inside.startsWith('../'))
    throw new ImgError('PATH_ESCAPES', `"${path}" is not in the build context ${resolve(folder)}`)
  const all = openContext(folder)
  try {
    const decision = ignore?.decide(inside)
    const link = linkAbove(all, inside, ignore)
    const entry = link === undefined ? entryOf(all, inside, decision?.ignored ?? false) : undefined
    const by = lineOf(decision)
    const ignored = decision?.ignored ?? false
    return {
      path: inside === '' ? '.' : inside,
      exists: entry !== undefined,
      ignored: ignored || link !== undefined,
      ...(ignoreFile ? { ignoreFile } : {}),
      ...(by ? { by } : {}),
      mayContain: ignored && entry?.type === 'directory' && (ignore?.mayContain(inside) ?? false),
      ...(link === undefined ? {} : { link: explainPath(folder, link, options) }),
    }
  } finally {
    all.close()
  }
}

type Context = ReturnType<typeof openContext>

/** What is excluded need not be readable: a build does not look at it. */
function entryOf(context: Context, path: string, ignored: boolean): { readonly type?: Entry['type'] } | undefined {
  try {
    return context.entry(path)
  } catch (thrown) {
    if (ignored && thrown instanceof ImgError && thrown.code === 'CONTEXT_INVALID') return {}
    throw thrown
  }
}

/** The first symbolic link among the directories that a path leads through. */
function linkAbove(context: Context, path: string, ignore: { decide(path: string): { ignored: boolean } } | undefined) {
  const parts = path.split('/')
  for (let end = 1; end < parts.length; end += 1) {
    const above = parts.slice(0, end).join('/')
    const type = entryOf(context, above, ignore?.decide(above).ignored ?? false)?.type
    if (type === 'symlink') return above
    if (type !== 'directory') return undefined
  }
  return undefined
}

/** The ignore file of a context, read. Throws IGNORE_INVALID. */
export function ignoreOf(folder: string, { dockerfile }: ContextOptions = {}) {
  const found = findIgnoreFile(resolve(folder), dockerfile)
  return found ? { ignore: parseIgnore(found.text, found.path), ignoreFile: found.path } : {}
}

function lineOf(decision: { readonly pattern?: string; readonly line?: number } | undefined): IgnoreLine | undefined {
  const { line, pattern } = decision ?? {}
  return line === undefined || pattern === undefined ? undefined : { line, pattern }
}
