/** Finds the first place where two build plans differ, by the rules of the corpus: keys that are zero count as absent. */

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
type Members = { [key: string]: Json }

/** A build plan as JSON, or a refusal. */
export interface PlanJson {
  readonly error?: string
  readonly ops?: readonly unknown[]
  readonly image?: unknown
}

/** Where two plans part. */
export interface Difference {
  readonly path: string
  readonly expected: unknown
  readonly actual: unknown
}

// Attributes that only describe, and those that differ from run to run.
const descriptive = new Set([
  'description',
  'llb.customname',
  'com.docker.dockerfile.v1.command',
  'local.unique',
  'constraints',
])

/** The first difference; undefined when the plans are equal. Two refusals are equal, whatever they say. */
export function firstDifference(expected: PlanJson, actual: PlanJson): Difference | undefined {
  if (expected.error !== undefined || actual.error !== undefined) {
    if (expected.error !== undefined && actual.error !== undefined) return undefined
    return { path: 'error', expected: expected.error, actual: actual.error }
  }
  const [want, got] = [canonical(expected), canonical(actual)]
  return differ(want.ops, got.ops, 'ops') ?? differ(want.image, got.image, 'image')
}

function canonical({ ops, image }: PlanJson) {
  const { architecture, os, variant, author, config, history } = (image ?? {}) as Members
  return {
    ops: (ops ?? []).map((op) => {
      const { Op, inputs, platform } = op as Members
      return prune({ Op: Op ?? null, inputs: inputs ?? null, platform: platform ?? null })
    }) as Json[],
    image: {
      ...(prune({
        architecture: architecture ?? null,
        os: os ?? null,
        variant: variant ?? null,
        author: author ?? null,
      }) as Members),
      config: canonicalConfig((config ?? {}) as Members),
      history: ((history ?? []) as Members[]).map(({ created_by, comment, empty_layer }) =>
        prune({ created_by: created_by ?? null, comment: comment ?? null, empty_layer: empty_layer ?? null }),
      ),
    } as Members,
  }
}

function canonicalConfig(config: Members): Members {
  const out: Members = {}
  for (const [key, value] of Object.entries(config)) {
    const kept = ['Labels', 'ExposedPorts', 'Volumes'].includes(key) ? value : prune(value)
    if (!isZero(kept)) out[key] = kept
  }
  return out
}

function prune(value: Json): Json {
  if (Array.isArray(value)) return value.map(prune)
  if (value === null || typeof value !== 'object') return value
  const out: Members = {}
  for (const [key, member] of Object.entries(value)) {
    if (descriptive.has(key)) continue
    const pruned = prune(member)
    // A user that is present but empty is id 0, which is not the same as absent.
    const kept = key === 'User' && isEmptyObject(pruned) ? { byID: 0 } : pruned
    if (!isZero(kept)) out[key] = kept
  }
  return out
}

function isEmptyObject(value: Json): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0
}

function isZero(value: Json): boolean {
  return (
    value === null ||
    value === false ||
    value === '' ||
    value === 0 ||
    (Array.isArray(value) && value.length === 0) ||
    isEmptyObject(value)
  )
}

function differ(expected: Json | undefined, actual: Json | undefined, path: string): Difference | undefined {
  if (Array.isArray(expected) && Array.isArray(actual)) {
    for (let index = 0; index < Math.max(expected.length, actual.length); index++) {
      const found = differ(expected[index], actual[index], `${path}[${index}]`)
      if (found) return found
    }
    return undefined
  }
  if (isObject(expected) && isObject(actual)) {
    for (const key of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
      const found = differ(expected[key], actual[key], `${path}.${key}`)
      if (found) return found
    }
    return undefined
  }
  return expected === actual ? undefined : { path, expected, actual }
}

function isObject(value: Json | undefined): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A difference on three lines; long texts are cut around the place where they part. */
export function printDifference(name: string, { path, expected, actual }: Difference): string {
  const [want, got] = [JSON.stringify(expected) ?? '(absent)', JSON.stringify(actual) ?? '(absent)']
  let same = 0
  while (same < want.length && same < got.length && want[same] === got[same]) same++
  const cut = (text: string) => (text.length <= 160 ? text : `…${text.slice(Math.max(0, same - 40), same + 120)}…`)
  return `${name}: ${path}\n  expected ${cut(want)}\n  actual   ${cut(got)}`
}
