/** The time of a file, as Node's `utimes` family takes it. */

/**
 * As a date where it is before 1970: Node takes a negative number for the present.
 * @param seconds  since the epoch
 */
export function utime(seconds: number): number | Date {
  return seconds < 0 ? new Date(seconds * 1000) : seconds
}
