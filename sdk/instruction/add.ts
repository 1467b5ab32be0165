/** ADD: files, archives, URLs and git repositories. */
import { ImgError } from '../error.ts'
import { flagOf, modeOf } from '../graph/given.ts'
import { toPlain, toTemplate } from '../graph/token.ts'
import { parseChecksum } from '../oci/digest.ts'
import { type CopyDraft, instruction, type LowerContext, repeated } from './define.ts'
import {
  type Copying,
  contentCopy,
  copyHistory,
  originOf,
  pathCopy,
  type SourceLike,
  settings,
  toSources,
} from './part/copying.ts'
import { type GitRef, isGithubPath, parseGitRef } from './part/git-ref.ts'
import { parseGoUrl } from './part/go-url.ts'
import { destination, joinPath } from './part/path.ts'
import { flag } from './shape/flag.ts'
import { sourcesAndDest } from './shape/sources-and-dest.ts'
import { text } from './shape/text.ts'
import { word } from './shape/word.ts'

/** The flags of ADD. */
export interface AddOptions {
  readonly chown?: string
  readonly chmod?: string | number
  readonly link?: boolean
  readonly exclude?: string | readonly string[]
  readonly keepGitDir?: boolean
  /** `sha256:…`, `sha384:…` or `sha512:…` of a URL's content, or the start of a commit. */
  readonly checksum?: string
  readonly unpack?: boolean
}

interface Adding extends Copying {
  readonly 'keep-git-dir'?: boolean
  readonly checksum?: string
  readonly unpack?: boolean
}

/**
 * Copies files as COPY does, unpacks local archives, and fetches URLs and git repositories.
 *
 * @source Dockerfile reference, ADD
 */
export const add = instruction({
  keyword: 'ADD',
  summary: 'Copies files, unpacks archives, and fetches URLs and git repositories.',
  flags: {
    chown: word,
    chmod: word,
    link: flag,
    'keep-git-dir': flag,
    checksum: word,
    unpack: flag,
    exclude: repeated(text),
  },
  args: sourcesAndDest,
  heredocs: true,
  build: (sources: SourceLike, dest: string, options: AddOptions = {}) => ({
    ...toSources(sources, dest, 'ADD'),
    ...(options.chown === undefined ? {} : { chown: toTemplate(options.chown, '--chown') }),
    ...(options.chmod === undefined ? {} : { chmod: toTemplate(modeOf(options.chmod, '--chmod')) }),
    ...(flagOf(options.link, '--link') ? { link: true } : {}),
    ...(options.exclude === undefined
      ? {}
      : { exclude: [options.exclude].flat().map((pattern) => toPlain(pattern, '--exclude')) }),
    ...(options.keepGitDir === undefined ? {} : { 'keep-git-dir': flagOf(options.keepGitDir, '--keep-git-dir')! }),
    ...(options.checksum === undefined ? {} : { checksum: toTemplate(options.checksum, '--checksum') }),
    ...(options.unpack === undefined ? {} : { unpack: flagOf(options.unpack, '--unpack')! }),
  }),
  lower(args, context) {
    if (args.checksum) {
      if (args.sources.length !== 1) refuse('--checksum takes exactly one source')
      const [source] = args.sources as [string]
      if (!isHttp(source) && !parseGitRef(source) && !isGithubPath(source))
        refuse('--checksum is for URLs and git repositories')
    }
    // What the query of a repository says holds for the sources after it, too.
    let carried: Adding = args
    const copies = args.sources.map((source) => {
      const copy = one(source, carried, context)
      const { keepGitDir, checksum = '' } = parseGitRef(source) ?? {}
      if (keepGitDir !== undefined) carried = { ...carried, 'keep-git-dir': keepGitDir }
      if (checksum !== '') carried = { ...carried, checksum }
      return { copy }
    })
    const contents = (args.contents ?? []).map((content) => ({ copy: contentCopy(content, args, context) }))
    const file = [...copies, ...contents]
    return { draft: { file, ...(args.link && !args.chmod ? { link: true } : {}) }, history: copyHistory('ADD', args) }
  },
  examples: [
    'ADD rootfs.tar.gz /',
    'ADD --checksum=sha256:0000000000000000000000000000000000000000000000000000000000000000 https://example.com/a.bin /bin/a',
  ],
})

function one(source: string, args: Adding, context: LowerContext): CopyDraft {
  const git = parseGitRef(source)
  if (git) return gitCopy(git, source, args, context)
  if (isHttp(source)) return httpCopy(source, args, context)
  return pathCopy(source, originOf(undefined), args, context, args.unpack ?? true)
}

function httpCopy(url: string, args: Adding, context: LowerContext): CopyDraft {
  const filename = fileName(url)
  refuseBytes(url, filename)
  const checksum = args.checksum ? { checksum: parseChecksum(args.checksum) } : {}
  return {
    ...settings(args),
    source: { kind: 'http', url, filename, ...checksum },
    src: joinPath('/', filename),
    dest: destination(context.workdir, args.dest),
    ...(args.unpack ? { unpack: true } : {}),
  }
}

function fileName(url: string): string {
  const last = parseGoUrl(url)?.path.replace(/\/+$/, '').split('/').at(-1) ?? ''
  return last === '' || last === '.' ? '__unnamed__' : last
}

function gitCopy(git: GitRef, written: string, args: Adding, context: LowerContext): CopyDraft {
  const flagged = args['keep-git-dir']
  if (flagged !== undefined && git.keepGitDir !== undefined && flagged !== git.keepGitDir)
    refuse('--keep-git-dir and the query keep-git-dir differ')
  if (args.checksum && git.checksum && args.checksum !== git.checksum)
    refuse(`checksum mismatch: "${args.checksum}" and "${git.checksum}"`)
  const checksum = git.checksum || args.checksum
  const fragment = git.ref || git.subdir ? `#${git.ref}${git.subdir ? `:${git.subdir}` : ''}` : ''
  const remote = `git://${git.host}${joinPath('/', git.path)}${fragment}`
  const attrs: Record<string, string> = {
    ...((git.keepGitDir ?? flagged) ? { 'git.keepgitdir': 'true' } : {}),
    'git.fullurl': git.remote,
    'git.authtokensecret': 'GIT_AUTH_TOKEN',
    'git.authheadersecret': 'GIT_AUTH_HEADER',
    ...(git.ssh ? { 'git.mountsshsock': 'default' } : {}),
    ...(checksum ? { 'git.checksum': checksum } : {}),
    ...(git.submodules === false ? { 'git.skipsubmodules': 'true' } : {}),
    ...(git.fetchByCommit ? { 'git.fetchbycommit': 'true' } : {}),
  }
  refuseBytes(written, [remote, ...Object.values(attrs)].join(' '))
  return {
    ...settings(args),
    // Its text counts as a path of the context, too, unless it is a URL: so BuildKit has it.
    source: {
      kind: 'git',
      remote,
      attrs,
      ...(isHttp(written) ? {} : { contextPath: joinPath('/', written) }),
    },
    src: '/',
    dest: destination(context.workdir, args.dest),
  }
}

/** What %-escapes spell must be text: a plan holds nothing else. */
function refuseBytes(written: string, decoded: string): void {
  if (!/\p{Surrogate}/u.test(decoded)) return
  throw new ImgError('ARGUMENT_VALUE', `ADD: the %-escapes in "${written}" stand for bytes that are not UTF-8`, {
    hint: 'fetch it in a RUN, or have it served under another name',
  })
}

function isHttp(source: string): boolean {
  return /^https?:\/\//.test(source)
}

function refuse(message: string): never {
  throw new ImgError('ARGUMENT_VALUE', `ADD: ${message}`)
}
