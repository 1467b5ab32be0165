/** ONBUILD triggers: text in an image config that becomes an instruction of the image built from it. */
import { ImgError } from '../error.ts'
import type { Instruction } from '../graph/graph.ts'
import { lexOne } from './lex.ts'
import { readInstruction } from './read-instruction.ts'

/**
 * The instruction that a trigger is. Names of stages in it are left as names: they mean stages of the file it runs in.
 *
 * @param text    as stored in an image config
 * @param escape  the escape character that its words are expanded with; the line itself is always cut with `\\`
 * @throws        as `parse`; locations count in the trigger
 * @source        D8.2, D8.5, D8.6
 */
export function parseTrigger(text: string, escape: '\\' | '`' = '\\'): Instruction {
  const one = lexOne(text, 'ONBUILD')
  if (!one)
    throw new ImgError('DOCKERFILE_SYNTAX', 'an ONBUILD trigger should be a single instruction', { source: text })
  const { lexed, line } = one
  const instruction = readInstruction(line, lexed, escape)
  if (instruction.keyword === 'FROM') {
    throw lexed.source.error('DOCKERFILE_SYNTAX', "FROM isn't allowed as an ONBUILD trigger", line.start, line.end)
  }
  return instruction
}
