/** Puts ops together: equal ops become one, and a result becomes a list in depth-first post-order. */
import type { Location } from '../error.ts'
import type { Platform } from '../oci/types.ts'
import type { Input, Op, OpPlatform, Vertex } from './op.ts'

/** An output of an op; undefined stands for the empty root file system. */
export type Output = { readonly node: Node; readonly index: number } | undefined

/** An op whose inputs are known. Two equal ones are the same object. */
export interface Node {
  readonly id: number
  op: Op
  readonly inputs: readonly { readonly node: Node; readonly index: number }[]
  readonly platform: OpPlatform | undefined
  readonly beside: Beside
}

/** What is not part of an op's identity. The first that makes an op gives it. */
export interface Beside {
  readonly name: string
  readonly at?: Location | undefined
  readonly ignoreCache?: boolean
}

/** Makes ops, each once. */
export class OpPool {
  readonly #nodes = new Map<string, Node>()

  /** The op with these inputs. */
  add(op: Op, inputs: Node['inputs'], platform: OpPlatform | undefined, beside: Beside): Node {
    const key = JSON.stringify([op, inputs.map(({ node, index }) => [node.id, index]), platform])
    const known = this.#nodes.get(key)
    if (known) return known
    const node: Node = { id: this.#nodes.size, op, inputs, platform, beside }
    this.#nodes.set(key, node)
    return node
  }
}

/** Collects the inputs of one op: each output once, in order of first use. */
export class Inputs {
  readonly list: { readonly node: Node; readonly index: number }[] = []

  /** The position of an output among the inputs; -1 for the empty one. */
  position(output: Output): number {
    if (!output) return -1
    const at = this.list.findIndex(({ node, index }) => node === output.node && index === output.index)
    if (at >= 0) return at
    this.list.push(output)
    return this.list.length - 1
  }
}

/** The ops that an output needs, inputs first. Works without recursion: chains may be thousands long. */
export function postOrder(result: Output): Vertex[] {
  if (!result) return []
  const position = new Map<Node, number>()
  const vertices: Vertex[] = []
  const stack: { node: Node; next: number }[] = [{ node: result.node, next: 0 }]
  while (stack.length > 0) {
    const top = stack.at(-1)!
    const input = top.node.inputs[top.next++]
    if (input) {
      if (!position.has(input.node)) stack.push({ node: input.node, next: 0 })
      continue
    }
    stack.pop()
    if (position.has(top.node)) continue
    position.set(top.node, vertices.length)
    vertices.push(toVertex(top.node, position))
  }
  return vertices
}

function toVertex({ op, inputs, platform, beside }: Node, position: ReadonlyMap<Node, number>): Vertex {
  return {
    op,
    inputs: inputs.map(({ node, index }): Input => [position.get(node)!, index]),
    ...(platform ? { platform } : {}),
    name: beside.name,
    ...(beside.at ? { at: beside.at } : {}),
    ...(beside.ignoreCache ? { ignoreCache: true } : {}),
  }
}

/** A platform as LLB spells it. */
export function toOpPlatform(platform: Platform): OpPlatform {
  const features = platform['os.features']
  return {
    OS: platform.os,
    Architecture: platform.architecture,
    ...(platform.variant ? { Variant: platform.variant } : {}),
    ...(platform['os.version'] ? { OSVersion: platform['os.version'] } : {}),
    ...(features && features.length > 0 ? { OSFeatures: features } : {}),
  }
}
