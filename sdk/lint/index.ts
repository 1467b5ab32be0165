/** The door to linting: rules, and what they find. */
export { type LintReport, lint } from './lint.ts'
export type { Finding, Fix, Level, Rule } from './rule.ts'
export { rules } from './rules.ts'
export type { IgnoreList, LintOptions } from './scene.ts'
