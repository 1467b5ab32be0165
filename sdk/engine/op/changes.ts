/** The changes of a target, in the order of a layer: parents first, names sorted by byte value. */

import { sortNames } from '../name.ts'
import { joinName } from '../tree.ts'
import type { Body, Meta } from './body.ts'
import { type Directory, type Pending, pendingNode, type Target } from './target.ts'

/** One entry of the layer to be. */
export type Change =
  | { readonly kind: 'directory'; readonly path: string; readonly meta: Meta }
  | { readonly kind: 'leaf'; readonly path: string; readonly body: Body }
  | { readonly kind: 'hardlink'; readonly path: string; readonly body: Body; readonly link: string }
  | { readonly kind: 'whiteout'; readonly path: string }
  | { readonly kind: 'opaque'; readonly path: string }
  /** All of a source directory; given only where asked for. */
  | { readonly kind: 'subtree'; readonly path: string; readonly pending: Pending }

/** A directory on the way down: of the target, or of a source that was not looked at. */
interface Frame {
  readonly path: string
  readonly names: readonly string[]
  readonly node: Directory | undefined
  readonly pending: Pending | undefined
  next: number
  /** Whether the layer has an entry for the directory itself. */
  given: boolean
}

/**
 * Walks what differs from the base. A directory of the base with a change below is given too, with the base's own metadata:
 * some readers of layers would make one that is missing with a mode of their own (moby's overlay2 does). The root never is.
 *
 * @param options.subtrees  give a source directory that nobody looked at as one change, instead of walking it
 */
export function* changesOf(target: Target, options: { readonly subtrees: boolean }): Generator<Change> {
  const names = new Map<Body, string>()
  const frames: Frame[] = [frameOf('', target.root, true)]
  if (target.root.pending && options.subtrees) yield { kind: 'subtree', path: '', pending: target.root.pending }
  for (let frame = frames.at(-1); frame; frame = frames.at(-1)) {
    if (frame.next === frame.names.length || (frame.pending && options.subtrees)) {
      frames.pop()
      continue
    }
    const name = frame.names[frame.next++]!
    const path = joinName(frame.path, name)
    const node = frame.node ? frame.node.children.get(name) : pendingChild(frame.pending!, name)
    if (node === undefined) continue
    const changed = node === null || node.changed
    if (changed && !frame.given) yield* parents(frames)
    if (node === null) {
      yield { kind: 'whiteout', path }
    } else if (node.kind === 'leaf') {
      if (changed) yield leaf(path, node.body, names)
    } else {
      if (changed) yield { kind: 'directory', path, meta: node.meta }
      if (node.opaque) yield { kind: 'opaque', path }
      if (node.pending && options.subtrees) yield { kind: 'subtree', path, pending: node.pending }
      else frames.push(frameOf(path, node, changed))
    }
  }
}

function frameOf(path: string, node: Directory, given: boolean): Frame {
  const { pending } = node
  const names = pending ? pending.source.tree.names(pending.path) : sortNames([...node.children.keys()])
  return { path, names, node: pending ? undefined : node, pending, next: 0, given }
}

function pendingChild({ source, path, rules }: Pending, name: string) {
  const entry = source.tree.entry(joinName(path, name))
  return entry && pendingNode(entry, source, rules)
}

function* parents(frames: readonly Frame[]): Generator<Change> {
  for (const frame of frames) {
    if (frame.given) continue
    frame.given = true
    yield { kind: 'directory', path: frame.path, meta: frame.node!.meta }
  }
}

function leaf(path: string, body: Body, names: Map<Body, string>): Change {
  if (!body.shared) return { kind: 'leaf', path, body }
  const link = names.get(body)
  if (link !== undefined) return { kind: 'hardlink', path, body, link }
  names.set(body, path)
  return { kind: 'leaf', path, body }
}
