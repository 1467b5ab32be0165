/** Text for the two small languages that a cell is told things in: `sh` and fstab. */
import { ImgError } from '../../error.ts'

/** A word of `sh` that means exactly the given text. A line break has no place in a one-line script: MOUNT_FAILED. */
export function word(text: string): string {
  if (/[\n\0]/.test(text)) throw new ImgError('MOUNT_FAILED', `A path holds a line break: ${JSON.stringify(text)}`)
  return /^[\w@%+=:,./-]+$/.test(text) ? text : quoted(text)
}

/** The same for a script of many lines, where line breaks are welcome. */
export const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

/** A command of `sh`, each word quoted. */
export const command = (words: readonly string[]): string => words.map(word).join(' ')

/** One mount, as a line of fstab. */
export interface MountLine {
  readonly source: string
  readonly target: string
  readonly type: string
  readonly options: readonly string[]
}

/** The lines as `mount --all --fstab` reads them. */
export const fstab = (lines: readonly MountLine[]): string =>
  lines
    .map(
      ({ source, target, type, options }) =>
        [source, target, type, options.join(',') || 'defaults', '0', '0'].map(field).join(' ') + '\n',
    )
    .join('')

const field = (text: string) =>
  text.replace(/[\s\\#]/g, (char) => '\\' + char.charCodeAt(0).toString(8).padStart(3, '0'))

/** One mount, as a command. */
export const mountCommand = ({ source, target, type, options }: MountLine): string =>
  command(['mount', '--no-mtab', '-t', type, '-o', options.join(','), source, target])
