/** `build`: from an image as its author said it to layers, an image, and whatever is to become of it. */
import { resolve } from 'node:path'
import { type Targets, toGraph } from '../builder/graph.ts'
import { parseIgnore } from '../dockerfile/ignore.ts'
import { parseTrigger } from '../dockerfile/trigger.ts'
import type { Solved, SolveOptions } from '../engine/build.ts'
import { ImgError } from '../error.ts'
import { checkDestination } from '../export/destination.ts'
import { topOf } from '../export/image.ts'
import { type Output, parseOutput } from '../export/output.ts'
import type { Graph } from '../graph/graph.ts'
import { isStageLike } from '../instruction/part/stage-like.ts'
import { buildkitRules, lint, violation } from '../lint/index.ts'
import type { Digest } from '../oci/digest.ts'
import { canonicalName } from '../oci/reference.ts'
import type { Descriptor } from '../oci/types.ts'
import type { BaseImage } from '../plan/options.ts'
import { hostPlatform, type Session, type VerbOptions, withSession } from './open.ts'
import { packImage } from './pack.ts'
import { type Written, writeOutput } from './write.ts'

/** How an image is built. */
export interface BuildOptions extends VerbOptions, Omit<SolveOptions, 'store' | 'buildPlatform' | 'registry'> {
  /** References for the image: in the store, and in every output that names images and has no names of its own. */
  readonly tags?: readonly string[]
  /** What becomes of the image; `type=oci,dest=…` as text. @default kept in the store */
  readonly outputs?: readonly (Output | string)[]
}

/** One layer of a built image. */
export interface BuiltLayer {
  readonly digest: Digest
  readonly diffId: Digest
  /** Bytes, as the manifest has it. */
  readonly size: number
  /** What made it: the text of its history entry. */
  readonly createdBy: string
  /** It belongs to the base image. */
  readonly base: boolean
}

/** What a build gave. */
export interface BuildResult {
  /** Of the image that was written last, or of the index that it was put under; undefined where only files were. */
  readonly manifest: Descriptor | undefined
  readonly config: Descriptor | undefined
  /** Its names, in canonical form. */
  readonly names: readonly string[]
  readonly layers: readonly BuiltLayer[]
  readonly outputs: readonly Written[]
}

/**
 * Builds an image with the engine that is built in: no daemon, and root only where a RUN needs it.
 *
 * @param image  a stage, targets by name (the last is built unless `target` says otherwise), or a graph
 * @throws located errors of every step; BUILD_CANCELLED when the signal fires. Nothing is half written then
 */
export async function build(image: Targets | Graph, options: BuildOptions = {}): Promise<BuildResult> {
  const graph = isGraph(image) ? image : toGraph(image)
  const outputs = outputsOf(options)
  return withSession(options, async (session) => {
    for (const output of outputs) await checkDestination(output, session.io)
    const { store, tags: _, outputs: __, signal: ___, onEvent: ____, ...rest } = options
    // the solver is half of the engine: verbs that build nothing start without it
    const { solveGraph } = await import('../engine/build.ts')
    const solved = await solveGraph(
      graph,
      { ...rest, store: session.store, buildPlatform: hostPlatform(), registry: session.registries },
      { parseTrigger, parseIgnore, check: checks(graph, options, session) },
      session.io,
    )
    return write(solved, outputs, session)
  })
}

/** BuildKit's build checks, as warnings; with `# check=error=true` they end the build. Source: conformance D12.6. */
function checks(graph: Graph, options: BuildOptions, { io }: Session) {
  return (images: ReadonlyMap<string, BaseImage>) => {
    const { target, buildArgs, platform, contexts } = options
    const report = lint(
      graph,
      {
        target,
        buildArgs,
        platform,
        contexts,
        images,
        buildPlatform: hostPlatform(),
        reachableOnly: true,
        parseTrigger,
      },
      buildkitRules,
    )
    for (const { rule, message, at } of report.findings)
      io.emit({ type: 'warning', message: `${rule}: ${message}`, at })
    const error = violation(report)
    if (error) throw error
  }
}

async function write(solved: Solved, outputs: readonly Output[], session: Session): Promise<BuildResult> {
  const { sourceDateEpoch } = solved.plan
  const written: Written[] = []
  let last: Awaited<ReturnType<typeof packImage>> | undefined
  let names: readonly string[] = []
  for (const output of outputs) {
    if ('compression' in output) {
      last = await packImage(solved, output, sourceDateEpoch, session)
      names = output.names.map(canonicalName)
    }
    written.push(...(await writeOutput(output, { solved, image: last?.image, sourceDateEpoch }, session)))
  }
  return {
    manifest: last && topOf(last.image).descriptor,
    config: last?.image.platforms[0]?.config.descriptor,
    names,
    layers: last?.layers ?? [],
    outputs: written,
  }
}

/** The outputs asked for. Tags, or nothing at all, mean the store. */
function outputsOf({ outputs = [], tags = [] }: BuildOptions): Output[] {
  const asked = outputs.map((output) => (typeof output === 'string' ? parseOutput(output) : output))
  const stored = asked.some(({ type }) => type === 'image')
  if (asked.length === 0 || (tags.length > 0 && !stored)) asked.push(parseOutput('type=image,compression=uncompressed'))
  refuseSamePlace(asked)
  const named = asked.map((output) =>
    'names' in output && output.names.length === 0 ? { ...output, names: tags } : output,
  )
  for (const output of named) if ('names' in output) output.names.forEach(canonicalName)
  return named
}

/** The second would replace the first, or follow it on standard output. Throws USAGE. */
function refuseSamePlace(outputs: readonly Output[]): void {
  const places = outputs.flatMap((output) => ('dest' in output && output.dest !== undefined ? [output.dest] : []))
  const paths = places.map((place) => (place === '-' ? place : resolve(place)))
  const twice = places.find((_, index) => paths.indexOf(paths[index]!) < index)
  if (twice === undefined) return
  throw new ImgError('USAGE', `two outputs go to ${twice === '-' ? 'standard output' : `"${twice}"`}`, {
    hint: 'give one of them another dest=…',
  })
}

function isGraph(image: Targets | Graph): image is Graph {
  return !isStageLike(image) && Array.isArray((image as Graph).stages)
}
