/** The local directories of one build: the build context and named ones, each with its ignore file. */
import { basename } from 'node:path'
import { ImgError } from '../error.ts'
import { nearest } from '../instruction/shape/nearest.ts'
import type { Spellings } from './build.ts'
import { openContext } from './context/context.ts'
import { findIgnoreFile } from './context/ignore-file.ts'
import type { MemoryParts } from './context/memory.ts'
import type { LocalContext } from './ports.ts'

/** Where the directories are. */
export interface ContextOptions {
  /** The folder that is the build context. Without one, a COPY from it is an error. */
  readonly context?: string | undefined
  /** Local folders of named contexts, by the NAME of their `local://NAME`. */
  readonly folders?: ReadonlyMap<string, string> | undefined
  /** The Dockerfile's path: `<path>.dockerignore` comes before `.dockerignore`. */
  readonly dockerfile?: string | undefined
}

/** The local directories of one build, opened when they are first needed. */
export class Contexts {
  readonly #options: ContextOptions
  readonly #spellings: Pick<Spellings, 'parseIgnore'>
  readonly #memory: MemoryParts | undefined
  readonly #open = new Map<string, LocalContext>()
  #ignore: (ReturnType<Spellings['parseIgnore']> & { file: string }) | undefined

  /** @param memory  where it is kept what the files of contexts hold; without it every file is read */
  constructor(options: ContextOptions, spellings: Pick<Spellings, 'parseIgnore'>, memory?: MemoryParts) {
    this.#options = options
    this.#spellings = spellings
    this.#memory = memory
  }

  open(name: string): LocalContext {
    const known = this.#open.get(name)
    if (known) return known
    const { context, folders, dockerfile } = this.#options
    const folder = name === 'context' ? context : folders?.get(name)
    if (folder === undefined) {
      throw new ImgError('CONTEXT_INVALID', 'this build has no build context to copy from', {
        hint: 'name a folder: --context DIR',
      })
    }
    const found = findIgnoreFile(folder, name === 'context' ? dockerfile : undefined)
    const ignore = found && Object.assign(this.#spellings.parseIgnore(found.text, found.path), { file: found.path })
    if (name === 'context') this.#ignore = ignore
    const opened = openContext(folder, { memory: this.#memory, ...(ignore ? { ignore } : {}) })
    this.#open.set(name, opened)
    return opened
  }

  /** Says why a source was not found: the line of the ignore file that hides it, or what lies where it was looked for. */
  explain(error: unknown): unknown {
    if (!(error instanceof ImgError) || error.code !== 'COPY_SOURCE_MISSING' || error.hint !== undefined) return error
    const path = String(error.detail?.['path'] ?? '').replace(/^\//, '')
    const hint = this.#ignoredBy(path) ?? this.#near(path)
    const { at, source, detail, cause } = error
    return new ImgError(error.code, error.message, { at, source, detail, hint, cause })
  }

  #ignoredBy(path: string): string | undefined {
    const decision = this.#ignore?.decide?.(path)
    if (decision?.line === undefined) return undefined
    return `${basename(this.#ignore!.file)} line ${decision.line} ("${decision.pattern}") excludes it`
  }

  #near(path: string): string | undefined {
    const context = this.#open.get('context')
    if (!context) return undefined
    const slash = path.lastIndexOf('/')
    const folder = path.slice(0, Math.max(slash, 0))
    const close = nearest(path.slice(slash + 1), context.names(folder))
    const found = close === undefined ? '' : `; did you mean ${folder === '' ? '' : `${folder}/`}${close}?`
    return `the build context is ${context.folder}${found}`
  }

  /** Writes down what was learned of their files. */
  async keep(): Promise<void> {
    for (const context of this.#open.values()) await context.contents?.keep()
  }

  close(): void {
    for (const context of this.#open.values()) context.close()
  }
}
