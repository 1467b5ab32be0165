/** Build arguments that speak to the builder itself. Source: conformance chapter 13. */
import { ImgError } from '../error.ts'

/** Go's spellings of a boolean. */
const booleans = new Map([
  ...['1', 't', 'T', 'true', 'TRUE', 'True'].map((text) => [text, true] as const),
  ...['0', 'f', 'F', 'false', 'FALSE', 'False'].map((text) => [text, false] as const),
])

/** Refuses what no build can honour. Throws ARGUMENT_VALUE. */
export function checkRequest(given: ReadonlyMap<string, string>): void {
  if (booleans.get(given.get('BUILDKIT_DISABLE_FILEOP') ?? '')) {
    throw new ImgError('ARGUMENT_VALUE', 'support for the build argument BUILDKIT_DISABLE_FILEOP was removed')
  }
  const several = given.get('BUILDKIT_MULTI_PLATFORM')
  if (several && !booleans.has(several)) {
    throw new ImgError('ARGUMENT_VALUE', `invalid boolean value for multi-platform: "${several}"`, {
      hint: 'set the build argument BUILDKIT_MULTI_PLATFORM to true or false',
    })
  }
}
