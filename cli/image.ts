/** Reads an image in any of its spellings: targets by name, each as a graph. */
import { readFileSync } from 'node:fs'
import process from 'node:process'
import { ImgError } from '../sdk/error.ts'
import { type Graph, parse, toGraph, watchStages } from '../sdk/index.ts'
import { didYouMean, typed } from '../sdk/instruction/shape/nearest.ts'
import { readExports } from './exports.ts'
import { type Found, findImageFile } from './find.ts'
import { lostCall } from './load/lost.ts'
import { loadModule } from './load.ts'
import { onlyStage } from './target.ts'

/** An image file, read. */
export interface ImageFile {
  readonly found: Found
  /** What `synth` writes one by one: exports of an image.ts; `default` for everything else. */
  readonly targets: readonly string[]
  /** The graph of one target (a stage of it, for a Dockerfile or a graph), or of all together. */
  graph(target?: string): Graph
}

/** What may be said about an image file besides its name. */
export interface ImageFileOptions {
  /** `--param NAME=VALUE`, for the parameters of a `defineImage`. */
  readonly params?: readonly string[]
}

/** Seconds that an image.ts may take to load. */
const defaultLoadSeconds = 30

/**
 * Finds, reads and checks an image file.
 * @throws IMAGE_FILE_MISSING, IMAGE_FILE_FAILED, IMAGE_FILE_EXPORTS, and the located errors of each spelling
 */
export async function readImageFile(given: string | undefined, options: ImageFileOptions = {}): Promise<ImageFile> {
  const found = findImageFile(given)
  if (found.spelling === 'typescript') return readTypeScript(found, options.params ?? [])
  if (options.params?.length) {
    throw new ImgError(
      'USAGE',
      `--param is for an image.ts that exports defineImage(…); ${found.file} has no parameters`,
    )
  }
  const graph = await readGraph(found)
  return { found, targets: ['default'], graph: (target) => (target === undefined ? graph : onlyStage(graph, target)) }
}

async function readGraph({ file, spelling, text }: Found): Promise<Graph> {
  const content = text ?? readFileSync(file, 'utf8')
  if (spelling === 'dockerfile') return parse(content, { file })
  const { decode, decodeYaml } = await import('../sdk/json/index.ts')
  return spelling === 'yaml' ? decodeYaml(content) : decode(content)
}

async function readTypeScript(found: Found, params: readonly string[]): Promise<ImageFile> {
  const seconds = Number(process.env['IMGSDK_LOAD_TIMEOUT']) || defaultLoadSeconds
  const stages = watchStages()
  const exports = await loadModule(found.file, seconds)
  const { targets, all } = readExports(exports, found.file, params)
  const lost = lostCall(stages.untaken(Object.values(all)))
  if (lost) throw lost
  return {
    found,
    targets: Object.keys(targets),
    graph(target) {
      if (target === undefined) return toGraph(targets)
      const state = all[target]
      if (state) return toGraph({ [target]: state })
      throw new ImgError('STAGE_UNKNOWN', `${found.file} exports no target "${target}"`, {
        hint:
          didYouMean(target, Object.keys(all), { nearness: typed }) ?? `its targets are ${Object.keys(all).join(', ')}`,
      })
    },
  }
}
