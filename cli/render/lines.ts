/** Cuts the output of programs into lines. */

/** Per stream: bytes in, whole lines out. Of a line that was rewritten with `\r` only what it ended as counts. */
export interface Lines {
  /** The lines that these bytes complete. */
  push(bytes: Uint8Array): string[]
  /** The line that has no end yet, or '' when there is none. */
  rest(): string
}

/** The longest line that is kept; a longer one is cut there. */
const longest = 10_000

/** A splitter for one stream of UTF-8 text. */
export function lineSplitter(): Lines {
  const decoder = new TextDecoder()
  let open = ''
  return {
    push(bytes) {
      const parts = (open + decoder.decode(bytes, { stream: true })).split('\n')
      open = parts.pop()!
      if (open.length > longest) open = open.slice(open.lastIndexOf('\r') + 1).slice(0, longest)
      return parts.map(settled)
    },
    rest() {
      const line = settled(open + decoder.decode())
      open = ''
      return line
    },
  }
}

function settled(line: string): string {
  const text = line.replace(/\r+$/, '')
  return text.slice(text.lastIndexOf('\r') + 1).slice(0, longest)
}
