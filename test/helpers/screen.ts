/** A terminal as far as progress needs one: lines that wrap and scroll, the cursor sequences that are used, and windows that change. */

/** Code points that take two columns, of those that tests write. */
const wide = /[\u3000-\u9fff\uac00-\ud7a3\uff01-\uff60\u{1f300}-\u{1faff}]/u

/** A screen; `text` is all that it shows, what has scrolled away included. */
export class Screen {
  columns: number
  rows: number
  /** One per line that was written; a line that is too long wraps when it is shown. */
  #lines: string[] = ['']
  /** The row of `#shown()` that the cursor is on, counted from the last one. */
  #up = 0

  constructor(columns: number, rows: number) {
    this.columns = columns
    this.rows = rows
  }

  /** Another size. Lines wrap anew, as most terminals do it. */
  resize(columns: number, rows: number): void {
    this.columns = columns
    this.rows = rows
  }

  write(text: string): void {
    for (const [part] of text.matchAll(/\x1b\[\d*[A-Za-z]|\r|\n|[^\x1b\r\n]+/g)) {
      if (part === '\n') this.#newLine()
      else if (part === '\r') continue
      else if (part.endsWith('A') && part.startsWith('\x1b'))
        this.#up = Math.min(Number(part.slice(2, -1)), this.rows - 1)
      else if (part === '\x1b[J') this.#eraseBelow()
      else if (!part.startsWith('\x1b')) this.#lines.push(this.#lines.pop()! + part)
    }
  }

  /** Rows as they are seen, from the oldest. */
  get text(): string[] {
    return this.#lines.slice(0, -1).flatMap((line) => this.#wrap(line))
  }

  #newLine(): void {
    this.#lines.push('')
  }

  /** The cursor goes up by rows, not by lines: what is left of a line that wraps stays. */
  #eraseBelow(): void {
    const rows = this.text
    this.#lines = [...rows.slice(0, Math.max(0, rows.length - this.#up)), '']
    this.#up = 0
  }

  #wrap(line: string): string[] {
    const rows = ['']
    let width = 0
    for (const character of line) {
      const columns = wide.test(character) ? 2 : 1
      if (width + columns > this.columns) {
        rows.push('')
        width = 0
      }
      rows.push(rows.pop()! + character)
      width += columns
    }
    return rows
  }
}
