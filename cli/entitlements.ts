/** `--allow`: what a RUN may ask for that the machine would otherwise not give it. */
import { ImgError } from '../sdk/error.ts'
import { didYouMean, typed } from '../sdk/instruction/shape/nearest.ts'

const entitlements: readonly string[] = ['network.host', 'security.insecure']

/** What the words allow. Throws USAGE. */
export function readAllowed(words: readonly string[]): { hostNetwork: boolean; insecure: boolean } {
  const unknown = words.find((word) => !entitlements.includes(word))
  if (unknown !== undefined) {
    throw new ImgError('USAGE', `--allow ${unknown}: there is nothing of that name to allow`, {
      hint: didYouMean(unknown, entitlements, { nearness: typed }) ?? `it is one of ${entitlements.join(', ')}`,
    })
  }
  return { hostNetwork: words.includes('network.host'), insecure: words.includes('security.insecure') }
}
