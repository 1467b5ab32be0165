/** What a rule is, and what it finds. */
import type { Location } from '../error.ts'
import type { Instruction } from '../graph/graph.ts'
import type { Scene } from './scene.ts'

/** How bad a finding is. Everything is a warning until `error=true` or a caller makes it an error. */
export type Level = 'error' | 'warning'

/** A change of spelling that leaves the graph as it is; a spelling knows how to apply it. */
export type Fix =
  /** The keyword, in this case. */
  | { readonly kind: 'keyword'; readonly text: string }
  /** FROM's AS, in this case. */
  | { readonly kind: 'as'; readonly text: string }
  /** The name of a stage, in this case. */
  | { readonly kind: 'name'; readonly text: string }
  /** `ENV key value` as `ENV key=value`. */
  | { readonly kind: 'pairs' }
  /** The blank lines inside an instruction. */
  | { readonly kind: 'blank-lines' }

/** What a rule says before directives and levels are looked at. */
export interface Draft {
  /** The instruction whose comments may switch the rule off. */
  readonly on: Instruction
  /** Where it is shown. @default where `on` is */
  readonly at?: Location | undefined
  readonly message: string
  /** What to do. @default the rule's own */
  readonly hint?: string | undefined
  readonly fix?: Fix | undefined
}

/** Something that a rule does not like. */
export interface Finding {
  readonly rule: string
  readonly message: string
  /** In the image.ts, the Dockerfile, or wherever the graph comes from. */
  readonly at?: Location
  readonly level: Level
  readonly hint?: string
  readonly fix?: Fix
}

/** A check. One row of the table of rules. */
export interface Rule {
  /** PascalCase; what `skip=` names. */
  readonly name: string
  /** One sentence: what it wants. */
  readonly summary: string
  /** Why it matters. */
  readonly why: string
  /** What to do instead: the hint of its findings. */
  readonly how: string
  /** `buildkit`: a build check of the reference frontend, by the same name. */
  readonly origin: 'buildkit' | 'imgsdk'
  /** Off unless `experimental=` names it. */
  readonly experimental?: true
  /** It looks at the file as a whole: a `# check=` comment above one instruction does not reach it, as in BuildKit. */
  readonly fileWide?: true
  check(scene: Scene): Iterable<Draft>
}

/** Types a rule. */
export function rule(row: Rule): Rule {
  return Object.freeze(row)
}
