/** The author's own text of an instruction, tidied: where he broke it, what he remarked in between, and what reads well stay. */
import type { Instruction } from '../graph/graph.ts'
import type { Row } from '../instruction/define.ts'
import type { Style } from '../instruction/shape/shape.ts'
import { flat, indent, layOut, type Spelled } from './layout.ts'
import { lexOne } from './lex.ts'
import type { LogicalLine } from './logical-line.ts'
import { type Piece, piecesOf } from './pieces.ts'

/** The text, with its here-documents; undefined where it is not to be kept. Whether it means the instruction is not checked. */
export function keep(text: string, { keyword, args }: Instruction, row: Row, style: Style): string | undefined {
  // behind an empty line nothing is a directive
  const one = lexOne(`${style.escape === '`' ? '# escape=`' : ''}\n${text}`, 'printed')
  if (!one) return undefined
  const { line } = one
  const cut = piecesOf(line, args as Readonly<Record<string, unknown>>, row, style)
  if (!cut) return undefined
  const { source } = one.lexed
  const tail = line.args === '' ? line.keywordOffset : line.argsOffset + line.args.length - 1
  const { endLine = 0 } = source.at(line.start, line.offsetAt(tail))
  const bodies = line.heredocs.length > 0 ? `\n${source.text.slice(source.lineStart(endLine))}` : ''
  const flags = flagPieces(line)
  const head: Piece = { start: line.keywordOffset, end: line.keywordOffset + line.keyword.length, text: keyword }
  const pieces = [head, ...flags, ...cut.pieces]
  const lines = asBroken(pieces, line, style.escape, cut.kind === 'words' || cut.kind === 'assignments')
  if (lines !== undefined) return lines + bodies
  const spelled: Spelled = {
    keyword,
    flags: flags.map((piece) => textOf(piece, line)),
    text: cut.pieces.map((piece, at) => `${at === 0 || piece.tight ? '' : ' '}${textOf(piece, line)}`).join(''),
    kind: cut.kind,
  }
  return bodies === '' ? layOut(spelled, style.escape) : flat(spelled, style.escape) + bodies
}

/** The flags, and the bare -- that may end them. */
function flagPieces({ flags, argsOffset, logical, keywordOffset, keyword }: LogicalLine): Piece[] {
  const pieces: Piece[] = flags.map(({ offset, end }) => ({ start: offset, end }))
  const after = pieces.at(-1)?.end ?? keywordOffset + keyword.length
  const fence = logical.slice(after, argsOffset).indexOf('--')
  return fence < 0 ? pieces : [...pieces, { start: after + fence, end: after + fence + 2 }]
}

function textOf({ start, end, text }: Piece, { logical }: LogicalLine): string {
  return text ?? logical.slice(start, end)
}

/** A piece, and how the author came to it. */
interface Place {
  readonly piece: Piece
  /** Where its line begins, if it is the first of one. */
  readonly from: number | undefined
  /** The comment lines above that. */
  readonly remarks: string
  /** The breaks inside. */
  readonly inner: readonly number[]
}

/** The pieces on the lines where their author had them; undefined where all would be on one. */
function asBroken(pieces: readonly Piece[], line: LogicalLine, escape: string, isAligned: boolean): string | undefined {
  const remarks = remarksOf(line)
  const next = `${escape}\n`
  const places = placesOf(pieces, line, remarks)
  if (places.every(({ from, inner }) => from === undefined && inner.length === 0)) return undefined
  const blanksOf = ({ from, piece }: Place) => (from === undefined ? undefined : line.logical.slice(from, piece.start))
  const [common = '', ...others] = new Set(places.map(blanksOf).filter((blanks) => blanks !== undefined))
  const aligned = others.length > 0 || common === '' ? indent : common
  let out = ''
  places.forEach((place, at) => {
    const { piece, from, inner } = place
    if (from !== undefined) out += ` ${next}${place.remarks}${isAligned ? aligned : blanksOf(place)}`
    else if (at > 0 && !piece.tight) out += ' '
    if (piece.text !== undefined) out += piece.text
    else {
      const cuts = [piece.start, ...inner, piece.end]
      const parts = cuts.slice(1).map((end, part) => line.logical.slice(cuts[part], end))
      out += parts.map((text, part) => (part === 0 ? text : `${next}${remarks.get(cuts[part]!) ?? ''}${text}`)).join('')
    }
  })
  return out
}

function placesOf(pieces: readonly Piece[], line: LogicalLine, remarks: ReadonlyMap<number, string>): Place[] {
  const breaks = [...new Set(line.breaks)]
  let at = 0
  return pieces.map((piece, index): Place => {
    const above: number[] = []
    const inner: number[] = []
    for (; at < breaks.length && breaks[at]! <= piece.start; at += 1) above.push(breaks[at]!)
    for (; at < breaks.length && breaks[at]! < piece.end; at += 1) if (piece.text === undefined) inner.push(breaks[at]!)
    const from = index === 0 ? undefined : above.at(-1)
    return { piece, from, remarks: above.map((place) => remarks.get(place) ?? '').join(''), inner }
  })
}

/** The comment lines before each line that goes on, by where that begins. */
function remarksOf({ breaks, between }: LogicalLine): ReadonlyMap<number, string> {
  const out = new Map<number, string>()
  for (const { after, text } of between) {
    const at = breaks[after - 1]
    if (at !== undefined) out.set(at, `${out.get(at) ?? ''}${text.trimEnd()}\n`)
  }
  return out
}
