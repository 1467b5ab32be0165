/** Errors get the place of the instruction that they come from. */
import { type ErrorDetails, wrapError } from '../error.ts'
import type { Instruction } from '../graph/graph.ts'

/** Runs a step; what it throws is located at the instruction. */
export function locate<T>(instruction: Instruction | undefined, step: () => T): T {
  try {
    return step()
  } catch (error) {
    const details: ErrorDetails = instruction?.at ? { at: instruction.at } : {}
    throw wrapError(error, 'INTERNAL', details)
  }
}
