/** What a body throws, which has to be an ImgError. */
import { ImgError } from '../../sdk/error.ts'

/** The error; fails where there is none, or one that is not ours. */
export function failure(body: () => unknown): ImgError {
  try {
    body()
  } catch (thrown) {
    if (thrown instanceof ImgError) return thrown
    throw thrown
  }
  throw new Error('nothing was thrown')
}
