/** Changes to how a Dockerfile is spelled that leave what it means, its comments and its layout as they are. */
import { ImgError } from '../error.ts'
import { graphDigest } from '../graph/digest.ts'
import { positional } from '../instruction/define.ts'
import { rowOf } from '../instruction/rows.ts'
import { splitBlanks } from '../instruction/shape/tokens.ts'
import { commentText } from './directives.ts'
import { type Lexed, lex } from './lex.ts'
import type { LogicalLine } from './logical-line.ts'
import { parse } from './parse.ts'
import { readInstruction } from './read-instruction.ts'

/** A change to the instruction that begins, or ends, on a line; lines count from 1. */
export interface Respelling {
  readonly line: number
  /** `keyword`, `as`, `name`: what is replaced by `text`. `pairs`: the legacy form. `blank-lines`: those inside. */
  readonly kind: 'keyword' | 'as' | 'name' | 'pairs' | 'blank-lines'
  readonly text?: string
}

interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

/**
 * The text with the changes made, as far as the graph stays the same: that is checked by digest, for all together and, where
 * that fails, one by one.
 *
 * @returns the text, and the changes that were made
 * @throws  the errors of `parse`
 */
export function respell(
  text: string,
  changes: readonly Respelling[],
): { readonly text: string; readonly done: readonly Respelling[] } {
  const wanted = graphDigest(parse(text))
  const means = (changed: string) => {
    try {
      return graphDigest(parse(changed)) === wanted
    } catch (thrown) {
      if (thrown instanceof ImgError) return false
      throw thrown
    }
  }
  const edits = editsOf(text, changes)
  const all = apply(
    text,
    edits.flatMap((one) => one.edits),
  )
  if (means(all)) return { text: all, done: edits.map(({ change }) => change) }
  let done: typeof edits = []
  let best = text
  for (const one of edits) {
    const more = [...done, one]
    const changed = apply(
      text,
      more.flatMap((each) => each.edits),
    )
    if (!means(changed)) continue
    done = more
    best = changed
  }
  return { text: best, done: done.map(({ change }) => change) }
}

function apply(text: string, edits: readonly Edit[]): string {
  let out = ''
  let from = 0
  const told = new Set<string>()
  for (const { start, end, text: added } of [...edits].sort((a, b) => a.start - b.start)) {
    // what two ask for is done once
    const key = `${start} ${end} ${added}`
    if (start < from || told.has(key)) continue
    told.add(key)
    out += text.slice(from, start) + added
    from = end
  }
  return out + text.slice(from)
}

/** What each change comes to, in the order of the text; those that come to nothing are left out. */
function editsOf(text: string, changes: readonly Respelling[]): { change: Respelling; edits: Edit[] }[] {
  const starting = new Map<number | undefined, Respelling[]>()
  const ending = new Map<number | undefined, Respelling[]>()
  for (const change of changes) {
    const places = change.kind === 'blank-lines' ? ending : starting
    places.set(change.line, [...(places.get(change.line) ?? []), change])
  }
  const lexed = lex(text, 'Dockerfile')
  const out: { change: Respelling; edits: Edit[] }[] = []
  for (let line = lexed.next(); line; line = lexed.next()) {
    const at = lexed.source.at(line.start, line.end)
    for (const change of [...(starting.get(at.line) ?? []), ...(ending.get(at.endLine) ?? [])]) {
      const edits = edit(line, lexed, change)
      if (edits.length > 0) out.push({ change, edits })
    }
  }
  return out
}

function edit(line: LogicalLine, lexed: Lexed, { kind, text = '' }: Respelling): Edit[] {
  if (kind === 'blank-lines') return blankLines(line, lexed)
  if (kind === 'pairs') return pairs(line, lexed)
  if (kind === 'keyword') return replace(line, line.keywordOffset, line.keyword.length, text)
  const token = splitBlanks(line.args)[kind === 'as' ? 1 : 2]
  return token ? replace(line, line.argsOffset + token.offset, token.text.length, text) : []
}

/** A word that a continuation cuts in two is left alone. */
function replace({ offsetAt }: LogicalLine, position: number, length: number, text: string): Edit[] {
  const start = offsetAt(position)
  const end = offsetAt(position + length - 1) + 1
  return end - start === length ? [{ start, end, text }] : []
}

/** `key value` as `key=value`; where comments would be lost, it is left alone. */
function pairs(line: LogicalLine, lexed: Lexed): Edit[] {
  const kept = quoted(line, lexed)
  if (kept) return kept
  const instruction = readInstruction(line, lexed)
  const { shape, field } = positional(rowOf(instruction.keyword)!)
  const start = line.offsetAt(line.argsOffset)
  const end = line.offsetAt(line.argsOffset + line.args.length - 1) + 1
  const inside = lexed.source.text.slice(start, end).split('\n').slice(1)
  if (field === undefined || inside.some((text) => commentText(text) !== undefined)) return []
  const value = (instruction.args as Record<string, unknown>)[field]
  return [{ start, end, text: shape.write(value, { escape: lexed.escape, stageName: String }) }]
}

/** A value of several lines keeps them, and what comments stand between: it is only put into quotes. */
function quoted(line: LogicalLine, { source }: Lexed): Edit[] | undefined {
  const [key, value] = splitBlanks(line.args)
  if (!key || !value || /["'\\`]/.test(line.args)) return undefined
  const gap = line.offsetAt(line.argsOffset + key.offset + key.text.length - 1) + 1
  const start = line.offsetAt(line.argsOffset + value.offset)
  const end = line.offsetAt(line.argsOffset + line.args.trimEnd().length - 1) + 1
  const isShort = !source.text.slice(start, end).includes('\n')
  if (isShort || source.text.slice(gap, start).trim() !== '') return undefined
  return [
    { start: gap, end: start, text: '="' },
    { start: end, end, text: '"' },
  ]
}

/** Up to the last line that has text of the instruction itself: what follows is a here-document. */
function blankLines(line: LogicalLine, { source }: Lexed): Edit[] {
  const out: Edit[] = []
  const tail = line.args === '' ? line.keywordOffset : line.argsOffset + line.args.length - 1
  const { line: first, endLine = first } = source.at(line.start, line.offsetAt(tail))
  for (let at = first; at < endLine - 1; at += 1) {
    if (source.line(at).trim() === '')
      out.push({ start: source.lineStart(at), end: source.lineStart(at + 1), text: '' })
  }
  return out
}
