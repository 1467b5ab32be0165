/** Linting: every rule over one scene, under the control of directives and comments. */
import { ImgError, type Location } from '../error.ts'
import type { Graph, Instruction } from '../graph/graph.ts'
import { type Control, controlOf, directiveValue, isOn, joinControls, parseControl } from './control.ts'
import type { Draft, Finding, Rule } from './rule.ts'
import { rules } from './rules.ts'
import { type LintOptions, setScene } from './scene.ts'

/** What linting found. */
export interface LintReport {
  /** By file and line, then in the order of the table of rules. */
  readonly findings: readonly Finding[]
  /** Why the graph cannot be built at all; the findings are those up to there. */
  readonly error?: ImgError
}

/**
 * Checks a graph against a table of rules.
 *
 * @param only  the rules; default all of them
 * @throws DOCKERFILE_DIRECTIVE where check options cannot be read
 * @source conformance chapter 12
 */
export function lint(graph: Graph, options: LintOptions, only: readonly Rule[] = rules): LintReport {
  const control = joinControls(fileControl(graph, options), named(options))
  const scene = setScene(graph, options)
  const found: Finding[] = []
  const told = new Map<string, Instruction>()
  for (const rule of only) {
    for (const draft of rule.check(scene)) {
      const own = rule.fileWide ? control : controlOf(control, draft.on)
      if (!isOn(own, rule)) continue
      const one = finding(rule, draft, control)
      // a call in a loop makes many instructions at one place: what is wrong with it is said once
      const key = one.at && JSON.stringify([one.rule, one.at, one.message])
      if (key !== undefined && (told.get(key) ?? draft.on) !== draft.on) continue
      if (key !== undefined) told.set(key, draft.on)
      found.push(one)
    }
  }
  const findings = found.sort((a, b) => compareFiles(a.at, b.at) || lineOf(a.at) - lineOf(b.at))
  return scene.error ? { findings, error: scene.error } : { findings }
}

/**
 * The error that stops a build where `error=true` is set and a check found something. For a build, lint with the resolved
 * `images`, its `target` and `reachableOnly`: without them a variable that a base image sets counts as undefined.
 *
 * @source D12.6
 */
export function violation({ findings }: LintReport): ImgError | undefined {
  const bad = findings.filter(({ level }) => level === 'error')
  if (bad.length === 0) return undefined
  const names = [...new Set(bad.map(({ rule }) => rule))].sort()
  return new ImgError('CHECK_FAILED', `lint violation found for rules: ${names.join(', ')}`, {
    at: bad[0]!.at,
    hint: bad[0]!.hint,
    detail: { rules: names },
  })
}

/** The options of a whole file. Source: D12.3, D12.4. */
export function fileControl({ check, stages, args }: Graph, { buildArgs }: Pick<LintOptions, 'buildArgs'>): Control {
  const given = buildArgs?.['BUILDKIT_DOCKERFILE_CHECK']
  if (given !== undefined) return parseControl(given)
  const first = args[0] ?? stages[0]?.from
  return parseControl(directiveValue(check ?? ''), first?.at && { file: first.at.file, line: 1 })
}

function named({ skip = [], experimental = [] }: LintOptions): Control {
  const set = (names: 'all' | readonly string[]) => (names === 'all' ? names : new Set(names))
  return { skip: set(skip), experimental: set(experimental), error: false }
}

// `error=true` is BuildKit's word for its own rules: a file that docker builds must not fail for ours.
function finding(rule: Rule, draft: Draft, { error }: Control): Finding {
  const { on, message, fix } = draft
  const at = draft.at ?? on.at
  const hint = draft.hint ?? rule.how
  return {
    rule: rule.name,
    message,
    ...(at ? { at } : {}),
    level: error && rule.origin === 'buildkit' ? 'error' : 'warning',
    hint,
    ...(fix ? { fix } : {}),
  }
}

/** An image.ts may import others. */
function compareFiles(a: Location | undefined, b: Location | undefined): number {
  if (!a || !b || a.file === b.file) return 0
  return a.file < b.file ? -1 : 1
}

function lineOf(at: Location | undefined): number {
  return at?.line ?? 0
}
