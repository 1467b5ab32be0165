/** The shape of what COPY and ADD name: sources, inline files, and a destination. */
import { expand } from '../../graph/expand.ts'
import { isLiteral, type Template } from '../../graph/template.ts'
import { chompTabs, heredocToken, takeBodies } from './heredoc.ts'
import { jsonStrings, writeJson } from './json-strings.ts'
import { lexBody, lexWord } from './lex-word.ts'
import { objectSchema, templateSchema } from './schema.ts'
import type { Heredoc, Shape } from './shape.ts'
import { firstOf, same, shown, spellBody, spellWord } from './spell.ts'
import { splitBlanks, trim } from './tokens.ts'

/** A file whose content stands in the Dockerfile. */
export interface Content {
  readonly name: string
  /** Empty, or ending with a newline. */
  readonly data: Template
}

/** The positional part of COPY and ADD; T is a path, C an inline file. */
export interface SourcesAndDest<T = Template, C = Content> {
  readonly sources: readonly T[]
  /** Absent where there is none. They are copied after the sources. */
  readonly contents?: readonly C[]
  readonly dest: T
}

type Expanded = SourcesAndDest<string, { readonly name: string; readonly data: string }>

/** Source: D1.63 to D1.68, D4.9.1. */
export const sourcesAndDest: Shape<SourcesAndDest, Expanded> = {
  read(source) {
    const items = jsonStrings(source.text)
    if (items === 'mixed') return source.fail('DOCKERFILE_SYNTAX', 'a JSON array must be comprised of strings only')
    const texts = items ?? splitBlanks(source.text).map(({ text }) => text)
    if (texts.length < 2) {
      const given = texts.length === 0 ? 'none was' : 'only one was'
      const message = `${source.keyword} requires at least two arguments, but ${given} provided. Destination could not be determined`
      return source.fail('DOCKERFILE_SYNTAX', message)
    }
    if (heredocToken(texts.at(-1)!)) {
      source.fail('DOCKERFILE_HEREDOC', `${source.keyword} cannot accept a heredoc as a destination`)
    }
    return split(texts, source.heredocs, source.wordEscape ?? source.escape)
  },
  write(value, { escape }) {
    const right = (text: string) => same(readBack(text, escape), value)
    return firstOf(spellings(value, escape), right, () => `the paths ${shown(value)}`)
  },
  expand: ({ sources, contents, dest }, lookup) => ({
    sources: sources.map((item) => expand(item, lookup)),
    ...(contents ? { contents: contents.map(({ name, data }) => ({ name, data: expand(data, lookup) })) } : {}),
    dest: expand(dest, lookup),
  }),
  schema: objectSchema(
    {
      sources: { type: 'array', items: templateSchema },
      contents: {
        type: 'array',
        items: objectSchema({ name: { type: 'string' }, data: templateSchema }, ['name', 'data']),
        minItems: 1,
      },
      dest: templateSchema,
    },
    ['sources', 'dest'],
  ),
}

function split(texts: readonly string[], heredocs: readonly Heredoc[], escape: string): SourcesAndDest {
  const bodies = new Map(heredocs.map(({ name, body }) => [name, body]))
  const sources: Template[] = []
  const contents: Content[] = []
  for (const text of texts.slice(0, -1)) {
    const token = text.includes('<<') ? heredocToken(text) : undefined
    if (!token) {
      sources.push(lexWord(text, escape))
      continue
    }
    const body = bodies.get(token.name) ?? ''
    const data = token.chomp ? chompTabs(body) : body
    contents.push({ name: token.name, data: token.expand ? lexBody(data) : data })
  }
  const dest = lexWord(texts.at(-1)!, escape)
  return contents.length === 0 ? { sources, dest } : { sources, contents, dest }
}

function* spellings(value: SourcesAndDest, escape: string): Generator<string> {
  const { sources, contents = [], dest } = value
  const lines = contents.length === 0
  // white space that is not ASCII parts no words, but it is trimmed off the ends of the line
  const kept = (text: string, at: number) => {
    const trimmed = trim(text)
    return (at > 0 || text.startsWith(trimmed)) && (at < sources.length || text.endsWith(trimmed))
  }
  const paths = [...sources, dest].map((item, at) =>
    spellWord(item, { escape, lines, fits: (text) => heredocToken(text) === undefined && kept(text, at) }),
  )
  if (contents.length === 0) {
    if (!paths.some((path) => /[ \t\v\f\r\n]/.test(path))) yield paths.join(' ')
    yield writeJson(paths)
    return
  }
  const tokens: string[] = []
  const bodies: string[] = []
  for (const { name, data } of contents) {
    const quoted = isLiteral(data) && /[\\$]/.test(data)
    tokens.push(delimiter(name, quoted))
    bodies.push(`\n${quoted ? data : spellBody(data)}${name}`)
  }
  const line = [...paths.slice(0, -1), ...tokens, paths.at(-1)].join(' ')
  yield line + bodies.join('')
  yield sharedBodies(paths, contents, tokens, bodies)
  // a quote that two paths share must not enclose the tokens
  yield [...tokens, ...paths].join(' ') + bodies.join('')
  // beside a word that cannot be read the tokens announce nothing, and the files are empty
  yield line
}

/** Of several inline files of one name all have the last body, some without the tabs before its lines: `<<A <<-A`. */
function sharedBodies(
  paths: readonly string[],
  contents: readonly Content[],
  tokens: readonly string[],
  bodies: readonly string[],
): string {
  const longest = new Map<string, string>()
  contents.forEach(({ name }, at) => {
    if (bodies[at]!.length > (longest.get(name) ?? '').length) longest.set(name, bodies[at]!)
  })
  const announced = contents.map(({ name }, at) =>
    longest.get(name) === bodies[at] ? tokens[at]! : tokens[at]!.replace('<<', '<<-'),
  )
  const line = [...paths.slice(0, -1), ...announced, paths.at(-1)].join(' ')
  return line + contents.map(({ name }) => longest.get(name)!).join('')
}

/** The token that announces a here-document of that name. */
function delimiter(name: string, quoted: boolean): string {
  // a hyphen at the start would ask for tabs to be taken away
  const escaped = name.replace(/["'\\]|^-/g, '\\$&')
  const candidates = quoted ? [`<<"${name}"`, `<<'${name}'`, `<<""${escaped}`] : [`<<${name}`, `<<${escaped}`]
  const right = (text: string) => {
    const token = heredocToken(text)
    return token?.name === name && token.expand === !quoted && !token.chomp && splitBlanks(text).length === 1
  }
  return firstOf(candidates, right, () => `an inline file called "${name}"`)
}

/** What a written text means. */
function readBack(text: string, escape: string): SourcesAndDest | undefined {
  const items = jsonStrings(text)
  const taken = items ? { line: text, heredocs: [] } : takeBodies(text)
  if (!taken || items === 'mixed') return undefined
  const texts = items ?? splitBlanks(taken.line).map((token) => token.text)
  return texts.length < 2 || heredocToken(texts.at(-1)!) ? undefined : split(texts, taken.heredocs, escape)
}
