/** Random cases through two builders: what every path is must come out alike, and so must what is refused. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from '../../../sdk/dockerfile/parse.ts'
import { build as buildImage } from '../../../sdk/engine/index.ts'
import { type Chance, chance } from '../../laws/fuzz.ts'
import { tar } from './archive.ts'
import { build, readFlat } from './flat.ts'
import { type CaseOptions, randomCase, randomContext } from './random-cases.ts'
import { base, linesOf, source } from './stages.ts'

/** Another builder: writes the flattened files of a Dockerfile to a tar. Rejects where it refuses. */
export type Builder = (dockerfile: string, context: string, tar: string) => Promise<unknown>

/** What came of some cases. */
export interface Compared {
  readonly cases: number
  readonly refused: number
  readonly paths: number
  /** Each with the lines of its case. */
  readonly differences: readonly string[]
}

/** How much is compared. */
export interface BesideOptions extends CaseOptions {
  readonly seed: number
  /** Cases that are built together. */
  readonly cases: number
  /** Of those that we refuse, how many are tried on the other builder. */
  readonly refusals: number
}

const head = 'FROM scratch AS src\nADD src.tar /\nFROM scratch AS base\nADD base.tar /\nFROM base\n'

/** Makes a context and cases, and compares what becomes of them. `folder` is emptied first. */
export async function beside(other: Builder, folder: string, options: BesideOptions): Promise<Compared> {
  const random = chance(options.seed)
  rmSync(folder, { recursive: true, force: true })
  const context = join(folder, 'context')
  mkdirSync(context, { recursive: true })
  const paths = await randomContext(random, context)
  writeFileSync(join(context, 'src.tar'), tar(...source))
  const roots = Array.from({ length: options.cases }, (_, index) => base(`${index}`)).flat()
  writeFileSync(join(context, 'base.tar'), tar(...source.slice(0, 3), ...roots))
  const { kept, refused } = await sort(random, paths, context, options)
  const differences: string[] = []
  for (const text of refused.slice(0, options.refusals)) {
    const accepted = await other(head + text, context, join(folder, 'refused.tar')).then(
      () => true,
      () => false,
    )
    if (accepted) differences.push(`only we refuse\n${text}`)
  }
  const [theirs, ours] = [join(folder, 'theirs.tar'), join(folder, 'ours.tar')]
  const takes = (lines: readonly string[]) =>
    other(head + lines.join('\n'), context, theirs).then(
      () => true,
      () => false,
    )
  if (!(await takes(kept))) {
    for (const [index, text] of kept.entries()) {
      if (await takes([text])) continue
      if (!isTakenOnPurpose(text, context)) differences.push(`only we take\n${text}`)
      kept[index] = 'WORKDIR /'
    }
    if (!(await takes(kept))) throw new Error(`seed ${options.seed}: refused together, but not one by one`)
  }
  const dockerfile = head + kept.join('\n')
  await buildImage(parse(dockerfile), { store: join(folder, 'store'), context, outputs: [`type=tar,dest=${ours}`] })
  const [left, right] = [await linesOfTar(theirs), await linesOfTar(ours)]
  kept.forEach((text, index) => {
    const only = (line: string) => line.startsWith(`${index}/`) || line.startsWith(`${index} `)
    const [want, got] = [left.filter(only), right.filter(only)]
    const missing = want.filter((line) => !got.includes(line)).map((line) => `- ${line}`)
    const extra = got.filter((line) => !want.includes(line)).map((line) => `+ ${line}`)
    if (missing.length + extra.length > 0) differences.push([text, ...missing, ...extra].join('\n'))
  })
  return { cases: kept.length, refused: refused.length, paths: left.length, differences }
}

/** What BuildKit refuses for want of something that is not asked for. Source: decision 13. */
export function isTakenOnPurpose(text: string, context: string): boolean {
  const dangling = readdirSync(context).some((name) => !existsSync(join(context, name)))
  // the last: docker.io's BuildKit takes every match for a directory
  return (dangling && /--parents|--exclude/.test(text)) || /(?:ADD|COPY)(?! --from).* (?:\w+\/\*|\*\/[*?])/.test(text)
}

/** Cases that we build, each tried on its own, and cases that we refuse. */
async function sort(random: Chance, paths: readonly string[], context: string, options: BesideOptions) {
  const kept: string[] = []
  const refused: string[] = []
  while (kept.length < options.cases) {
    const text = linesOf(randomCase(random, paths, options), kept.length)
    // each case begins where an image without a WORKDIR does
    const lines = `${text}\nWORKDIR /`
    const built = await build(head + lines, context).then(
      () => true,
      () => false,
    )
    if (built) kept.push(lines)
    else refused.push(lines)
  }
  return { kept, refused }
}

/** The lines of a tar's files. Times of this run are one time. */
export async function linesOfTar(path: string): Promise<string[]> {
  const lines = (await readFlat(readFileSync(path))).lines()
  return lines.map((line) => line.replace(/^(\S+ file \d+ \d+:\d+) 1[5-9]\d{8} /, '$1 now '))
}
