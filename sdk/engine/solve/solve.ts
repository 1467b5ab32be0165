/** Solves a plan: every op as soon as its inputs are there, from the cache or by running it. */
import { setMaxListeners } from 'node:events'
import { ImgError, wrapError } from '../../error.ts'
import type { Op, Plan, Vertex } from '../../plan/op.ts'
import type { BuildEvent, Io } from '../ports.ts'
import { empty, type Result, type SnapshotResult } from './result.ts'

/** What an op needs to run. */
export interface Work<O> {
  readonly op: O
  readonly vertex: Vertex
  /** The inputs of the op, in its order. */
  readonly inputs: readonly Result[]
  readonly io: Io & { readonly id: string }
  /** Says that the result came from the cache. */
  cached(): void
}

type OpOf<K extends string> = Extract<Op, Record<K, unknown>> extends infer U ? U[K & keyof U] : never

/** One runner per kind of op: what it answers are the outputs. */
export interface Runners {
  source(work: Work<OpOf<'source'>>): Promise<readonly Result[]>
  exec(work: Work<OpOf<'exec'>>): Promise<readonly Result[]>
  file(work: Work<OpOf<'file'>>): Promise<readonly Result[]>
  merge(work: Work<OpOf<'merge'>>): Promise<readonly Result[]>
  diff(work: Work<OpOf<'diff'>>): Promise<readonly Result[]>
}

/**
 * The root file system that a plan describes. Ops that do not depend on each other run at the same time;
 * when one fails the others are stopped, and the first failure is thrown once all have ended.
 *
 * @throws what the runners throw, located at the instruction; BUILD_CANCELLED
 */
export async function solve(plan: Plan, runners: Runners, io: Io): Promise<SnapshotResult> {
  if (!plan.result) return empty
  const stop = new AbortController()
  const signal = AbortSignal.any([io.signal, stop.signal])
  // Every op that runs listens to it: Node would warn of a leak in the midst of the progress.
  setMaxListeners(0, signal)
  const results: Promise<readonly Result[]>[] = []
  let failure: ImgError | undefined
  for (const [index, vertex] of plan.vertices.entries()) {
    const run = async (): Promise<readonly Result[]> => {
      const inputs = await Promise.all(vertex.inputs.map(async ([from, output]) => pick(await results[from]!, output)))
      return runVertex(vertex, String(index), inputs, runners, { signal, emit: io.emit })
    }
    const result = run()
    result.catch((error: unknown) => {
      failure ??= wrapError(error, 'INTERNAL', { at: vertex.at })
      stop.abort(failure)
    })
    results.push(result)
  }
  await Promise.allSettled(results)
  if (io.signal.aborted) throw new ImgError('BUILD_CANCELLED', 'the build was interrupted', { cause: io.signal.reason })
  if (failure) throw failure
  const [vertex, output] = plan.result
  const result = pick(await results[vertex]!, output)
  if (result.kind === 'snapshot') return result
  throw new ImgError('INTERNAL', 'the result of the plan is the build context itself')
}

function pick(outputs: readonly Result[], index: number): Result {
  const result = outputs[index]
  if (result) return result
  throw new ImgError('GRAPH_INVALID', `the plan refers to output ${index} of an op that has ${outputs.length}`)
}

async function runVertex(
  vertex: Vertex,
  id: string,
  inputs: readonly Result[],
  runners: Runners,
  io: Io,
): Promise<readonly Result[]> {
  io.signal.throwIfAborted()
  const started = performance.now()
  let cached = false
  const told = (event: BuildEvent) => io.emit(event)
  told({ type: 'start', id, name: vertex.name, at: vertex.at })
  try {
    const outputs = await dispatch(vertex, inputs, runners, {
      signal: io.signal,
      emit: io.emit,
      id,
      cached: () => {
        cached = true
      },
    })
    told(
      cached
        ? { type: 'cached', id, name: vertex.name, at: vertex.at }
        : { type: 'done', id, milliseconds: performance.now() - started },
    )
    return outputs
  } catch (error) {
    const wrapped = wrapError(error, 'INTERNAL', { at: vertex.at })
    told({
      type: 'failed',
      id,
      message: wrapped.message,
      ...(wrapped.code === 'BUILD_CANCELLED' && { cancelled: true }),
    })
    throw wrapped
  }
}

function dispatch(
  vertex: Vertex,
  inputs: readonly Result[],
  runners: Runners,
  io: Io & { id: string; cached(): void },
): Promise<readonly Result[]> {
  const { op } = vertex
  const { cached, ...rest } = io
  const common = { vertex, inputs, io: rest, cached }
  if ('source' in op) return runners.source({ ...common, op: op.source })
  if ('exec' in op) return runners.exec({ ...common, op: op.exec })
  if ('file' in op) return runners.file({ ...common, op: op.file })
  if ('merge' in op) return runners.merge({ ...common, op: op.merge })
  return runners.diff({ ...common, op: op.diff })
}
