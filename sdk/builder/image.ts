/** image(): a whole image said at once, stage by stage, where the order or what is left over matters. */
import { ImgError } from '../error.ts'
import { hintFor, kindOf, wrongKind } from '../graph/given.ts'
import { isToken } from '../graph/token.ts'
import { isStageLike } from '../instruction/part/stage-like.ts'
import { atCall, callSite } from './call-site.ts'
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
  return atCall(image, () => {
    const { stages, args = [], escape } = parts ?? {}
    if (!Array.isArray(stages)) throw wrongKind(stages, 'stages of image()', 'a list of stages')
    if (!Array.isArray(args)) throw wrongKind(args, 'args of image()', 'a list')
    if (escape !== undefined && escape !== '`')
      throw new ImgError('ARGUMENT_VALUE', `escape of image() is ${JSON.stringify(escape)}; expected "\`"`)
    const lists = args.map((item) => (isToken(item) ? [item] : item))
    const wrong = [...stages.filter((stage) => !isStageLike(stage)), ...lists.flat().filter((item) => !isToken(item))]
    const last = stages.at(-1)
    if (!last || wrong.length > 0) {
      const message = last ? `image() was given ${kindOf(wrong[0])}` : 'image() was given no stage'
      throw new ImgError('ARGUMENT_VALUE', `${message}; expected stages, and what arg() returns`, {
        hint: hintFor(wrong[0]),
      })
    }
    const arrangement = { stages: [...stages], args: lists, ...(escape === undefined ? {} : { escape }) }
    return extend(last, { arrangement, site: callSite(image) })
  })
}
