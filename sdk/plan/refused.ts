/** What lowering refuses: kept while the others are looked for, so that one build tells of all. */
import { ImgError, joinErrors } from '../error.ts'
import type { Instruction } from '../graph/graph.ts'

/** Errors beyond this many are not kept. */
const mostErrors = 100

/** The errors of a graph's instructions. */
export class Refused {
  readonly #errors: ImgError[] = []

  /** Keeps an error; throws it on if it is no fault of the graph. */
  add(thrown: unknown): void {
    if (!(thrown instanceof ImgError) || thrown.code === 'INTERNAL') throw thrown
    if (this.#errors.length < mostErrors) this.#errors.push(thrown)
  }

  /** Throws what was kept, if anything. */
  throwAll(): void {
    const error = joinErrors(this.#errors)
    if (error) throw error
  }
}

/** Whether an error may follow from its failing: it would have set variables. */
export function setsVariables({ keyword }: Instruction): boolean {
  return keyword === 'ENV' || keyword === 'ARG'
}
