/** From text to the instruction graph: every instruction of every stage, whether it is used or not. */
import { ImgError, joinErrors } from '../error.ts'
import { type FromArgs, type Graph, graphVersion, type Instruction } from '../graph/graph.ts'
import { linkNames } from '../graph/link.ts'
import { type Lexed, lex } from './lex.ts'
import type { LogicalLine } from './logical-line.ts'
import { readInstruction } from './read-instruction.ts'

/** Errors beyond this many are not looked for. */
const mostErrors = 100
/** So that no text, however long, takes more memory than there is. */
const mostInstructions = 100_000

/**
 * The graph of a Dockerfile.
 *
 * @param options.file  what the file is called in locations; default `Dockerfile`
 * @throws  DOCKERFILE_*, UNKNOWN_INSTRUCTION, UNKNOWN_FLAG, FLAG_VALUE: located; where there are several, `errors` has them all
 * @source  chapter 1, phases P1 and P2
 */
export function parse(text: string, options: { readonly file?: string | undefined } = {}): Graph {
  const lexed = lex(text, options.file ?? 'Dockerfile')
  return linkNames(assemble(lexed))
}

function assemble(lexed: Lexed): Graph {
  const { source, escape, syntax, check } = lexed
  const errors: ImgError[] = []
  const args: Instruction[] = []
  const stages: { from: Instruction<FromArgs>; instructions: Instruction[] }[] = []
  let begun = false
  let count = 0
  while (errors.length < mostErrors) {
    let line: LogicalLine | undefined
    try {
      line = lexed.next()
      if (!line) break
      count += 1
      if (count > mostInstructions) throw tooMany(line, lexed)
      const opens = line.keyword.toUpperCase() === 'FROM'
      begun ||= opens
      const instruction = readInstruction(line, lexed)
      if (opens) stages.push({ from: instruction as Instruction<FromArgs>, instructions: [] })
      else if (begun) stages.at(-1)?.instructions.push(instruction)
      else if (instruction.keyword === 'ARG') args.push(instruction)
      else
        throw source.error(
          'DOCKERFILE_SYNTAX',
          'no build stage in current context',
          line.start,
          line.end,
          `put a FROM before ${instruction.keyword}`,
        )
    } catch (thrown) {
      if (!(thrown instanceof ImgError)) throw thrown
      errors.push(thrown)
      // where a line cannot be cut out, nothing is known of those behind it
      if (!line || count > mostInstructions) break
    }
  }
  const error = joinErrors(errors)
  if (error) throw error
  if (count === 0) throw empty(lexed, 'file with no instructions')
  if (stages.length === 0) throw empty(lexed, 'the Dockerfile contains no stages to build')
  const { comments, gaps: all } = lexed.trailing()
  const gaps = all.filter((at) => at > 0 && at < comments.length)
  return {
    version: graphVersion,
    ...(escape === '`' ? { escape } : {}),
    ...(syntax === undefined ? {} : { syntax }),
    ...(check === undefined ? {} : { check }),
    args,
    stages,
    ...(comments.length > 0 ? { comments, ...(gaps.length > 0 ? { gaps } : {}) } : {}),
  }
}

function tooMany(line: LogicalLine, { source }: Lexed): ImgError {
  const message = `the Dockerfile has more than ${mostInstructions} instructions`
  return source.error('DOCKERFILE_SYNTAX', message, line.start, line.end, 'split it')
}

function empty({ source }: Lexed, message: string): ImgError {
  return source.error('DOCKERFILE_EMPTY', message, 0, source.text.length, 'add a line that starts with FROM')
}
