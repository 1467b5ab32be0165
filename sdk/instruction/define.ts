/**
 * What a row of the instruction table is. Adding an instruction is one file with such a row, and one line in table.ts.
 * It is long because the types of a row, of what `lower` is told and of what it answers are read together.
 */
import type { StageRef } from '../graph/graph.ts'
import type { ContainerConfig } from '../oci/types.ts'
import type { ChownOpt } from './part/chown.ts'
import type { ExpandedOf, Lookup, Shape, ValueOf } from './shape/shape.ts'

/** Any shape. `any` stands here, and in the derived State, and nowhere else. */
// biome-ignore lint/suspicious/noExplicitAny: no narrower bound admits all shapes, as a shape is contravariant in its value
export type AnyShape = Shape<any, any>
/** Shapes by the name of their field or flag. */
export type Fields = Readonly<Record<string, AnyShape>>

type Simplify<T> = { readonly [K in keyof T]: T[K] } & {}
type Many<S, T> = S extends { repeatable: true } ? readonly T[] : T
type Positional<P> = P extends AnyShape ? ValueOf<P> : { [K in keyof P]: ValueOf<P[K]> }
type PositionalExpanded<P> = P extends AnyShape ? ExpandedOf<P> : { [K in keyof P]: ExpandedOf<P[K]> }

/** The `args` of an instruction: positional fields and flags, side by side. A flag that was not given is absent. */
export type ArgsOf<P, F> = Simplify<Positional<P> & { [K in keyof F]?: Many<F[K], ValueOf<F[K]>> }>
/** The same with variables filled in. */
export type ExpandedArgs<P, F> = Simplify<PositionalExpanded<P> & { [K in keyof F]?: Many<F[K], ExpandedOf<F[K]>> }>

/** A row. */
export interface Row<
  P extends AnyShape | Fields = AnyShape | Fields,
  F extends Fields = Fields,
  // biome-ignore lint/suspicious/noExplicitAny: parameters are inferred from `build` and only ever passed through
  B extends readonly any[] = any[],
> {
  readonly keyword: string
  /** One sentence: the heading of its reference page, the description in the schema. */
  readonly summary: string
  /** By the flag's own name, without `--`. */
  readonly flags?: F
  /** Either one shape whose value is an object that is spread into `args`, or a record with exactly one field. */
  readonly args: P
  /** Here-documents may stand on its line. */
  readonly heredocs?: true
  /** Leading words that start with `--` are skipped unread (conformance D1.45). */
  readonly swallowsFlags?: true
  /** It may not be an ONBUILD trigger. */
  readonly noTrigger?: true
  /** The arguments that a call of the builder's method means. */
  build(...params: B): ArgsOf<P, F>
  /** What it does; pure. The fold that calls it has expanded the variables, and keeps history and locations. */
  lower(args: ExpandedArgs<P, F>, context: LowerContext): Lowering
  /** Dockerfile lines that mean it. They run in the laws. */
  readonly examples: readonly string[]
}

/** Types a row. */
export function instruction<const P extends AnyShape | Fields, const F extends Fields, B extends readonly unknown[]>(
  row: Row<P, F, B> & { readonly keyword: string },
): Row<P, F, B> {
  return Object.freeze(row)
}

/** A flag that may be given several times; its values make a list. */
export function repeated<T, X>(shape: Shape<T, X>): Shape<T, X> & { readonly repeatable: true } {
  return { ...shape, repeatable: true }
}

/** The positional part as a single shape, and the field its value goes to; undefined where the value is spread. */
export function positional(row: Row): { shape: AnyShape; field: string | undefined } {
  if (typeof (row.args as AnyShape).read === 'function') return { shape: row.args as AnyShape, field: undefined }
  const [field, shape] = Object.entries(row.args as Fields)[0]!
  return { shape, field }
}

/** What a row may know of the stage so far. */
export interface LowerContext {
  readonly config: ContainerConfig
  /** The operating system of the stage's image. */
  readonly os: string
  /** The variables that instructions of the stage see: environment and build arguments. */
  readonly env: Lookup
  /** The directory that relative paths start in. */
  readonly workdir: string
  /** Values given on the command line, by name. */
  readonly buildArgs: ReadonlyMap<string, string>
  /** ARGs before the first FROM, and the predefined ones. */
  readonly globalArgs: Lookup
  /** Build arguments declared in the stage and in the stages it starts from, in order. */
  readonly declared: readonly { readonly name: string; readonly value?: string }[]
  /** Whether CMD came before in this stage. */
  readonly cmdSeen: boolean
  /** SOURCE_DATE_EPOCH in seconds. */
  readonly epoch?: number | undefined
  /** The prefix of cache mount ids. */
  readonly cacheNamespace: string
}

/** What an instruction does, as data. Every member may be absent. */
export interface Lowering {
  /** Members to set in the image config; undefined removes. */
  readonly config?: { readonly [K in keyof ContainerConfig]?: ContainerConfig[K] | undefined }
  readonly author?: string
  /** Variables to set for later instructions and commands. */
  readonly assign?: readonly (readonly [name: string, value: string])[]
  /** Build arguments declared. */
  readonly declares?: readonly { readonly name: string; readonly value?: string }[]
  readonly workdir?: string
  readonly draft?: Draft
  /** The text of the history entry; absent: none. */
  readonly history?: string
}

/** An op before its inputs are linked. */
export type Draft = ExecDraft | FileDraft

/** RUN. */
export interface ExecDraft {
  readonly exec: {
    readonly args: readonly string[]
    readonly mounts: readonly MountDraft[]
    readonly secrets: readonly SecretDraft[]
    readonly ssh: readonly SshDraft[]
    readonly network: 0 | 1 | 2
    readonly security: 0 | 1
    readonly devices: readonly { readonly name: string; readonly optional?: boolean }[]
  }
}

/** A mount of RUN that has a source: bind, cache or tmpfs. */
export interface MountDraft {
  readonly target: string
  readonly source: Origin
  readonly selector?: string
  readonly readonly?: boolean
  readonly noOutput?: boolean
  readonly tmpfs?: { readonly size?: number }
  readonly cache?: { readonly id: string; readonly sharing: 0 | 1 | 2 }
  /** A directory `/cache` with this owner and mode is made on the source and mounted. */
  readonly owner?: { readonly uid: number; readonly gid: number; readonly mode: number }
  /** A path of the build context that counts as used. */
  readonly contextPath?: string
}

/** A secret mount: a file, an environment variable, or both. */
export interface SecretDraft {
  readonly id: string
  readonly target?: string
  readonly env?: string
  readonly optional: boolean
  readonly uid: number
  readonly gid: number
  readonly mode: number
}

/** An SSH agent mount. */
export interface SshDraft {
  readonly id: string
  readonly target: string
  readonly optional: boolean
  readonly uid: number
  readonly gid: number
  readonly mode: number
}

/** COPY, ADD and WORKDIR: actions that follow each other. */
export interface FileDraft {
  readonly file: readonly FileActionDraft[]
  /** COPY --link: the files make an independent layer that is merged on top. */
  readonly link?: boolean
}

/** One action of a file op. */
export type FileActionDraft = { readonly copy: CopyDraft } | { readonly mkdir: MkdirDraft }

/** A directory to be made. */
export interface MkdirDraft {
  readonly path: string
  readonly mode: number
  /** Missing parents are made too; a directory that exists stays as it is. */
  readonly parents?: boolean
  readonly owner?: ChownOpt
  /** Nanoseconds; -1 is now. */
  readonly timestamp: number
}

/** One source of COPY or ADD. */
export interface CopyDraft {
  readonly source: Origin
  readonly src: string
  readonly dest: string
  readonly owner?: ChownOpt
  readonly mode: number
  readonly modeStr?: string
  readonly includePatterns?: readonly string[]
  readonly excludePatterns?: readonly string[]
  readonly requiredPaths?: readonly string[]
  readonly unpack?: boolean
  /** Follow links, take the contents of directories, allow wildcards: sources that are paths. */
  readonly paths?: boolean
}

/** Where files come from. */
export type Origin =
  | { readonly kind: 'scratch' }
  /** `path`: what of the context is used. */
  | { readonly kind: 'context'; readonly path: string }
  /** `path`: what of the stage is used. */
  | { readonly kind: 'stage'; readonly ref: StageRef; readonly verb: string; readonly path: string }
  | { readonly kind: 'http'; readonly url: string; readonly filename: string; readonly checksum?: string }
  | {
      readonly kind: 'git'
      readonly remote: string
      readonly attrs: Readonly<Record<string, string>>
      /** A path of the build context that counts as used. */
      readonly contextPath?: string
    }
  | { readonly kind: 'inline'; readonly path: string; readonly mode: number; readonly data: string }
