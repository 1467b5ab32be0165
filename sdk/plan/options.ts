/** What lowering is told besides the graph. */
import type { Instruction } from '../graph/graph.ts'
import type { LowerContext } from '../instruction/define.ts'
import type { ImageConfig, Platform } from '../oci/types.ts'

/** A base image, resolved. */
export interface BaseImage {
  /** The reference to put in the op: canonical, with its digest where that is known. */
  readonly ref: string
  readonly config: ImageConfig
  /** Nothing is known of the image: the config is one that stands for any. */
  readonly madeUp?: boolean
}

/** An image that a graph needs. `ref` is canonical (`docker.io/library/debian:latest`). */
export interface ImageRequest {
  readonly ref: string
  readonly platform: Platform
  /** Where it is asked for, for the error when there is none. */
  readonly at?: Instruction['at']
}

/** A named context: what replaces a stage, or an image of that name. Source: conformance D9.20. */
export type NamedContext =
  /** `docker-image://ref`. */
  | {
      readonly kind: 'image' /** Or `oci-layout://folder[:tag][@digest]`, the folder absolute. */
      readonly ref: string
    }
  /** `docker-image://scratch`. */
  | { readonly kind: 'scratch' }
  /** A local directory (`local://name`), a repository or a URL: files without an image config. */
  | { readonly kind: 'files'; readonly identifier: string; readonly attrs?: Readonly<Record<string, string>> }

/** What lowering is told besides the graph. */
export interface LowerOptions {
  /** The name of a stage, in any case. @default the last stage */
  readonly target?: string | undefined
  /** `--build-arg`. */
  readonly buildArgs?: Readonly<Record<string, string>> | undefined
  /** The platform asked for; absent: the build platform, and the base image's own values stand. */
  readonly platform?: Platform | undefined
  /** The platform of this machine. */
  readonly buildPlatform: Platform
  /** Images resolved so far, by `imageKey`. */
  readonly images: Pick<ReadonlyMap<string, BaseImage>, 'get'>
  /** Reads an ONBUILD trigger: the front door hands it in, because lowering knows no spelling. */
  parseTrigger(text: string, escape: '\\' | '`'): Instruction
  /** By name, or by `name::os/arch`. */
  readonly contexts?: ReadonlyMap<string, NamedContext> | undefined
  /** Labels of the request, for the target only. */
  readonly labels?: Readonly<Record<string, string>> | undefined
  /** Seconds: what the build argument SOURCE_DATE_EPOCH is, unless that is given itself. */
  readonly sourceDateEpoch?: number | undefined
  /** Lower every stage, whether the target needs it or not: what the linter wants. */
  readonly allStages?: boolean | undefined
  /** Pass over what fails where an image that is not known may set the variable that is missing: for the linter, which uses no plan. */
  readonly forgiving?: boolean | undefined
  /** Told of the position of every stage that is lowered: for the linter. */
  onStage?(position: number): void
  /** Told of every instruction when it is lowered, also when that fails: for the linter. */
  onInstruction?(lowered: LoweredInstruction): void
}

/** An instruction as lowering meets it. */
export interface LoweredInstruction {
  readonly instruction: Instruction
  /** Its arguments with variables filled in; undefined where that failed. */
  readonly args: object | undefined
  /** What was in force before it. Its variables are only good while `onInstruction` runs. */
  readonly context: LowerContext
  /** The position of its stage in the graph. */
  readonly stage: number
  /** It is an ONBUILD trigger of the stage's base. */
  readonly trigger: boolean
  /** Variables that it uses and that are neither set nor declared, each once per word; `known` are those set there. */
  readonly unset: readonly { readonly name: string; readonly known: readonly string[] }[]
}

/** The key of an image in `LowerOptions.images`. */
export function imageKey(ref: string, platform: Platform): string {
  return `${ref} ${platform.os}/${platform.architecture}/${platform.variant ?? ''}`
}
