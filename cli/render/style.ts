/** Colours of the terminal, switched on or off once. */

/** A text in a colour, or as it is. */
export interface Style {
  bold(text: string): string
  dim(text: string): string
  red(text: string): string
  yellow(text: string): string
  green(text: string): string
  cyan(text: string): string
}

/** Source: ECMA-48, SGR. */
export function styleOf(colour: boolean): Style {
  const sgr = (on: number, off: number) => (text: string) => (colour ? `\x1b[${on}m${text}\x1b[${off}m` : text)
  return {
    bold: sgr(1, 22),
    dim: sgr(2, 22),
    red: sgr(31, 39),
    yellow: sgr(33, 39),
    green: sgr(32, 39),
    cyan: sgr(36, 39),
  }
}

/**
 * A name on one line: characters that a terminal would obey, those that turn the direction of text, and bytes that are no UTF-8 (`U+DC80` to
 * `U+DCFF`, one each) are written out.
 */
export function spelledOut(name: string): string {
  const short: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }
  const text = name.replace(/[\ud800-\udbff][\udc00-\udfff]|[\udc80-\udcff]/g, (char) =>
    char.length > 1 ? char : `\\x${(char.charCodeAt(0) - 0xdc00).toString(16)}`,
  )
  return text.replace(/[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g, (char) => {
    const code = char.charCodeAt(0).toString(16)
    return short[char] ?? (code.length > 2 ? `\\u${code.padStart(4, '0')}` : `\\x${code.padStart(2, '0')}`)
  })
}

/** Text from a build or a registry without what could steer the terminal: only tabs, and colours where they are wanted, stay. */
export function harmless(text: string, colour = false): string {
  const sequences =
    /\x1b\[[0-9;:<=>?]*[ -/]*[@-~]|\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b[ -/]*[0-~]|[\x9b][0-9;?]*[@-~]/g
  let coloured = false
  const clean = text
    .replace(sequences, (sequence) => {
      if (!colour || !/^\x1b\[[0-9;:]*m$/.test(sequence)) return ''
      coloured = !/^\x1b\[0*m$/.test(sequence)
      return sequence
    })
    .replace(colour ? /[\x00-\x08\x0a-\x1a\x1c-\x1f\x7f-\x9f]/g : /[\x00-\x08\x0a-\x1f\x7f-\x9f]/g, '')
  // what follows is not part of it
  return coloured ? `${clean}\x1b[0m` : clean
}
