/** The shape of what COPY and ADD name: sources, inline files, and a destination. */
import { expand } from '../../graph/expand.ts'
import { isLiteral, type Template } from '../../graph/template.ts'
import { chompTabs, heredocToken } from './heredoc.ts'
import { lexBody, lexWord } from './lex-word.ts'
import { objectSchema, templateSchema } from './schema.ts'
import type { Heredoc, Shape } from './shape.ts'
import { firstOf, inexpressible, same, shown, spellBody, spellWord } from './spell.ts'
import { jsonStrings, splitBlanks, writeJson } from './tokens.ts'

/** A file whose content stands in the Dockerfile. */
export interface Content {
  readonly name: string
  /** Empty, or ending with a newline. */
  readonly data: Template
}

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
  const fits = (text: string) => heredocToken(text) === undefined
  const paths = [...sources, dest].map((item) => spellWord(item, { escape, fits }))
  if (contents.length === 0) {
    if (!paths.some((path) => /[ \t\v\f\r]/.test(path))) yield paths.join(' ')
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
  yield [...paths.slice(0, -1), ...tokens, paths.at(-1)].join(' ') + bodies.join('')
}

/** The token that announces a here-document of that name. */
function delimiter(name: string, quoted: boolean): string {
  const escaped = name.replace(/["'\\]/g, '\\$&')
  const candidates = quoted ? [`<<"${name}"`, `<<'${name}'`, `<<""${escaped}`] : [`<<${name}`, `<<${escaped}`]
  const right = (text: string) => {
    const token = heredocToken(text)
    return token?.name === name && token.expand === !quoted && !token.chomp && splitBlanks(text).length === 1
  }
  return firstOf(candidates, right, () => `an inline file called "${name}"`)
}

/** What a written text means; its here-documents are cut by their delimiters. */
function readBack(text: string, escape: string): SourcesAndDest | undefined {
  const end = text.indexOf('\n')
  const line = end < 0 ? text : text.slice(0, end)
  const items = jsonStrings(line) ?? splitBlanks(line).map((token) => token.text)
  if (items === 'mixed' || items.length < 2 || heredocToken(items.at(-1)!)) return undefined
  const heredocs: Heredoc[] = []
  let rest = end < 0 ? [] : text.slice(end + 1).split('\n')
  for (const item of items) {
    const token = item.includes('<<') ? heredocToken(item) : undefined
    if (!token) continue
    const at = rest.findIndex((piece) => piece.replace(/\r+$/, '') === token.name)
    if (at < 0) throw inexpressible(`the inline file "${token.name}"`)
    heredocs.push({
      ...token,
      body: rest
        .slice(0, at)
        .map((piece) => `${piece}\n`)
        .join(''),
    })
    rest = rest.slice(at + 1)
  }
  return rest.length > 0 ? undefined : split(items, heredocs, escape)
}
