/** The actions that make and remove: mkdir, mkfile, symlink, rm. */
import { ImgError } from '../../error.ts'
import { digestOf } from '../../oci/digest.ts'
import type { MkdirAction, MkfileAction, RmAction, SymlinkAction } from '../../plan/op.ts'
import { baseOf, cleanPath, components, escapes, follow, parentOf } from '../tree.ts'
import { Body, type Meta, noContent } from './body.ts'
import type { Settings } from './copy.ts'
import { selectPaths } from './select.ts'
import { createDirectory, type Directory, type Target } from './target.ts'

/** Makes a directory. One that exists keeps all it has (conformance D4.12.2). */
export function mkdir(target: Target, action: MkdirAction, settings: Settings): void {
  const path = follow(target, inside(action.path, 'mkdir'), { last: true })
  const made = metaFor(action.mode, settings)
  if (action.makeParents) {
    target.makeDirectories(path, made)
    return
  }
  if (path === '' || target.find(path)) return
  target.put(parent(target, path), parentOf(path), baseOf(path), createDirectory(made, { lower: false, changed: true }))
}

/** Writes a file. One that exists keeps its mode and, unless one is given, its owner: it is rewritten, not replaced. */
export function mkfile(target: Target, action: MkfileAction, settings: Settings): void {
  const path = follow(target, action.path, { last: true })
  const existing = path === '' ? target.root : target.find(path)
  if (existing && (existing.kind === 'directory' || existing.body.type !== 'file'))
    throw exists(path, existing.kind === 'leaf' ? existing.body.type : 'directory')
  const data = Buffer.from(action.data, 'base64')
  const digest = digestOf(data)
  const kept = existing && { ...existing.body, ...settings.owner, mtime: settings.created }
  const meta = kept
    ? { mode: kept.mode, uid: kept.uid, gid: kept.gid, mtime: kept.mtime }
    : metaFor(action.mode, settings)
  const content = { digest, identity: () => digest, read: () => (data.length > 0 ? [data] : []) }
  const body = new Body({ type: 'file', size: data.length, link: undefined, device: undefined }, meta, content)
  target.put(parent(target, path), parentOf(path), baseOf(path), { kind: 'leaf', body, changed: true })
}

/** Makes a symbolic link where nothing is. */
export function symlink(target: Target, action: SymlinkAction, settings: Settings): void {
  const path = follow(target, action.newpath, { last: true })
  const existing = path === '' ? target.root : target.find(path)
  if (existing) throw exists(path, existing.kind === 'leaf' ? existing.body.type : 'directory')
  const what = { type: 'symlink', size: 0, link: action.oldpath, device: undefined } as const
  const body = new Body(what, metaFor(0o777, settings), noContent)
  target.put(parent(target, path), parentOf(path), baseOf(path), { kind: 'leaf', body, changed: true })
}

/** Removes a path and what is below it. A link is removed itself; links before it are followed inside the root. */
export function rm(target: Target, action: RmAction): void {
  const paths = action.allowWildcard
    ? selectPaths(target, inside(action.path, 'rm'), { last: false })
    : [inside(action.path, 'rm')]
  for (const given of paths) {
    const clean = cleanPath(given)
    if (clean === '')
      throw new ImgError('PATH_ESCAPES', `rm of "${action.path}" would remove the root`, {
        detail: { path: action.path },
      })
    const path = [...components(follow(target, parentOf(clean), { last: true })), baseOf(clean)].join('/')
    if (!action.allowNotFound && !target.find(follow(target, path, { last: true }))) {
      throw new ImgError('PATH_MISSING', `"/${path}" cannot be removed: it does not exist`, {
        detail: { path: `/${path}` },
      })
    }
    target.remove(path)
  }
}

function metaFor(mode: number, { owner, created }: Settings): Meta {
  return { mode: mode & 0o777, uid: owner?.uid ?? 0, gid: owner?.gid ?? 0, mtime: created }
}

function parent(target: Target, path: string): Directory {
  const node = target.find(parentOf(path))
  if (node?.kind === 'directory') return node
  throw new ImgError('PATH_MISSING', `"/${path}" cannot be made: "/${parentOf(path)}" is not a directory`, {
    detail: { path: `/${path}` },
  })
}

/** A path of a plan that no Dockerfile can have written (A21). */
function inside(path: string, action: string): string {
  if (!escapes(path)) return path
  throw new ImgError('PATH_ESCAPES', `${action} of "${path}" leads out of the root`, { detail: { path } })
}

function exists(path: string, what: string): ImgError {
  return new ImgError('COPY_CONFLICT', `"/${path}" cannot be made: there is a ${what}`, {
    detail: { path: `/${path}` },
  })
}
