/** What work ends with that has to fail. */
import { ImgError } from '../../sdk/error.ts'

/** The error of a promise; it must be one of ours. */
export async function failure(work: Promise<unknown>): Promise<ImgError> {
  try {
    await work
  } catch (thrown) {
    if (thrown instanceof ImgError) return thrown
    throw thrown
  }
  throw new Error('it did not fail')
}
