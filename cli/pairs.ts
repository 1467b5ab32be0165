/** `NAME=VALUE` on the command line. */
import process from 'node:process'
import { ImgError } from '../sdk/error.ts'

/**
 * The pairs given to a repeated option; of one name the last counts. A name alone takes its value from the environment,
 * and is left out when it has none there.
 * @throws USAGE
 */
export function readPairs(given: readonly string[], option: string): Record<string, string> {
  const pairs: Record<string, string> = {}
  for (const text of given) {
    const equals = text.indexOf('=')
    const name = equals < 0 ? text : text.slice(0, equals)
    if (name === '') throw new ImgError('USAGE', `${option} "${text}" has no name; expected NAME=VALUE`)
    const value = equals < 0 ? process.env[name] : text.slice(equals + 1)
    if (value !== undefined) pairs[name] = value
  }
  return pairs
}
