/** Build arguments that speak to the builder itself. Source: conformance chapter 13. */
import { ImgError } from '../error.ts'

/** Go's spellings of a boolean. */
const booleans = new Map([
  ...['1', 't', 'T', 'true', 'TRUE', 'True'].map((text) => [text, true] as const),
  ...['0', 'f', 'F', 'false', 'FALSE', 'False'].map((text) => [text, false] as const),
])

const attestations: readonly string[] = ['sbom', 'provenance']

/** Whether the result is to be as if several platforms had been asked for. Source: conformance D13.4, D11.15. */
export function asksForSeveral(given: ReadonlyMap<string, string>): boolean {
  return booleans.get(given.get('BUILDKIT_MULTI_PLATFORM') ?? '') === true
}

/** Refuses what no build can honour. Throws ARGUMENT_VALUE. */
export function checkRequest(given: ReadonlyMap<string, string>): void {
  if (booleans.get(given.get('BUILDKIT_DISABLE_FILEOP') ?? '')) {
    throw new ImgError('ARGUMENT_VALUE', 'support for the build argument BUILDKIT_DISABLE_FILEOP was removed')
  }
  for (const name of given.keys()) {
    const type = /^BUILDKIT_ATTEST_(.*)$/s.exec(name)?.[1]?.toLowerCase()
    if (type === undefined || attestations.includes(type)) continue
    throw new ImgError('ARGUMENT_VALUE', `the build argument ${name} asks for an unknown attestation type "${type}"`, {
      hint: `the types are: ${attestations.join(', ')}`,
    })
  }
  const several = given.get('BUILDKIT_MULTI_PLATFORM')
  if (several && !booleans.has(several)) {
    throw new ImgError('ARGUMENT_VALUE', `invalid boolean value for multi-platform: "${several}"`, {
      hint: 'set the build argument BUILDKIT_MULTI_PLATFORM to true or false',
    })
  }
}
