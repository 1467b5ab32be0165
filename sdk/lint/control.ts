/** The options that switch rules on and off: `# check=skip=A,B;error=true`, in a directive, a comment or a build argument. */
import { ImgError, type Location } from '../error.ts'
import type { Instruction } from '../graph/graph.ts'
import { parseBool } from '../instruction/shape/mount-values.ts'
import type { Rule } from './rule.ts'
import { noteOf } from './scene.ts'

/** Which rules are off, which experimental ones are on. */
export interface Control {
  readonly skip: 'all' | ReadonlySet<string>
  readonly experimental: 'all' | ReadonlySet<string>
  /** Findings make the build fail. */
  readonly error: boolean
}

const none: ReadonlySet<string> = new Set()
const plain: Control = { skip: none, experimental: none, error: false }

/**
 * Reads check options.
 *
 * @param at  where they stand
 * @throws DOCKERFILE_DIRECTIVE
 * @source D12.2; BuildKit, linter.ParseLintOptions
 */
export function parseControl(text: string, at?: Location): Control {
  if (text.trim() === '') return plain
  const control: { skip: Control['skip']; experimental: Control['experimental']; error: boolean } = { ...plain }
  // what follows the second semicolon is one option, semicolons and all
  const [first = '', second, ...rest] = text.trim().split(';')
  for (const part of [first, second, rest.length > 0 ? rest.join(';') : undefined]) {
    if (part === undefined) continue
    const equals = part.indexOf('=')
    if (equals < 0) throw invalid(part, at)
    const key = part.slice(0, equals).trim()
    const value = part.slice(equals + 1).trim()
    if (key === 'skip' || key === 'experimental') setNames(control, key, value)
    else if (key === 'error') control.error = parseBool(value) ?? fail(`failed to parse check option "${part}"`, at)
    else throw invalid(key, at)
  }
  return control
}

function setNames(
  control: { skip: Control['skip']; experimental: Control['experimental'] },
  key: 'skip' | 'experimental',
  value: string,
): void {
  if (value === 'all') control[key] = 'all'
  else if (control[key] !== 'all') control[key] = new Set(value.split(',').map((name) => name.trim()))
}

function invalid(what: string, at: Location | undefined): ImgError {
  return new ImgError('DOCKERFILE_DIRECTIVE', `invalid check option "${what}"`, {
    at,
    hint: 'write skip=RULE,…;experimental=RULE,…;error=true',
  })
}

function fail(message: string, at: Location | undefined): never {
  throw new ImgError('DOCKERFILE_DIRECTIVE', message, { at, hint: 'write error=true or error=false' })
}

/** The value of a directive ends at its first blank. Source: D12.3. */
export function directiveValue(text: string): string {
  return text.split(' ', 1)[0]!
}

const commentForm = /^check[\t\n\f\r ]*=[\t\n\f\r ]*([^\n]+)$/i

/** The options of a file with those of the comments above an instruction added. What cannot be read is left alone. Source: D12.5. */
export function controlOf(file: Control, instruction: Instruction): Control {
  for (const comment of commentsOf(instruction)) {
    const value = commentForm.exec(comment)?.[1]
    if (value === undefined) continue
    try {
      return joinControls(file, parseControl(directiveValue(value)))
    } catch (thrown) {
      if (thrown instanceof ImgError) return file
      throw thrown
    }
  }
  return file
}

/** The comments that count for an instruction: an empty one parts it from those before, and those inside it never do. Source: D1.17. */
export function commentsOf(instruction: Instruction): readonly string[] {
  const { comments = [] } = instruction
  const above = comments.slice(0, comments.length - Number(noteOf(instruction, 'inner-comments') ?? 0))
  const texts = above.map((text) => text.trim())
  return texts.slice(texts.lastIndexOf('') + 1)
}

/** What either switches off is off, what either switches on is on. */
export function joinControls(left: Control, right: Control): Control {
  return {
    skip: join(left.skip, right.skip),
    experimental: join(left.experimental, right.experimental),
    error: left.error || right.error,
  }
}

function join(left: Control['skip'], right: Control['skip']): Control['skip'] {
  return left === 'all' || right === 'all' ? 'all' : new Set([...left, ...right])
}

/** Whether a rule may speak. Source: D12.7. */
export function isOn(control: Control, { name, experimental }: Rule): boolean {
  if (experimental) return control.experimental === 'all' || control.experimental.has(name)
  return control.skip !== 'all' && !control.skip.has(name)
}
