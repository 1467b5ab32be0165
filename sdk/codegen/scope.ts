/** What the code of an image may refer to: build arguments and stages. */
import { ImgError } from '../error.ts'
import type { Instruction, StageRef } from '../graph/graph.ts'
import type { Token } from '../graph/token.ts'
import { type StageLike, stageMark, stageOrigin } from '../instruction/part/stage-like.ts'

/** A build argument that has a constant. `token` is what it holds. */
export interface ArgConstant {
  readonly constant: string
  readonly name: string
  readonly token: Token
}

/** A stage as code and values see it. */
export interface StageConstant {
  readonly constant: string
  readonly index: number
  /** Stands for the State among values. */
  readonly mark: StageLike
  readonly name: string | undefined
}

/** What an instruction may refer to; changes from one to the next. */
export interface Scope {
  /** Build arguments by name, those before the first stage; where a name comes twice, none. */
  readonly args: ReadonlyMap<string, ArgConstant>
  readonly stages: readonly StageConstant[]
  /** The position of the stage that the instruction is in; those before it have constants. */
  readonly stage: number
  /** Build arguments declared in the stage so far, or by the stages that it starts from. */
  readonly declared: Set<string>
}

/** A stage's place-holder among values. */
export function stageMarkOf(index: number): StageLike & { readonly index: number } {
  return Object.freeze({ [stageMark]: stageOrigin, index })
}

/** The constant of an earlier stage; undefined for a reference that only a name can make. */
export function constantOf(ref: StageRef, scope: Scope): StageConstant | undefined {
  return 'stage' in ref && ref.stage < scope.stage ? scope.stages[ref.stage] : undefined
}

/** The error for what no code means. */
export function inexpressible(what: string, instruction: Pick<Instruction, 'at'>): ImgError {
  return new ImgError('PRINT_INEXPRESSIBLE', `no image.ts says ${what}`, { at: instruction.at })
}
