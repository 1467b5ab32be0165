/** From the instruction graph to a Dockerfile that a person would have written. */
import { ImgError } from '../error.ts'
import { sameJson } from '../graph/canonical.ts'
import { type Graph, type Instruction, written } from '../graph/graph.ts'
import { inexpressible } from '../instruction/shape/spell.ts'
import { commentLine, looksLikeDirective } from './directives.ts'
import { parse } from './parse.ts'
import { longestLine } from './source-text.ts'
import { type Writing, writeInstruction } from './write-instruction.ts'

/**
 * A Dockerfile that means the graph; parsing it gives the graph again.
 *
 * @throws PRINT_INEXPRESSIBLE where no Dockerfile does
 * @source design D3
 */
export function print(graph: Graph): string {
  // The first spelling is right nearly always. Reading the whole back proves it, at half the cost of reading each twice.
  const likely = write(graph, true)
  if (!firstDifference(graph, likely)) return likely
  const text = write(graph, false)
  const different = firstDifference(graph, text)
  if (different) throw different
  return text
}

function write(graph: Graph, trusting: boolean): string {
  const escape = graph.escape ?? '\\'
  const last = new Map(graph.stages.map(({ from }, index) => [from.args.name, index]))
  const style: Writing = {
    escape,
    trusting,
    stageName: (index) => {
      const name = graph.stages[index]?.from.args.name
      return name !== undefined && last.get(name) === index ? name : String(index)
    },
  }
  const head = directives(graph)
  const opening = graph.args[0] ?? graph.stages[0]?.from
  let body = ''
  const add = (parts: readonly string[], apart = true) => {
    body += `${body === '' ? '' : apart ? '\n\n' : '\n'}${blockOf(parts)}`
  }
  if (graph.args.length > 0) add(block(graph.args, style))
  // FROM takes the nearest stage above it that has the name
  const above = new Map<string, number>()
  graph.stages.forEach(({ from, instructions }, position) => {
    const stageName = (index: number) => {
      const name = graph.stages[index]?.from.args.name
      return name !== undefined && above.get(name) === index ? name : String(index)
    }
    const ends = !graph.comments && position === graph.stages.length - 1
    const parts = [commented(from, { escape, stageName, trusting }), ...block(instructions, style, ends)]
    add(parts, position > 0 || standsApart(from))
    if (from.args.name !== undefined) above.set(from.args.name, position)
  })
  if (graph.comments) add(commentLines(graph.comments, graph.gaps ?? []))
  // a comment at the top that reads like a directive is not one after a blank line
  const [first = ''] = body.split('\n', 1)
  const apart = looksLikeDirective(first) || (head !== '' && standsApart(opening))
  return `${head}${apart ? '\n' : ''}${body}\n`
}

/** Whether a blank line is above the first instruction of a block: unless its author had none. */
function standsApart(instruction: Instruction | undefined): boolean {
  return instruction?.[written]?.apart ?? true
}

function directives({ syntax, escape, check }: Graph): string {
  const lines: string[] = []
  if (syntax !== undefined) lines.push(directive('syntax', syntax))
  if (escape !== undefined) lines.push(directive('escape', escape))
  if (check !== undefined) lines.push(directive('check', check))
  return lines.join('')
}

function directive(name: string, value: string): string {
  const line = `# ${name}=${value}`
  return `${fits(line) ? line : `#${name}=${value}`}\n`
}

/** `ends`: the last one is the last of the file. */
function block(instructions: readonly Instruction[], style: Writing, ends = false): string[] {
  const last = ends ? instructions.length - 1 : -1
  return instructions.map((instruction, at) => commented(instruction, at === last ? { ...style, last: true } : style))
}

/** An instruction below its comments, and below the blank line that its author had there. */
function commented(instruction: Instruction, style: Writing): string {
  const { comments = [], gaps = [] } = instruction
  const { text, inside } = writeInstruction(instruction, style)
  const above = comments.slice(0, comments.length - inside)
  const lines = commentLines(above, gaps)
  if (gaps.includes(above.length)) lines.push('')
  return [...lines, text].join('\n')
}

function commentLines(texts: readonly string[], gaps: readonly number[]): string[] {
  return texts.flatMap((text, at) => [...(gaps.includes(at) ? [''] : []), ...text.split('\n').flatMap(linesOf)])
}

/** A comment longer than a line becomes several: it means nothing. */
function linesOf(text: string): string[] {
  const line = commentLine(text)
  if (fits(line)) return [line]
  if (/^[^#\s]/.test(text) && fits(`#${text}`)) return [`#${text}`]
  return (text.match(/.{1,20000}/gsu) ?? []).map(commentLine)
}

const fits = (line: string) => Buffer.byteLength(line) <= longestLine

/** Blocks stand one line apart, whatever their author had above them. */
const blockOf = (parts: readonly string[]) => parts.join('\n').replace(/^\n/, '')

/** Reads the text back. Names that mean a stage although they were meant as images show only here. */
function firstDifference(graph: Graph, text: string): ImgError | undefined {
  let read: ReturnType<typeof outline>
  try {
    read = outline(parse(text))
  } catch (thrown) {
    if (!(thrown instanceof ImgError)) throw thrown
    return inexpressible(`this graph: ${thrown.message}`)
  }
  const expected = outline(graph)
  const at = read.findIndex(({ says }, at) => !sameJson(says, expected[at]?.says))
  if (at >= 0) {
    const { instruction } = expected[at] ?? {}
    const what = instruction ? `${instruction.keyword} with these arguments in this place` : 'these parser directives'
    return inexpressible(what).located(instruction?.at)
  }
  return read.length === expected.length ? undefined : inexpressible('this order of instructions')
}

/** What has to come back, piece by piece. */
function outline(graph: Graph): { says: unknown; instruction?: Instruction }[] {
  const { escape, syntax, check } = graph
  const say = (instruction: Instruction) => ({
    says: [instruction.keyword, instruction.args],
    instruction,
  })
  const stages = graph.stages.flatMap(({ from, instructions }) => [from, ...instructions])
  return [{ says: { escape, syntax, check } }, ...graph.args.map(say), ...stages.map(say)]
}
