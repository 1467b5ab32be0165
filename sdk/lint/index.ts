/** The door to linting: rules, and what they find. */
export { type LintReport, lint, violation } from './lint.ts'
export type { Finding, Fix, Level, Rule } from './rule.ts'
export { buildkitRules, rules } from './rules.ts'
export type { IgnoreList, LintOptions } from './scene.ts'
