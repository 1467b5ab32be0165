/** Stages as values: how an instruction's arguments hold one until the graph is made. */

import { ImgError } from '../../error.ts'
import { wrongKind } from '../../graph/given.ts'
import type { StageRef } from '../../graph/graph.ts'
import { toPlain } from '../../graph/token.ts'

/** The mark of a builder's State. */
export const stageMark: unique symbol = Symbol.for('imgsdk.stage')

/** Which copy of the SDK made a State, and in what form. Two copies read each other's States where the form is one. */
export interface StageOrigin {
  readonly form: number
  /** The folder of the package. */
  readonly copy: string
}

/** Of the States that this copy makes. The form counts up when what a State is made of changes. */
export const stageOrigin: StageOrigin = Object.freeze({
  form: 1,
  copy: new URL('./', import.meta.url).pathname.replace(/\/dist\/(?:bundle|sdk)\/.*/, ''),
})

/** A builder's State, seen from the table, which must not know the builder. */
export interface StageLike {
  readonly [stageMark]: StageOrigin
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

/** Whether a value is a builder's State. Throws ARGUMENT_VALUE for one of another copy of the SDK that this one cannot read. */
export function isStageLike(value: unknown): value is StageLike {
  if (typeof value !== 'object' || value === null || !(stageMark in value)) return false
  const { form, copy } = (value as StageLike)[stageMark]
  if (form === stageOrigin.form) return true
  throw new ImgError(
    'ARGUMENT_VALUE',
    `the stage was made by another imgsdk, in ${copy}; this one is in ${stageOrigin.copy}`,
    {
      hint: 'let both be one version: npm ls imgsdk shows who asks for which',
    },
  )
}
