/** What lowering is told besides the graph. */
import type { Instruction } from '../graph/graph.ts'
import type { ImageConfig, Platform } from '../oci/types.ts'

/** A base image, resolved. */
export interface BaseImage {
  /** The reference to put in the op: canonical, with its digest where that is known. */
  readonly ref: string
  readonly config: ImageConfig
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
  | { readonly kind: 'image'; readonly ref: string }
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
  readonly images: ReadonlyMap<string, BaseImage>
  /** Reads an ONBUILD trigger: the front door hands it in, because lowering knows no spelling. */
  parseTrigger(text: string, escape: '\\' | '`'): Instruction
  /** By name, or by `name::os/arch`. */
  readonly contexts?: ReadonlyMap<string, NamedContext> | undefined
  /** Labels of the request, for the target only. */
  readonly labels?: Readonly<Record<string, string>> | undefined
  /** Seconds. */
  readonly sourceDateEpoch?: number | undefined
  /** Told of each variable that is used and not set. */
  onUnset?(name: string, instruction: Instruction): void
}

/** The key of an image in `LowerOptions.images`. */
export function imageKey(ref: string, platform: Platform): string {
  return `${ref} ${platform.os}/${platform.architecture}/${platform.variant ?? ''}`
}
