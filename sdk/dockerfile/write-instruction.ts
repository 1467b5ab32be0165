/** From an instruction to text that reads back as the instruction. */
import { ImgError } from '../error.ts'
import { type Instruction, type StageRef, written } from '../graph/graph.ts'
import { positional, type Row } from '../instruction/define.ts'
import { rowOf } from '../instruction/rows.ts'
import { jsonStrings } from '../instruction/shape/json-strings.ts'
import type { Style } from '../instruction/shape/shape.ts'
import { inexpressible, same, shown } from '../instruction/shape/spell.ts'
import { quoteFlag } from '../instruction/shape/split-command.ts'
import { keep } from './keep.ts'
import { flat, layOut, type Spelled } from './layout.ts'
import { lexOne } from './lex.ts'
import { readInstruction } from './read-instruction.ts'

type Args = Readonly<Record<string, unknown>>

/** How an instruction is written. */
export interface Writing extends Style {
  /** The first spelling is taken without reading it back: whoever asks for that reads the whole back. */
  readonly trusting: boolean
}

/** The text of an instruction, and how many of its comments, the last, stand inside. */
export interface WrittenInstruction {
  readonly text: string
  readonly inside: number
}

/**
 * The text of one instruction, here-documents included, without a final newline: its author's where that can be kept.
 *
 * @throws PRINT_INEXPRESSIBLE where no text means it
 */
export function writeInstruction(instruction: Instruction, style: Writing): WrittenInstruction {
  try {
    const row = rowOf(instruction.keyword)
    if (!row) throw inexpressible(`the keyword ${shown(instruction.keyword)}`)
    const { keyword, comments = [] } = instruction
    const expected = withNames(instruction.args as Args, style)
    const kept = keptText(row, instruction, style)
    const inside = kept === undefined ? undefined : readsBack(kept, keyword, expected, style)
    if (kept !== undefined && inside && same(inside, inside.length > 0 ? comments.slice(-inside.length) : []))
      return { text: kept, inside: inside.length }
    for (const text of spellings(row, instruction, style))
      if (style.trusting || readsBack(text, keyword, expected, style)?.length === 0) return { text, inside: 0 }
    throw inexpressible(`${instruction.keyword} with ${shown(instruction.args)}`)
  } catch (thrown) {
    throw thrown instanceof ImgError ? thrown.located(instruction.at) : thrown
  }
}

/** What its author wrote, tidied. */
function keptText(row: Row, instruction: Instruction, style: Style): string | undefined {
  const text = instruction[written]?.text
  try {
    return text === undefined ? undefined : keep(text, instruction, row, style)
  } catch (thrown) {
    if (thrown instanceof ImgError) return undefined
    throw thrown
  }
}

function* spellings(row: Row, { keyword, args }: Instruction, style: Style): Generator<string> {
  const { shape, field } = positional(row)
  const value = field === undefined ? withoutFlags(row, args as Args) : (args as Args)[field]
  const whole = shape.write(value, { ...style, keyword })
  const end = whole.indexOf('\n')
  const text = end < 0 ? whole : whole.slice(0, end)
  const bodies = end < 0 ? '' : whole.slice(end)
  const flags = writeFlags(row, args as Args, style)
  // a bare -- ends the flags, so that what follows is none of them
  const fenced: Spelled = {
    keyword,
    flags: text.startsWith('--') ? [...flags, '--'] : flags,
    text,
    kind: kindOf(args as Args, end >= 0, Array.isArray(jsonStrings(text))),
  }
  if (bodies === '') yield layOut(fenced, style.escape)
  yield flat(fenced, style.escape) + bodies
  const plain = flat({ ...fenced, flags }, style.escape)
  yield plain + bodies
  // blanks at its end belong to a trigger; behind them the line can only be continued, by the end of the file
  if (style.last) yield plain + style.escape
}

function withoutFlags(row: Row, args: Args): Args {
  return Object.fromEntries(Object.entries(args).filter(([name]) => !Object.hasOwn(row.flags ?? {}, name)))
}

function kindOf(args: Args, hasBodies: boolean, isList: boolean): Spelled['kind'] {
  if (hasBodies) return 'other'
  const { form } = (args['command'] ?? args['test'] ?? {}) as { form?: string }
  if (form === 'shell') return 'shell'
  if (args['variables'] || args['labels']) return 'assignments'
  if (isList || form === 'exec') return 'list'
  return args['ports'] || args['dest'] !== undefined || args['paths'] ? 'words' : 'other'
}

function writeFlags(row: Row, args: Args, style: Style): string[] {
  const out: string[] = []
  for (const [name, shape] of Object.entries(row.flags ?? {})) {
    const value = args[name]
    if (value === undefined) continue
    for (const one of shape.repeatable ? (value as readonly unknown[]) : [value]) {
      if (shape.bare !== undefined && same(one, shape.bare)) out.push(`--${name}`)
      else out.push(`--${name}=${spelledFlag(shape.write(one, { ...style, flag: true }), style.escape)}`)
    }
  }
  return out
}

function spelledFlag(word: string, escape: string): string {
  const text = quoteFlag(word, escape)
  if (text !== undefined) return text
  throw inexpressible(`the flag value ${shown(word)}`, 'BuildKit reads no letters in flags but those of ASCII')
}

/** The comments inside of the text; undefined unless it is one instruction that means this. */
function readsBack(text: string, keyword: string, expected: unknown, style: Style): readonly string[] | undefined {
  const directive = style.escape === '`' ? '# escape=`\n' : '\n'
  try {
    const one = lexOne(directive + text, 'printed')
    if (!one) return undefined
    const read = readInstruction(one.line, one.lexed)
    return read.keyword === keyword && same(read.args, expected) ? (read.comments ?? []) : undefined
  } catch (thrown) {
    if (thrown instanceof ImgError) return undefined
    throw thrown
  }
}

/** The arguments before linking: stages are names again. */
function withNames(args: Args, style: Style): Args {
  const named = (ref: StageRef): StageRef => ('stage' in ref ? { image: style.stageName(ref.stage) } : ref)
  const out: Record<string, unknown> = { ...args }
  for (const field of ['from', 'base']) if (out[field]) out[field] = named(out[field] as StageRef)
  const mounts = out['mount'] as readonly { from?: StageRef }[] | undefined
  if (mounts) out['mount'] = mounts.map((mount) => (mount.from ? { ...mount, from: named(mount.from) } : mount))
  return out
}
