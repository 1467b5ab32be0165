/** Images made by chance through two builders: their files, their configs and their histories must come out alike. */
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from '../../../sdk/dockerfile/parse.ts'
import { build } from '../../../sdk/engine/index.ts'
import type { ImageConfig } from '../../../sdk/oci/types.ts'
import { must } from '../../helpers/program.ts'
import { busyboxRootfs } from '../../helpers/rootfs.ts'
import { chance } from '../../laws/fuzz.ts'
import { tar } from './archive.ts'
import { type Builder, isTakenOnPurpose, linesOfTar } from './beside.ts'
import { type CaseOptions, randomContext } from './random-cases.ts'
import { imageHead, randomIgnore, randomImage } from './random-image.ts'
import { base, source } from './stages.ts'

/** Another builder of images. Both reject where it refuses; the second writes what the first built to a docker archive. */
export interface ImageBuilder {
  readonly build: Builder
  image(dockerfile: string, context: string, archive: string): Promise<unknown>
}

/** What came of one image: refused by both, or compared. A difference is told with its lines. */
export interface ComparedImage {
  readonly refused: boolean
  readonly paths: number
  readonly difference: string | undefined
}

/** Makes a context, an ignore file and an image, and compares what becomes of them. `folder` is emptied first. */
export async function besideImage(
  other: ImageBuilder,
  folder: string,
  { seed, newer }: CaseOptions & { readonly seed: number },
): Promise<ComparedImage> {
  const random = chance(seed)
  rmSync(folder, { recursive: true, force: true })
  const context = join(folder, 'context')
  mkdirSync(context, { recursive: true })
  // BuildKit does not send what a link behind a wildcard leads to (decision 13), and a bracket is written as a wildcard
  const paths = (await randomContext(random, context)).filter((path) => !path.includes('['))
  writeFileSync(join(context, 'src.tar'), tar(...source))
  writeFileSync(join(context, 'base.tar'), tar(...base('0')))
  copyFileSync(await busyboxRootfs(), join(context, 'rootfs.tar'))
  const ignore = randomIgnore(random)
  if (ignore !== '') writeFileSync(join(context, '.dockerignore'), ignore)
  const [theirs, ours] = [join(folder, 'theirs.tar'), join(folder, 'ours.tar')]
  const [theirImage, ourImage] = [join(folder, 'their-image.tar'), join(folder, 'our-image.tar')]
  let text: string
  let refusal: string | undefined
  const outputs = [`type=tar,dest=${ours}`, `type=docker,dest=${ourImage}`]
  // of what we refuse, one image in six is tried on the other builder
  for (let tries = random.below(6) === 0 ? 1 : 20; ; tries--) {
    text = randomImage(random, paths, { newer })
    refusal = await failure(build(parse(imageHead + text), { store: join(folder, 'store'), context, outputs }))
    if (refusal === undefined || tries === 1) break
  }
  const dockerfile = imageHead + text
  const theirRefusal = await failure(other.build(dockerfile, context, theirs))
  const told = (what: string) => `${text}\n${ignore === '' ? '' : `ignoring ${JSON.stringify(ignore)}\n`}${what}`
  if (refusal !== undefined || theirRefusal !== undefined) {
    const agreed = refusal !== undefined ? theirRefusal !== undefined : isTakenOnPurpose(text, context)
    const difference = agreed ? undefined : told(`theirs: ${theirRefusal}\nours: ${refusal}`)
    return { refused: true, paths: 0, difference }
  }
  await other.image(dockerfile, context, theirImage)
  const left = [...(await linesOfTar(theirs)), ...(await linesOfConfig(theirImage, newer))]
  const right = [...(await linesOfTar(ours)), ...(await linesOfConfig(ourImage, newer))]
  const missing = left.filter((line) => !right.includes(line)).map((line) => `- ${line}`)
  const extra = right.filter((line) => !left.includes(line)).map((line) => `+ ${line}`)
  const difference = missing.length + extra.length === 0 ? undefined : told([...missing, ...extra].join('\n'))
  return { refused: false, paths: left.length, difference }
}

/** The end of the message with which it fails. */
function failure(work: Promise<unknown>): Promise<string | undefined> {
  return work.then(
    () => undefined,
    (error: unknown) => String((error as Error).message).slice(-600),
  )
}

/**
 * The members of an archive's image config, one a line; history in order. Digests and times are left out, and what an older
 * builder leaves out of the history.
 */
async function linesOfConfig(archive: string, newer: boolean): Promise<string[]> {
  const read = async (name: string) => JSON.parse(await must('tar', ['-xOf', archive, name])) as never
  const [manifest] = (await read('manifest.json')) as [{ Config: string; Layers: readonly string[] }]
  const { config, history = [], rootfs, created: _, ...rest } = (await read(manifest.Config)) as ImageConfig
  const members = [...Object.entries(rest), ...Object.entries(config ?? {})].filter(([, value]) => value !== null)
  const entries = history.map(({ created: __, created_by = '', ...entry }) => ({
    ...entry,
    created_by: newer ? created_by : created_by.replace(/^(ADD|COPY) (?:--\S+ )+/, '$1 '),
  }))
  return [
    ...members.map(([key, value]) => `${key}: ${JSON.stringify(value)}`),
    ...entries.map((entry, index) => `history ${index}: ${JSON.stringify(sorted(entry))}`),
    `layers: ${rootfs.diff_ids.length} ${manifest.Layers.length}`,
  ]
}

const sorted = (value: object) => Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
