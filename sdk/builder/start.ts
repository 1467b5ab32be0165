/** Where a chain starts, and the values that go into one: `from`, `scratch`, `arg`, `envRef`, mounts. */
import { ImgError } from '../error.ts'
import { argNameOf, textOf, wordOf } from '../graph/given.ts'
import { type Modifier, partsOf, type Template } from '../graph/template.ts'
import { type ArgUse, makeToken, type Token, toTemplate } from '../graph/token.ts'
import { argUses } from '../graph/token-args.ts'
import { type MountLike, mountOptions } from '../instruction/part/mounting.ts'
import { isStageLike, type StageLike } from '../instruction/part/stage-like.ts'
import { atCall, callSite } from './call-site.ts'
import { checkOptions } from './known-options.ts'
import { extend, type State } from './state.ts'

/** The options of `from`. */
export interface FromOptions {
  /** `os/arch[/variant]`, e.g. `linux/arm64`, or `${envRef('BUILDPLATFORM')}`. */
  readonly platform?: string
}

/** A stage that starts from an image (`node:22-slim`, by digest, or the name of a named context), or from another stage. */
export function from(base: string | State, options: FromOptions = {}): State {
  return atCall(from, () => {
    checkOptions('from()', options, ['platform'], "write { platform: 'linux/arm64' }")
    const start = isStageLike(base) ? { state: base as State } : { image: toReference(base) }
    const platform = options.platform === undefined ? {} : { platform: textOf(options.platform, 'platform') }
    const uses = argUses([base, options.platform])
    return extend(undefined, { root: { base: start, ...platform }, site: callSite(from), uses })
  })
}

// Whether it is a reference turns out when it is looked up, for it may be the name of a context. But a blank ends it.
function toReference(base: string): Template {
  if (base === '') throw new ImgError('ARGUMENT_VALUE', 'from() was given an empty image reference')
  const reference = toTemplate(textOf(base, 'the base of from()', 'an image reference or a stage'))
  if (!partsOf(reference).some((part) => typeof part === 'string' && /[ \t\n\v\f\r]/.test(part))) return reference
  const [, image, name] = /^\s*(\S+)(?:\s+as\s+(\S+))?\s*$/i.exec(base) ?? []
  const hint = image === undefined ? undefined : `write from('${image}')${name === undefined ? '' : `.as('${name}')`}`
  throw new ImgError('ARGUMENT_VALUE', `an image reference has no blanks, but ${JSON.stringify(base)} has`, { hint })
}

/** A stage that starts from nothing: no files, no environment but PATH. */
export function scratch(): State {
  return extend(undefined, { root: { base: { image: 'scratch' } }, site: callSite(scratch) })
}

/** A build argument inside strings. It prints as ARG, and `--build-arg NAME=value` sets it. */
export type Arg = Token

/**
 * A build argument. It interpolates into any string: an image reference, a path, a command.
 * In shell text it becomes `${NAME}`; elsewhere it is a reference that the builder fills in.
 *
 * @param value  the default; without one the argument is unset unless it is given
 */
export function arg(name: string, value?: string | number | boolean | Arg): Arg {
  return atCall(arg, () => {
    const use: ArgUse = value === undefined ? { name } : { name, default: wordOf(value, `the default of ${name}`) }
    return makeToken({ var: argNameOf(name) }, use)
  })
}

/**
 * A reference to a variable that something else sets: ENV, the base image, or the builder (`TARGETARCH`, `BUILDPLATFORM`).
 *
 * @param op    how to read it: `:-` for a default, `:+`, `:?`, `#`, `%` and so on, as in the Dockerfile reference
 * @param word  what the operator takes
 */
export function envRef(name: string, op?: Modifier, word = ''): Arg {
  return atCall(envRef, () => {
    textOf(name, 'the name of a variable')
    return makeToken(op === undefined ? { var: name } : { var: name, op, word: toTemplate(word, `what follows ${op}`) })
  })
}

type MountOptions = Omit<MountLike, 'type' | 'target'>

/** A directory that is kept from build to build: a package manager's cache. */
export function cache(target: string, options: Omit<MountOptions, 'required' | 'size' | 'env'> = {}): MountLike {
  return atCall(cache, () => mount('cache', { target: textOf(target, 'the target of cache()') }, options))
}

/** Files of the build context, or of another stage or image, for the time of one command. */
export function bind(options: {
  target: string
  from?: StageLike | string
  source?: string
  readonly?: boolean
}): MountLike {
  return atCall(bind, () => mount('bind', { target: textOf(options?.target, 'the target of bind()') }, options))
}

/** A directory in memory. `size` in bytes, or as `64m`. */
export function tmpfs(target: string, options: { size?: string | number } = {}): MountLike {
  return atCall(tmpfs, () => mount('tmpfs', { target: textOf(target, 'the target of tmpfs()') }, options))
}

/** A secret, as a file (by default /run/secrets/ID) or an environment variable. Its value never reaches the image. */
export function secret(
  id: string,
  options: Omit<MountOptions, 'id' | 'from' | 'sharing' | 'size' | 'source'> & { target?: string } = {},
): MountLike {
  return atCall(secret, () => sealed(mount('secret', { id: textOf(id, 'the id of secret()') }, options), id))
}

/** The socket of an SSH agent. */
export function ssh(
  options: {
    id?: string
    target?: string
    required?: boolean
    mode?: string | number
    uid?: number
    gid?: number
  } = {},
): MountLike {
  return atCall(ssh, () => mount('ssh', {}, options))
}

function mount(type: MountLike['type'], leading: Partial<MountLike>, options: Partial<MountLike>): MountLike {
  checkOptions(`${type}()`, options, mountOptions)
  return Object.freeze({ type, ...leading, ...options })
}

// A secret in a string would be written into the image's history, so it refuses.
function sealed(mount: MountLike, id: string): MountLike {
  const refuse = () => {
    throw new ImgError('SECRET_AS_STRING', `the secret "${id}" was used as text; its value would end up in the image`, {
      hint: `pass it as a mount: .run(command, { mounts: [secret('${id}')] })`,
    })
  }
  return Object.freeze(
    Object.defineProperties(
      { ...mount },
      {
        toString: { value: refuse },
        [Symbol.toPrimitive]: { value: refuse },
      },
    ) as MountLike,
  )
}
