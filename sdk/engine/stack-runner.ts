/** MergeOp and DiffOp: layers put on each other, and taken off. */
import { ImgError } from '../error.ts'
import type { DiffOp, MergeOp } from '../plan/op.ts'
import { empty, type Result, type SnapshotResult, snapshot } from './solve/result.ts'
import type { Work } from './solve/solve.ts'

/** The layers of the inputs, one on the other: nothing is read or written. */
export async function merge({ op, inputs }: Work<MergeOp>): Promise<readonly Result[]> {
  return [snapshot(op.inputs.flatMap(({ input = 0 }) => layersOf(inputs[input]).layers))]
}

/** What `upper` has on top of `lower`. */
export async function diff({ op, inputs }: Work<DiffOp>): Promise<readonly Result[]> {
  const lower = layersOf(inputs[op.lower.input]).layers
  const upper = layersOf(inputs[op.upper.input]).layers
  if (lower.every((layer, index) => upper[index]?.id === layer.id)) return [snapshot(upper.slice(lower.length))]
  throw new ImgError(
    'UNSUPPORTED',
    'a difference between two images of which neither starts from the other is not built yet',
  )
}

/** The input as a root file system; an absent one is empty. */
export function layersOf(input: Result | undefined): SnapshotResult {
  if (!input) return empty
  if (input.kind === 'snapshot') return input
  throw new ImgError('UNSUPPORTED', 'the build context cannot be used as a root file system; COPY it into a stage')
}
