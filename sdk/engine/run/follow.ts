/** Where a path leads inside a root folder: links are followed, and none leads out. */
import { lstatSync, readlinkSync, type Stats } from 'node:fs'
import { join } from 'node:path'
import { ImgError } from '../../error.ts'

const linkLimit = 255

/** A path without links, relative to the root: '' is the root itself. */
export interface Followed {
  readonly path: string
  /** Of what is there; undefined when nothing is. */
  readonly stat: Stats | undefined
  /** The topmost part of `path` that does not exist; undefined when all of it does. */
  readonly missing: string | undefined
}

/**
 * Follows a path inside a root, as a process whose root it is would. Only for trees that nobody changes meanwhile.
 *
 * @throws PATH_ESCAPES when the links go round in a circle, or a file stands where a directory must
 */
export function follow(root: string, path: string): Followed {
  const todo = path.split('/').reverse()
  const done: string[] = []
  let missing: string | undefined
  let stat: Stats | undefined = lstatSync(root)
  for (let links = 0; todo.length > 0; ) {
    const name = todo.pop()!
    if (name === '' || name === '.') continue
    if (name === '..') {
      done.pop()
      if (missing !== undefined && done.length < missing.split('/').length) missing = undefined
      stat = missing === undefined ? lstatSync(join(root, ...done)) : undefined
      continue
    }
    if (stat && !stat.isDirectory()) {
      throw new ImgError('PATH_ESCAPES', `"${path}" leads through "/${done.join('/')}", which is not a directory`)
    }
    const next = missing === undefined ? lstatSync(join(root, ...done, name), { throwIfNoEntry: false }) : undefined
    if (next?.isSymbolicLink()) {
      if (++links > linkLimit) throw new ImgError('PATH_ESCAPES', `"${path}" leads through a circle of symbolic links`)
      const link = readlinkSync(join(root, ...done, name))
      if (link.startsWith('/')) {
        done.length = 0
        stat = lstatSync(root)
      }
      todo.push(...link.split('/').reverse())
      continue
    }
    done.push(name)
    if (!next) missing ??= done.join('/')
    stat = next
  }
  return { path: done.join('/'), stat, missing }
}
