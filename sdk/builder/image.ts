/** image(): a whole image said at once, stage by stage, where the order or what is left over matters. */
import { ImgError } from '../error.ts'
import { hintFor, kindOf, wrongKind } from '../graph/given.ts'
import { isToken } from '../graph/token.ts'
import { isStageLike } from '../instruction/part/stage-like.ts'
import { callSite } from './call-site.ts'
import type { Arg } from './start.ts'
import { extend, type State } from './state.ts'

/** The parts of an image. */
export interface ImageParts {
  /** All stages, each after those that it uses. The last is the target. */
  readonly stages: readonly State[]
  /** Build arguments to declare before the first stage, in this order; a list shares one ARG instruction. */
  readonly args?: readonly (Arg | readonly Arg[])[]
  /** The escape character of the Dockerfile. @default '\\' */
  readonly escape?: '`'
}

/**
 * An image with exactly these stages and build arguments, in this order, used or not: what an exported stage alone cannot
 * say. Export what it returns.
 *
 * @throws ARGUMENT_VALUE for an empty list or something that is no stage or no build argument
 */
export function image(parts: ImageParts): State {
  const site = callSite(image)
  if (!Array.isArray(parts?.stages))
    throw wrongKind(parts?.stages, 'stages of image()', 'a list of stages').located(site?.location())
  if (parts.args !== undefined && !Array.isArray(parts.args))
    throw wrongKind(parts.args, 'args of image()', 'a list').located(site?.location())
  if (parts.escape !== undefined && parts.escape !== '`')
    throw new ImgError('ARGUMENT_VALUE', `escape of image() is ${JSON.stringify(parts.escape)}; expected "\`"`, {
      at: site?.location(),
    })
  const args = (parts.args ?? []).map((item) => (isToken(item) ? [item] : item))
  const wrong = [
    ...parts.stages.filter((stage) => !isStageLike(stage)),
    ...args.flat().filter((item) => !isToken(item)),
  ]
  const last = parts.stages.at(-1)
  if (!last || wrong.length > 0) {
    const message = last ? `image() was given ${kindOf(wrong[0])}` : 'image() was given no stage'
    throw new ImgError('ARGUMENT_VALUE', `${message}; expected stages, and what arg() returns`, {
      at: site?.location(),
      hint: hintFor(wrong[0]),
    })
  }
  const escape = parts.escape === undefined ? {} : { escape: parts.escape }
  return extend(last, { arrangement: { stages: [...parts.stages], args, ...escape }, site })
}
