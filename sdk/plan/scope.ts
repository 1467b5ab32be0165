/** Variables: the environment of a stage, and the build arguments before the first FROM. */
import { expand } from '../graph/expand.ts'
import type { Graph } from '../graph/graph.ts'
import type { ArgDeclaration } from '../instruction/shape/names.ts'
import type { Lookup } from '../instruction/shape/shape.ts'
import { formatPlatform, formatPlatformFull } from '../oci/platform.ts'
import type { Platform } from '../oci/types.ts'
import { locate } from './locate.ts'

/** Variables in the order in which they were last set: the order in which LLB lists them. */
export class Environment {
  readonly #values: Map<string, string>

  constructor(values: Iterable<readonly [string, string]> = []) {
    this.#values = new Map(values)
  }

  get(name: string): string | undefined {
    return this.#values.get(name)
  }

  set(name: string, value: string): void {
    this.#values.delete(name)
    this.#values.set(name, value)
  }

  delete(name: string): void {
    this.#values.delete(name)
  }

  get size(): number {
    return this.#values.size
  }

  names(): string[] {
    return [...this.#values.keys()]
  }

  /** `NAME=value`, in order. */
  entries(): string[] {
    return [...this.#values].map(([name, value]) => `${name}=${value}`)
  }

  copy(): Environment {
    return new Environment(this.#values)
  }
}

/** The arguments that are set without being declared. Source: conformance D3.2, D3.3, D10.3. */
export function predefined(
  build: Platform,
  target: Platform,
  stage: string,
  given: ReadonlyMap<string, string>,
): Environment {
  const values: [string, string][] = [
    ['BUILDPLATFORM', formatPlatform(build)],
    ['BUILDOS', build.os],
    ['BUILDOSVERSION', build['os.version'] ?? ''],
    ['BUILDARCH', build.architecture],
    ['BUILDVARIANT', build.variant ?? ''],
    ['TARGETPLATFORM', formatPlatformFull(target)],
    ['TARGETOS', target.os],
    ['TARGETOSVERSION', target['os.version'] ?? ''],
    ['TARGETARCH', target.architecture],
    ['TARGETVARIANT', target.variant ?? ''],
    ['TARGETSTAGE', stage || 'default'],
  ]
  return new Environment(values.map(([name, value]) => [name, given.get(name) ?? value]))
}

/** Adds the ARGs before the first FROM, in order; each sees those before it. Source: conformance D3.4 to D3.6. */
export function declareGlobals(
  scope: Environment,
  graph: Graph,
  given: ReadonlyMap<string, string>,
  unset?: (name: string) => void,
): void {
  const lookup: Lookup = { get: (name) => scope.get(name), ...(unset ? { unset } : {}) }
  for (const instruction of graph.args) {
    const { variables } = instruction.args as { variables: readonly ArgDeclaration[] }
    locate(instruction, () => {
      for (const { name, default: value } of variables) {
        const set = given.get(name) ?? (value === undefined ? undefined : expand(value, lookup))
        if (set !== undefined) scope.set(name, set)
      }
    })
  }
}

/** Proxy settings among the build arguments, in any letter case; the lexically later name wins. Source: conformance D3.26. */
export function proxies(given: ReadonlyMap<string, string>): Record<string, string> | undefined {
  const found: Record<string, string> = {}
  for (const name of [...given.keys()].sort()) {
    const lower = name.toLowerCase()
    if (/^(https?|ftp|no|all)_proxy$/.test(lower)) found[lower] = given.get(name)!
  }
  return Object.keys(found).length > 0 ? found : undefined
}
