/** Hostile Dockerfiles, one per process: `node …/hostile.js NAME SIZE` prints what became of it, how long it took and the peak of memory. */
import { pathToFileURL } from 'node:url'
import { renderText } from '../../cli/render/findings.ts'
import { parse } from '../../sdk/dockerfile/parse.ts'
import { print } from '../../sdk/dockerfile/print.ts'
import { parseTrigger } from '../../sdk/dockerfile/trigger.ts'
import { ImgError } from '../../sdk/error.ts'
import { lint } from '../../sdk/lint/lint.ts'
import { planOfGraph } from '../corpus/plans.ts'

/** What a process reports, as JSON. */
export interface Report {
  /** `planned`, or the code of the refusal. */
  readonly outcome: string
  readonly milliseconds: number
  /** Peak resident memory. */
  readonly megabytes: number
}

/** Lines in one text, made by the thousand: a million in one list would take more memory than what is measured. */
function lines(size: number, line: (n: number) => string, separator = '\n'): string {
  const pieces: string[] = []
  for (let from = 0; from < size; from += 1000) {
    const piece = Array.from({ length: Math.min(1000, size - from) }, (_, n) => line(from + n)).join(separator)
    // as bytes, so that nothing of the list is kept by a text that is made of its lines
    pieces.push(Buffer.from(piece).toString())
  }
  return pieces.join(separator)
}

/** Texts that grow with their size, which is a number of lines, stages, pairs or levels. */
export const hostile: Record<string, (size: number) => string> = {
  'long lines': (size) => `FROM a\n${lines(size, (n) => `RUN ${'x'.repeat(1000)} ${n}`)}\n`,
  'comment lines': (size) => `FROM a\n${'# a comment that says nothing\n'.repeat(size)}RUN x\n`,
  'continuation lines': (size) => `FROM a\nRUN x${' \\\n  y'.repeat(size)}\n`,
  'blank continuation lines': (size) => `FROM a\nRUN x \\\n${'\n'.repeat(size)}y\n`,
  stages: (size) => `${lines(size, (n) => `FROM ${n === 0 ? 'a' : `s${n - 1}`} AS s${n}\nRUN ${n}`)}\n`,
  'stages that copy': (size) => `FROM a AS s0\n${lines(size, (n) => `FROM a AS s${n + 1}\nCOPY --from=s${n} /a /b`)}\n`,
  'default in default': (size) => `FROM a\nENV V=${'${a:-'.repeat(size)}x${'}'.repeat(size)}\n`,
  'unfinished defaults': (size) => `FROM a\nENV V=${'${a:-'.repeat(size)}\n`,
  'quotes in defaults': (size) => `FROM a\nENV V=${'"${a:-'.repeat(size)}x${'}"'.repeat(size)}\n`,
  'default in default in a body': (size) => `FROM a\nCOPY <<E /x\n${'${a:-'.repeat(size)}x${'}'.repeat(size)}\nE\n`,
  'pairs of ENV': (size) => `FROM a\nENV ${lines(size, (n) => `K${n}=v$K${n}`, ' \\\n')}\n`,
  'lines of ENV': (size) => `FROM a\n${lines(size, (n) => `ENV K${n}=$K${n}`)}\n`,
  'arguments before FROM': (size) => `${lines(size, (n) => `ARG A${n}=\${A${n - 1}:-x}`)}\nFROM a\n`,
  'here-documents on one line': (size) => `FROM a\nRUN x${' <<E'.repeat(size)}\n${'E\n'.repeat(size)}`,
  'mounts of one RUN': (size) => `FROM a\nRUN ${lines(size, (n) => `--mount=type=tmpfs,target=/t${n}`, ' \\\n')} x\n`,
  'labels, quoted': (size) => `FROM a\nLABEL ${lines(size, (n) => `"k ${n}"='v "${n}'`, ' \\\n')}\n`,
  'words of a long line': (size) => `FROM a\nRUN ${'w '.repeat(size)}\n`,
  'words of continued lines': (size) => `FROM a\nRUN ${lines(size / 10_000, () => 'w '.repeat(10_000), '\\\n')}x\n`,
  'a here-document': (size) =>
    `FROM a\nRUN <<E\n${'0123456789abcde\n'.repeat(size / 16)}E\nCOPY <<F /x\n${'$A 3456789abcde\n'.repeat(size / 16)}F\n`,
  'sources in JSON': (size) => `FROM a\nCOPY [${lines(size, (n) => `"f${n}"`, ', \\\n')}, "/d/"]\n`,
  'sources in words': (size) => `FROM a\nCOPY ${lines(size, (n) => `f${n}`, ' \\\n')} /d/\n`,
  'labels of one line': (size) => `FROM a\nLABEL ${lines(size, (n) => `k${n}=v`, ' \\\n')}\n`,
  'ports of one range': (size) => `FROM a\n${'EXPOSE 1-65535\n'.repeat(size)}`,
  'JSON in JSON': (size) => `FROM a\nCMD ${'['.repeat(size)}\n`,
  'stars in a pattern': (size) => `FROM a\nENV A=${'a'.repeat(size)}\nLABEL x=\${A##${'*a'.repeat(20)}b}\n`,
}

/** What is done with a text: it is read, planned and printed, or its findings are told. */
function work(text: string, what: string | undefined): void {
  const graph = parse(text)
  if (what === 'lint') {
    const { findings } = lint(graph, { parseTrigger })
    renderText([{ file: 'Dockerfile', findings, fixed: 0, source: text }], false)
    return
  }
  planOfGraph(graph)
  print(graph)
}

function main(name: string, size: number, what: string | undefined): void {
  const text = hostile[name]!(size)
  const started = performance.now()
  let outcome = 'planned'
  try {
    work(text, what)
  } catch (error) {
    if (!(error instanceof ImgError)) throw error
    outcome = error.code
  }
  const milliseconds = Math.round(performance.now() - started)
  const report: Report = { outcome, milliseconds, megabytes: Math.round(process.resourceUsage().maxRSS / 1024) }
  console.log(JSON.stringify(report))
}

const [, script, name, size, what] = process.argv
if (script && name && import.meta.url === pathToFileURL(script).href) main(name, Number(size), what)
