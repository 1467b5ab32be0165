/** Stages as values: how an instruction's arguments hold one until the graph is made. */

import { wrongKind } from '../../graph/given.ts'
import type { StageRef } from '../../graph/graph.ts'
import { toPlain } from '../../graph/token.ts'

/** The mark of a builder's State. */
export const stageMark: unique symbol = Symbol.for('imgsdk.stage')

/** A builder's State, seen from the table, which must not know the builder. */
export interface StageLike {
  readonly [stageMark]: true
}

/** A reference that still holds the State itself; `toGraph` replaces it by a position. */
export interface PendingRef {
  readonly state: StageLike
}

/** The reference that a stage, or the name of an image, named context or stage, means. */
export function toStageRef(from: StageLike | string): StageRef {
  if (typeof from === 'string') return { image: toPlain(from, 'from') }
  if (!isStageLike(from)) throw wrongKind(from, 'from', 'a stage, or the name of an image')
  return { state: from } satisfies PendingRef as unknown as StageRef
}

/** Whether a value is a builder's State. */
export function isStageLike(value: unknown): value is StageLike {
  return typeof value === 'object' && value !== null && stageMark in value
}
