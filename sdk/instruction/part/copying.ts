/** What COPY and ADD have in common: arguments, modes, destinations, history. */
import { ImgError } from '../../error.ts'
import { hintFor, wrongKind } from '../../graph/given.ts'
import type { StageRef } from '../../graph/graph.ts'
import { toPlain, toTemplate } from '../../graph/token.ts'
import type { CopyDraft, LowerContext, Origin } from '../define.ts'
import type { Content, SourcesAndDest } from '../shape/sources-and-dest.ts'
import { parseChown } from './chown.ts'
import { destination, joinPath } from './path.ts'
import { isStageLike } from './stage-like.ts'

/** A file given in place: what `heredoc` makes. The text may hold tokens, and ends in a newline. */
export interface InlineFile {
  readonly name: string
  readonly text: string
}

/** Sources as the builder takes them: paths, or files given in place. */
export type SourceLike = string | InlineFile | readonly (string | InlineFile)[]

/** The arguments that sources and a destination mean. */
export function toSources(sources: SourceLike, dest: string, keyword: string): SourcesAndDest {
  const list = (Array.isArray(sources) ? sources : [sources]) as readonly (string | InlineFile)[]
  if (list.length === 0) throw new ImgError('ARGUMENT_VALUE', `${keyword} was given an empty list of sources`)
  if (dest === undefined) {
    const hint = `write .${keyword.toLowerCase()}(source, '/destination')`
    throw wrongKind(dest, `the destination of ${keyword}`, 'text', hint)
  }
  const wrong = list.find((source) => typeof source !== 'string' && !isInlineFile(source))
  if (wrong !== undefined || list.includes(wrong!)) throw wrongSource(wrong, keyword)
  const contents = list.flatMap((source): Content[] => (typeof source === 'string' ? [] : [toContent(source)]))
  return {
    sources: list.flatMap((source) => (typeof source === 'string' ? [toTemplate(source)] : [])),
    ...(contents.length > 0 ? { contents } : {}),
    dest: toTemplate(dest, `the destination of ${keyword}`),
  }
}

/** Whether a value is what `heredoc` makes. */
export function isInlineFile(value: unknown): value is InlineFile {
  if (typeof value !== 'object' || value === null) return false
  const { name, text } = value as Partial<InlineFile>
  return typeof name === 'string' && typeof text === 'string'
}

function wrongSource(value: unknown, keyword: string): ImgError {
  const call = `.${keyword.toLowerCase()}('/path', '/destination', { from: stage })`
  const hint = isStageLike(value) ? `name the files, and the stage as an option: ${call}` : hintFor(value)
  return wrongKind(value, `a source of ${keyword}`, 'a path, or a here-document', hint)
}

function toContent({ name, text }: InlineFile): Content {
  return { name: toPlain(name, 'the name of a here-document'), data: toTemplate(text) }
}

/** What both instructions have, expanded. */
export interface Copying {
  readonly sources: readonly string[]
  readonly contents?: readonly { readonly name: string; readonly data: string }[]
  readonly dest: string
  readonly chown?: string
  readonly chmod?: string
  readonly exclude?: readonly string[]
  readonly parents?: boolean
}

/** The owner, mode and excludes of every file that the instruction brings. */
export function settings(args: Copying): Pick<CopyDraft, 'owner' | 'mode' | 'modeStr' | 'excludePatterns'> {
  return {
    ...(args.chown ? { owner: parseChown(args.chown) } : {}),
    ...chmod(args.chmod),
    ...(args.exclude && args.exclude.length > 0 ? { excludePatterns: args.exclude } : {}),
  }
}

const symbolic = /^[ugoa]*(?:[+\-=][rwxXstugo]*)+(?:,[ugoa]*(?:[+\-=][rwxXstugo]*)+)*$/

function chmod(text: string | undefined): { mode: number; modeStr?: string } {
  if (!text) return { mode: -1 }
  if (/^[0-7]+$/.test(text) && Number.parseInt(text, 8) <= 0o7777) return { mode: Number.parseInt(text, 8) }
  if (!/^[0-9]/.test(text) && symbolic.test(text)) return { mode: 0, modeStr: text }
  throw new ImgError('ARGUMENT_VALUE', `--chmod "${text}" is not a mode`, {
    hint: 'use an octal number from 0 to 07777, or a symbolic mode such as u=rwX,go=rX',
  })
}

/** One source that is a path. */
export function pathCopy(
  source: string,
  origin: (path: string) => Origin,
  args: Copying,
  context: LowerContext,
  unpack: boolean,
): CopyDraft {
  const dest = destination(context.workdir, args.dest)
  const from = origin(joinPath('/', source))
  const common = { ...settings(args), source: from, dest, paths: true, ...(unpack ? { unpack } : {}) }
  if (!args.parents) return { ...common, src: joinPath('/', source) }
  const pivot = source.indexOf('/./')
  const parent = pivot < 0 ? '/' : source.slice(0, pivot)
  const kept = pivot < 0 ? source : source.slice(pivot + 3)
  // one that begins with a slash is not tidied
  const pattern = kept.startsWith('/') ? kept : joinPath('/', kept)
  const wild = hasWildcard(parent) || hasWildcard(pattern)
  return {
    ...common,
    src: joinPath('/', parent),
    includePatterns: [pattern.slice(1)],
    ...(wild ? {} : { requiredPaths: [joinPath('/', parent, pattern)] }),
  }
}

/** One file given in place. */
export function contentCopy(
  { name, data }: { name: string; data: string },
  args: Copying,
  context: LowerContext,
): CopyDraft {
  const path = joinPath('/', name)
  return {
    ...settings(args),
    source: { kind: 'inline', path, mode: 0o644, data },
    src: path,
    dest: destination(context.workdir, args.dest),
  }
}

/** The history entry of COPY and ADD. */
export function copyHistory(keyword: string, args: Copying): string {
  const flags = [
    args.parents ? ' --parents' : '',
    args.chown ? ` --chown=${args.chown}` : '',
    args.chmod ? ` --chmod=${args.chmod}` : '',
  ].join('')
  const contents = (args.contents ?? []).map(({ name }) => ` <<${name}`).join('')
  return `${keyword}${flags}${args.sources.map((source) => ` ${source}`).join('')}${contents} ${args.dest} # buildkit`
}

/** A source in another stage or image, or in the build context. */
export function originOf(from: StageRef | undefined): (path: string) => Origin {
  if (from === undefined) return (path) => ({ kind: 'context', path })
  return (path) => ({ kind: 'stage', ref: from, verb: 'copy', path })
}

function hasWildcard(path: string): boolean {
  return /^(?:[^*?[\\]|\\.)*[*?[]/s.test(path)
}
