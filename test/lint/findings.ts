/** Findings of a Dockerfile given as text, for tests of rules. */
import { parseIgnore } from '../../sdk/dockerfile/ignore.ts'
import { parse } from '../../sdk/dockerfile/parse.ts'
import { parseTrigger } from '../../sdk/dockerfile/trigger.ts'
import { lint } from '../../sdk/lint/lint.ts'
import type { Finding } from '../../sdk/lint/rule.ts'
import { buildkitRules, rules } from '../../sdk/lint/rules.ts'
import type { LintOptions } from '../../sdk/lint/scene.ts'

/** How a test lints. */
export interface Given extends Omit<LintOptions, 'parseTrigger' | 'ignore'> {
  /** The text of an ignore file. */
  readonly ignore?: string
}

/** The findings of all rules. */
export function findings(text: string, { ignore, ...options }: Given = {}, only = rules): readonly Finding[] {
  const list = ignore === undefined ? undefined : parseIgnore(ignore).matcher
  return lint(parse(text), { ...options, ignore: list, parseTrigger }, only).findings
}

/** What BuildKit's rules say, as `Rule:line: message`. */
export function checks(text: string, given: Given = {}): string[] {
  return findings(text, given, buildkitRules).map(({ rule, at, message }) => `${rule}:${at?.line}: ${message}`)
}

/** Only the lines at which one of our rules speaks. */
export function linesOf(name: string, text: string, given: Given = {}): (number | undefined)[] {
  const experimental = rules.filter((rule) => rule.experimental).map((rule) => rule.name)
  return findings(text, { experimental, ...given })
    .filter(({ rule }) => rule === name)
    .map(({ at }) => at?.line)
}
