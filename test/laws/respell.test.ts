/** What `lint --fix` does to a Dockerfile: the image stays as it is, and so does all that no finding is about. */
import fc from 'fast-check'
import { parse } from '../../sdk/dockerfile/parse.ts'
import { type Respelling, respell } from '../../sdk/dockerfile/respell.ts'
import { ImgError } from '../../sdk/error.ts'
import { tryPlan } from '../corpus/plans.ts'
import { assert, suite } from '../helpers/suite.ts'
import { findings } from '../lint/findings.ts'
import { fuzzTexts } from './fuzz-texts.ts'

const laws = suite('laws/respell')

function changesOf(text: string): Respelling[] {
  return findings(text).flatMap(({ fix, at }) => (fix && at ? [{ ...fix, line: at.line }] : []))
}

/** As the command line does it: a change may bring another to light. */
function fixed(text: string): string {
  let now = text
  for (let round = 0; round < 3; round += 1) {
    const { text, done } = respell(now, changesOf(now))
    if (done.length === 0) break
    now = text
  }
  return now
}

function isDockerfile(text: string): boolean {
  try {
    parse(text)
    return true
  } catch (thrown) {
    if (thrown instanceof ImgError) return false
    throw thrown
  }
}

const lines = (text: string) => text.split('\n')
const comments = (text: string) => lines(text).filter((line) => /^\s*#/.test(line))
const solid = (text: string) => lines(text).filter((line) => line.trim() !== '')
const ends = (text: string) => [text.startsWith('\ufeff'), /\r?\n?$/.exec(text)![0], /[^\r]\n/.test(text)]

/** A value that does not begin beside its key comes beside it, and one with quotes is written anew. */
function joinable(text: string): number {
  const legacy = findings(text).filter(({ fix, at }) => fix?.kind === 'pairs' && at)
  const parts = legacy.map(({ at }) => lines(text).slice(at!.line - 1, at!.endLine))
  const loose = parts.filter(
    (part) =>
      /^\s*\w+\s+\S+\s*[\\`]?\s*$/.test(part[0]!) ||
      /^\s*\w+\s*[\\`]\s*$/.test(part[0]!) ||
      /["'`]|\\./.test(part.join('\n')),
  )
  return loose.reduce((sum, part) => sum + part.length - 1, 0)
}

function check(text: string): void {
  const after = fixed(text)
  if (after === text) return
  const plan = (one: string) => JSON.stringify(tryPlan(parse(one)))
  assert.is(plan(after), plan(text), text)
  assert.is(fixed(after), after, 'twice is not once')
  assert.equal(comments(after), comments(text))
  assert.equal(ends(after), ends(text))
  const joined = solid(text).length - solid(after).length
  assert.ok(joined >= 0 && joined <= joinable(text), `lines were joined or parted:\n${text}\n---\n${after}`)
  // in any order, and told twice
  const changes = changesOf(text)
  const other = respell(text, [...changes, ...changes].reverse())
  assert.is(other.text, respell(text, changes).text)
}

laws('every example, and every file of the corpus where it is there, with either line end', () => {
  for (const [index, text] of fuzzTexts().filter(isDockerfile).entries()) {
    check(text)
    if (index % 8 === 0) check(text.replace(/\r?\n/g, '\r\n'))
    if (index % 8 === 4) check(`\ufeff${text.replace('\ufeff', '').trimEnd()}`)
  }
})

const oneOf = (...texts: readonly string[]) => fc.constantFrom(...texts)
const gap = oneOf(' ', '  ', '\t', ' \\\n  ', ' \\\n\n', ' \\\n# note\n  ', ' \\ \n\t')
const word = oneOf(
  'a',
  'b=c',
  '"d e"',
  "'f'",
  '$G',
  '${H:-i j}',
  'k#l',
  '\\m',
  'é',
  '😀',
  '#n',
  'a\\ b',
  '"',
  "o'",
  '`',
)
const words = fc.array(fc.tuple(gap, word), { minLength: 1, maxLength: 4 }).map((all) => all.flat().join(''))
const keyword = (name: string) => oneOf(name, name.toLowerCase(), `${name[0]}${name.slice(1).toLowerCase()}`)
const pairs = fc
  .tuple(oneOf('ENV', 'LABEL').chain(keyword), gap, oneOf('K', 'k2', 'A.B'), words)
  .map((all) => all.join(''))
const from = fc
  .tuple(
    keyword('FROM'),
    gap,
    oneOf('alpine:3', 'scratch', 'One', 'one'),
    gap,
    oneOf('AS', 'as', 'As'),
    gap,
    oneOf('One', 'two', 'Three'),
  )
  .map((all) => all.join(''))
const run = fc.tuple(keyword('RUN'), words).map((all) => all.join(''))
const heredoc = keyword('RUN').map((name) => `${name} <<E\n# no comment\n\n\nrun x\nE`)
const copy = keyword('COPY').chain((name) =>
  oneOf(`${name} --from=One a b`, `${name} \\\n\n  a b`, `${name} <<E /x\nenv a b\nE`),
)
const other = oneOf(
  '# a comment',
  '',
  '  # indented',
  '# check=skip=LegacyKeyValueFormat',
  'onbuild env a b',
  'MAINTAINER me',
)
const step = fc.oneof(pairs, pairs, run, heredoc, copy, from, other)
const text = fc
  .tuple(
    oneOf('', '# escape=`\n', '# check=skip=all\n', '\ufeff'),
    from,
    fc.array(step, { maxLength: 8 }),
    oneOf('', '\n', '\n\n'),
    oneOf('\n', '\r\n'),
  )
  .map(([head, first, steps, end, newline]) => `${head}${[first, ...steps].join('\n')}${end}`.replaceAll('\n', newline))

laws('generated files, awkwardly spelled', () => {
  let changed = 0
  const runs = Number(process.env['LAW_RUNS'] ?? 400)
  fc.assert(
    fc.property(text, (one) => {
      if (!isDockerfile(one)) return
      if (changesOf(one).length > 0) changed += 1
      check(one)
    }),
    { numRuns: runs },
  )
  assert.ok(changed > runs / 8, `only ${changed} of ${runs} had something to change`)
})

laws.run()
