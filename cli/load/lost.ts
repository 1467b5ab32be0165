/** Calls whose result is lost: `base.run('…')` as a statement of its own adds nothing to `base`. */
import { readFileSync } from 'node:fs'
import { ImgError, type Location } from '../../sdk/error.ts'

/** The error for the first place where a stage was made by a statement that does nothing with it; undefined where there is none. */
export function lostCall(places: readonly Location[]): ImgError | undefined {
  const at = places.find((place) => !place.file.includes('/node_modules/') && isStatement(place))
  if (at === undefined) return undefined
  return new ImgError('IMAGE_FILE_FAILED', 'the stage that this call gives is lost: a stage never changes', {
    at,
    hint: 'take what it gives: const image = base.run(…), or go on with .copy(…)',
  })
}

/** Lines that a statement may reach back. */
const mostLines = 50

/** Whether the call is the last one of a statement that begins with a name: `base` or `stages.base`, calls, and this call. */
function isStatement({ file, line, column = 1 }: Location): boolean {
  const lines = readFileSync(file, 'utf8').split('\n')
  let text = (lines[line - 1] ?? '').slice(0, column - 1)
  for (let first = line - 1; first > line - mostLines; first--) {
    const rest = withoutArguments(text)
    if (/^\s*[\w$]+(?:\s*\.\s*[\w$]+)*\s*\.\s*$/.test(rest)) return beginsStatement(lines, first)
    // The chain began on a line above.
    if (first === 0 || !/^\s*\.|[)`]/.test(rest)) return false
    text = `${lines[first - 1]}\n${text}`
  }
  return false
}

/** Without strings and comment lines, and then without what stands in parentheses. */
function withoutArguments(text: string): string {
  let rest = text.replace(/'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g, '').replace(/^\s*\/\/.*/gm, '')
  for (let before = ''; before !== rest; ) {
    before = rest
    rest = rest.replace(/\([^()]*\)/g, '')
  }
  return rest
}

/** Whether what stands before a line is complete, so that the line does not go on with it. */
function beginsStatement(lines: readonly string[], first: number): boolean {
  const before = lines.slice(0, first).findLast((line) => !/^\s*(?:$|\/\/|\/\*|\*)/.test(line)) ?? ''
  const code = before.replace(/\/\/.*$/, '').trimEnd()
  return !/(?:[([,=:?&|+<>]|\b(?:return|default|await|yield|case|typeof|void|new))$/.test(code)
}
