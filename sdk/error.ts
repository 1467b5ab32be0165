/** Errors that say what happened, to what, where, and what to do next. */
import { type Code, codes, type ExitStatus } from './codes.ts'

/** A place in an `image.ts` or a Dockerfile. Lines and columns count from 1; `endLine` and `endColumn` are inclusive and exclusive. */
export interface Location {
  readonly file: string
  readonly line: number
  readonly column?: number
  readonly endLine?: number
  readonly endColumn?: number
}

/** What an error carries besides its message. */
export interface ErrorDetails {
  /** Where in the user's source. */
  readonly at?: Location | undefined
  /** The source text around `at`, where the thrower has it; otherwise the CLI reads the file. */
  readonly source?: string | undefined
  /** An action, or absent. */
  readonly hint?: string | undefined
  /** Facts for machines: exit codes, registry codes, paths. Never secrets. */
  readonly detail?: Readonly<Record<string, unknown>> | undefined
  readonly cause?: unknown
  /** When one message stands for several errors, these. */
  readonly errors?: readonly ImgError[] | undefined
}

const errorMark = Symbol.for('imgsdk.error')

/** Every error that imgsdk throws on purpose. */
export class ImgError extends Error {
  /** One of another copy of the SDK in the same process is one, too: what it carries is called the same. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && errorMark in value
  }

  override readonly name = 'ImgError'
  readonly code: Code
  readonly at: Location | undefined
  readonly source: string | undefined
  readonly hint: string | undefined
  readonly detail: Readonly<Record<string, unknown>> | undefined
  readonly errors: readonly ImgError[]

  constructor(code: Code, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = code
    this.at = details.at
    this.source = details.source
    this.hint = details.hint
    this.detail = details.detail
    this.errors = details.errors ?? []
  }

  /** The exit status that the CLI ends with. */
  get exit(): ExitStatus {
    return codes[this.code].exit
  }

  /** The same error with a location, where it has none yet. */
  located(at: Location | undefined, source?: string): ImgError {
    if (this.at || !at) return this
    const { hint, detail, cause, errors } = this
    return new ImgError(this.code, this.message, { at, source: this.source ?? source, hint, detail, cause, errors })
  }
}

Object.defineProperty(ImgError.prototype, errorMark, { value: true })

/** One error for several, which it has as its `errors`: the first, with the number of the others. Undefined for none. */
export function joinErrors(errors: readonly ImgError[]): ImgError | undefined {
  const [first] = errors
  if (!first || errors.length === 1) return first
  const { code, message, at, source, hint, detail } = first
  return new ImgError(code, `${message} (and ${errors.length - 1} more)`, { at, source, hint, detail, errors })
}

/** An ImgError made from whatever was thrown; anything that is not ours becomes `code` with the original as cause. */
export function wrapError(thrown: unknown, code: Code = 'INTERNAL', details: ErrorDetails = {}): ImgError {
  if (thrown instanceof ImgError) return thrown.located(details.at)
  const refused = code === 'INTERNAL' ? refusal(thrown, details) : undefined
  if (refused) return refused
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return new ImgError(code, message, { ...details, cause: thrown })
}

/** Why a call of the system failed, without its name and the path: `permission denied`. */
export function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown)
  const { code, message } = thrown as NodeJS.ErrnoException
  return (code !== undefined && /^[A-Z\d_]+: (.+?)(?:, \w+(?: '.*)?)?$/s.exec(message)?.[1]) || message
}

const refusals: readonly unknown[] = 'EACCES EPERM EROFS ENAMETOOLONG ELOOP EMFILE ENFILE EBUSY EIO ETXTBSY'.split(' ')
const full: readonly unknown[] = ['ENOSPC', 'EDQUOT']

/** The error for a path that the system refuses, which is no bug of ours. */
function refusal(thrown: unknown, details: ErrorDetails): ImgError | undefined {
  const { code: errno, path, syscall } = (thrown ?? {}) as NodeJS.ErrnoException
  if (syscall === 'uv_cwd')
    return new ImgError('FILE_ACCESS', 'the working directory is not there any more', { ...details, cause: thrown })
  if (path === undefined || !(refusals.includes(errno) || full.includes(errno))) return undefined
  const detail = { path, errno }
  const code = full.includes(errno) ? 'DISK_FULL' : 'FILE_ACCESS'
  return new ImgError(code, `"${path}": ${reasonOf(thrown)}`, { ...details, detail, cause: thrown })
}
