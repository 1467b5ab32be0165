/** Plans of short Dockerfiles, looked at from one side each. */
import { parse } from '../../sdk/dockerfile/parse.ts'
import type { ImgError } from '../../sdk/error.ts'
import type { ContainerConfig, ImageConfig } from '../../sdk/oci/types.ts'
import { type BaseImage, imageKey } from '../../sdk/plan/index.ts'
import type { CopyAction, ExecOp, Mount, Plan, SourceOp } from '../../sdk/plan/op.ts'
import { type PlanOptions, planOfGraph } from '../corpus/plans.ts'
import { failure } from '../dockerfile/failure.ts'

export const defaultPath = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
export const amd64 = { os: 'linux', architecture: 'amd64' } as const

/** The plan of a Dockerfile, its base images made up unless `options.images` has them. */
export function planned(text: string, options: PlanOptions = {}): Plan {
  return planOfGraph(parse(text), options)
}

export function image(text: string, options?: PlanOptions): ImageConfig {
  return planned(text, options).image
}

export function config(text: string, options?: PlanOptions): ContainerConfig {
  return image(text, options).config ?? {}
}

/** Labels of the target: the handiest place to see what a variable holds. */
export function labels(text: string, options?: PlanOptions): Readonly<Record<string, string>> {
  return config(text, options).Labels ?? {}
}

/** History as text; what made no layer is marked with a leading `-`. */
export function history(text: string, options?: PlanOptions): string[] {
  return (image(text, options).history ?? []).map(
    ({ created_by, empty_layer }) => `${empty_layer ? '-' : ''}${created_by}`,
  )
}

export function execs(text: string, options?: PlanOptions): ExecOp[] {
  return planned(text, options).vertices.flatMap(({ op }) => ('exec' in op ? [op.exec] : []))
}

export function exec(text: string, options?: PlanOptions): ExecOp {
  return execs(text, options).at(-1)!
}

/** The environment of the last RUN, PATH left out. */
export function environment(text: string, options?: PlanOptions): string[] {
  return exec(text, options).meta.env.filter((entry) => !entry.startsWith('PATH='))
}

/** The mounts of the last RUN, its root left out. */
export function mounts(text: string, options?: PlanOptions): Mount[] {
  return exec(text, options).mounts.filter(({ dest }) => dest !== '/')
}

export function copies(text: string, options?: PlanOptions): CopyAction[] {
  return planned(text, options).vertices.flatMap(({ op }) =>
    'file' in op ? op.file.actions.flatMap(({ Action }) => ('copy' in Action ? [Action.copy] : [])) : [],
  )
}

export function sources(text: string, options?: PlanOptions): SourceOp[] {
  return planned(text, options).vertices.flatMap(({ op }) => ('source' in op ? [op.source] : []))
}

/** What the op kinds are, in order. */
export function kinds(text: string, options?: PlanOptions): string[] {
  return planned(text, options).vertices.map(({ op }) => Object.keys(op)[0]!)
}

/** The refusal, wherever it comes from. */
export function refusal(text: string, options?: PlanOptions): ImgError {
  return failure(() => planned(text, options))
}

/** Options with one base image whose config is as given. */
export function withBase(ref: string, config: Partial<ImageConfig>, options: PlanOptions = {}): PlanOptions {
  const base: BaseImage = {
    ref,
    config: { ...amd64, rootfs: { type: 'layers', diff_ids: [`sha256:${'b'.repeat(64)}`] }, ...config },
  }
  return { ...options, images: new Map([[imageKey(ref, options.platform ?? amd64), base]]) }
}
