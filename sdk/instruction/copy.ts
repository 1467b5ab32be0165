/** COPY: files from the build context, a stage or an image. */
import { ImgError } from '../error.ts'
import { flagOf, modeOf } from '../graph/given.ts'
import { toPlain, toTemplate } from '../graph/token.ts'
import { instruction, repeated } from './define.ts'
import { contentCopy, copyHistory, originOf, pathCopy, type SourceLike, toSources } from './part/copying.ts'
import { parseGitRef } from './part/git-ref.ts'
import { type StageLike, toStageRef } from './part/stage-like.ts'
import { flag } from './shape/flag.ts'
import { sourcesAndDest } from './shape/sources-and-dest.ts'
import { stage } from './shape/stage.ts'
import { text } from './shape/text.ts'
import { word } from './shape/word.ts'

/** The flags of COPY. */
export interface CopyOptions {
  /** A stage, or the name of an image or named context. */
  readonly from?: StageLike | string
  readonly chown?: string
  readonly chmod?: string | number
  readonly link?: boolean
  readonly parents?: boolean
  readonly exclude?: string | readonly string[]
}

/**
 * Copies files from the build context, a stage or an image. Of a directory it takes the contents.
 *
 * @source Dockerfile reference, COPY
 */
export const copy = instruction({
  keyword: 'COPY',
  summary: 'Copies files from the build context, a stage or an image.',
  flags: { from: stage, chown: word, chmod: word, link: flag, parents: flag, exclude: repeated(text) },
  args: sourcesAndDest,
  heredocs: true,
  build: (sources: SourceLike, dest: string, options: CopyOptions = {}) => ({
    ...toSources(sources, dest, 'COPY'),
    ...(options.from === undefined ? {} : { from: toStageRef(options.from) }),
    ...(options.chown === undefined ? {} : { chown: toTemplate(options.chown, '--chown') }),
    ...(options.chmod === undefined ? {} : { chmod: toTemplate(modeOf(options.chmod, '--chmod')) }),
    ...(flagOf(options.link, '--link') ? { link: true } : {}),
    ...(flagOf(options.parents, '--parents') ? { parents: true } : {}),
    ...(options.exclude === undefined
      ? {}
      : { exclude: [options.exclude].flat().map((pattern) => toPlain(pattern, '--exclude')) }),
  }),
  lower(args, context) {
    const copies = args.sources.map((source) => {
      const what = parseGitRef(source) ? 'a git repository' : /^https?:\/\//.test(source) ? 'a URL' : undefined
      if (what) {
        throw new ImgError('ARGUMENT_VALUE', `COPY cannot take ${what} as its source: "${source}"`, {
          hint: 'use ADD for remote sources',
        })
      }
      return { copy: pathCopy(source, originOf(args.from), args, context, false) }
    })
    const contents = (args.contents ?? []).map((content) => ({ copy: contentCopy(content, args, context) }))
    const file = [...copies, ...contents]
    // --link with a mode is an ordinary copy (conformance D6.61).
    return { draft: { file, ...(args.link && !args.chmod ? { link: true } : {}) }, history: copyHistory('COPY', args) }
  },
  examples: [
    'COPY package.json package-lock.json ./',
    'COPY --from=0 --chown=node:node /app/dist dist',
    'COPY ["my file.txt", "/dest dir/"]',
  ],
})
