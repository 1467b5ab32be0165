/** The ops of a plan: BuildKit's LLB, with its own field names, defaults and numbers. Source: solver/pb/ops.proto. */
import type { Location } from '../error.ts'
import type { ChownOpt } from '../instruction/part/chown.ts'
import type { ImageConfig } from '../oci/types.ts'

export type { ChownOpt, UserOpt } from '../instruction/part/chown.ts'

/** A directed acyclic graph of ops. The last vertex is the result. */
export interface Plan {
  /** Depth-first post-order from the result: inputs come before the ops that use them. Empty for an image of no layers on scratch. */
  readonly vertices: readonly Vertex[]
  /** Which output is the root file system; undefined when it is empty. */
  readonly result: Input | undefined
  /** The image config, without `rootfs` of our own layers and without times. */
  readonly image: ImageConfig
  /** SOURCE_DATE_EPOCH in seconds, wherever it came from; absent: times are what they are. */
  readonly sourceDateEpoch?: number
  /** One platform's image is given as if there were several: under an index, its files in a directory of their own. */
  readonly several?: true
}

/** One op, what it takes, and where it came from. Only `op`, `inputs` and `platform` are part of its digest. */
export interface Vertex {
  readonly op: Op
  readonly inputs: readonly Input[]
  readonly platform?: OpPlatform
  readonly at?: Location
  /** What progress shows: `[build 2/5] RUN make`. */
  readonly name: string
  /** Run it even when the cache has it. */
  readonly ignoreCache?: boolean
}

/** An output of another vertex: its position, and which of its outputs. */
export type Input = readonly [vertex: number, output: number]

export interface OpPlatform {
  readonly OS: string
  readonly Architecture: string
  readonly Variant?: string
  readonly OSVersion?: string
  readonly OSFeatures?: readonly string[]
}

/** The closed set of ops. Exactly one member. */
export type Op =
  | { readonly source: SourceOp }
  | { readonly exec: ExecOp }
  | { readonly file: FileOp }
  | { readonly merge: MergeOp }
  | { readonly diff: DiffOp }

/** `docker-image://`, `oci-layout://`, `local://`, `git://`, `http://`, `https://`. */
export interface SourceOp {
  readonly identifier: string
  readonly attrs?: Readonly<Record<string, string>>
}

export interface ExecOp {
  readonly meta: ExecMeta
  readonly mounts: readonly Mount[]
  /** 0 sandbox, 1 host, 2 none */
  readonly network?: 0 | 1 | 2
  /** 0 sandbox, 1 insecure */
  readonly security?: 0 | 1
  readonly secretenv?: readonly { readonly ID: string; readonly name: string; readonly optional?: boolean }[]
  readonly cdiDevices?: readonly { readonly name: string; readonly optional?: boolean }[]
}

export interface ExecMeta {
  readonly args: readonly string[]
  readonly env: readonly string[]
  readonly cwd: string
  readonly user?: string
  readonly proxy_env?: ProxyEnv
  readonly extraHosts?: readonly { readonly Host: string; readonly IP: string }[]
  readonly hostname?: string
  readonly ulimit?: readonly { readonly Name: string; readonly Soft: number; readonly Hard: number }[]
  readonly cgroupParent?: string
  readonly removeMountStubsRecursive?: boolean
  readonly validExitCodes?: readonly number[]
}

export interface ProxyEnv {
  readonly http_proxy?: string
  readonly https_proxy?: string
  readonly ftp_proxy?: string
  readonly no_proxy?: string
  readonly all_proxy?: string
}

/** The numbers of pb.MountType. */
export const mountType = { bind: 0, secret: 1, ssh: 2, cache: 3, tmpfs: 4 } as const
/** The numbers of pb.CacheSharingOpt. */
export const cacheSharing = { shared: 0, private: 1, locked: 2 } as const

/** `input` and `output` count from 0 and default to 0; -1 is none. */
export interface Mount {
  readonly input?: number
  readonly selector?: string
  readonly dest: string
  readonly output?: number
  readonly readonly?: boolean
  readonly mountType?: 0 | 1 | 2 | 3 | 4
  readonly TmpfsOpt?: { readonly size?: number }
  readonly cacheOpt?: { readonly ID: string; readonly sharing?: 0 | 1 | 2 }
  readonly secretOpt?: IdOpt
  readonly SSHOpt?: IdOpt
}

export interface IdOpt {
  readonly ID: string
  readonly uid?: number
  readonly gid?: number
  readonly mode?: number
  readonly optional?: boolean
}

export interface FileOp {
  readonly actions: readonly FileAction[]
}

/** `input` below the number of the vertex's inputs is that input; from there on it is an earlier action's target. -1 is none (scratch). */
export interface FileAction {
  readonly input: number
  readonly secondaryInput: number
  /** 0 on the action whose result is the op's output, else -1. */
  readonly output: number
  readonly Action:
    | { readonly copy: CopyAction }
    | { readonly mkfile: MkfileAction }
    | { readonly mkdir: MkdirAction }
    | { readonly rm: RmAction }
    | { readonly symlink: SymlinkAction }
}

/** `mode` -1: keep the source's. `timestamp` in nanoseconds, -1: keep the source's (created parents: now). */
export interface CopyAction {
  readonly src: string
  readonly dest: string
  readonly owner?: ChownOpt
  readonly mode: number
  readonly modeStr?: string
  readonly followSymlink?: boolean
  readonly dirCopyContents?: boolean
  readonly attemptUnpackDockerCompatibility?: boolean
  readonly createDestPath?: boolean
  readonly allowWildcard?: boolean
  readonly allowEmptyWildcard?: boolean
  readonly timestamp: number
  readonly includePatterns?: readonly string[]
  readonly excludePatterns?: readonly string[]
  readonly alwaysReplaceExistingDestPaths?: boolean
  readonly requiredPaths?: readonly string[]
}

/** `data` is base64, as protobuf's JSON writes bytes. */
export interface MkfileAction {
  readonly path: string
  readonly mode: number
  readonly data: string
  readonly owner?: ChownOpt
  readonly timestamp: number
}

export interface MkdirAction {
  readonly path: string
  readonly mode: number
  readonly makeParents?: boolean
  readonly owner?: ChownOpt
  readonly timestamp: number
}

export interface RmAction {
  readonly path: string
  readonly allowNotFound?: boolean
  readonly allowWildcard?: boolean
}

export interface SymlinkAction {
  readonly oldpath: string
  readonly newpath: string
  readonly owner?: ChownOpt
  readonly timestamp: number
}

export interface MergeOp {
  readonly inputs: readonly { readonly input?: number }[]
}

export interface DiffOp {
  readonly lower: { readonly input: number }
  readonly upper: { readonly input: number }
}
