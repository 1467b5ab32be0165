/** How many columns of a terminal a text takes. */

/** Marks that stand on the character before them, and what has no form of its own. */
const none = /^[\p{Mn}\p{Me}\p{Cf}\u1160-\u11ff]$/u
/** Two columns: emoji, and what Unicode calls wide or full-width. Source: UAX 11. */
const wide =
  /^[\p{Emoji_Presentation}\u1100-\u115f\u2e80-\u303e\u3041-\u4dbf\u4e00-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{1b2ff}\u{1f200}-\u{1f2ff}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]$/u
/** Makes an emoji of the character before it, which may be one column wider then. */
const emojiSign = '\ufe0f'
const tabStop = 8
const ascii = /^[\x20-\x7e]*$/

/** Columns of a text without control characters. Never too few: of joined emoji, which some terminals draw as one, each counts. */
export function widthOf(text: string): number {
  if (ascii.test(text)) return text.length
  let width = 0
  for (const character of text) width += columnsOf(character)
  return width
}

/** As much of the text as fits into `room` columns; tabs become blanks. */
export function cut(text: string, room: number): string {
  if (text.length <= room && ascii.test(text)) return text
  let width = 0
  let kept = ''
  for (const character of text) {
    const next = character === '\t' ? ' '.repeat(tabStop - (width % tabStop)) : character
    width += character === '\t' ? next.length : columnsOf(character)
    if (width > room) break
    kept += next
  }
  return kept
}

/** The text, and blanks up to `room` columns. */
export function pad(text: string, room: number): string {
  return text + ' '.repeat(Math.max(0, room - widthOf(text)))
}

function columnsOf(character: string): number {
  if (character === emojiSign) return 1
  if (none.test(character)) return 0
  return wide.test(character) ? 2 : 1
}
