/** Text in double quotes, as Go's `%q` writes it: history entries are compared by their text. */

const named: Record<string, string> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  '"': '\\"',
}

/** The text quoted. Characters that do not print become escapes. */
export function goQuote(text: string): string {
  let out = '"'
  for (const character of text) {
    const escape = named[character]
    out += escape ?? (prints(character) ? character : numbered(character.codePointAt(0)!))
  }
  return `${out}"`
}

// Go prints letters, marks, numbers, punctuation, symbols, and of the spaces only U+0020.
function prints(character: string): boolean {
  return character === ' ' || /^[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u.test(character)
}

function numbered(code: number): string {
  if (code < 0x80) return `\\x${code.toString(16).padStart(2, '0')}`
  if (code > 0xffff) return `\\U${code.toString(16).padStart(8, '0')}`
  return `\\u${code.toString(16).padStart(4, '0')}`
}
