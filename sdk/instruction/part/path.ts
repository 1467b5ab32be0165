/** Slash paths, as Go's `path` package treats them. */
import { posix } from 'node:path'

/** The shortest equal path; '' becomes '.', a trailing slash goes. */
export function cleanPath(path: string): string {
  const clean = posix.normalize(path)
  return clean.length > 1 && clean.endsWith('/') ? clean.slice(0, -1) : clean
}

/** Joined and cleaned; empty pieces are skipped. */
export function joinPath(...pieces: string[]): string {
  return cleanPath(pieces.filter((piece) => piece !== '').join('/'))
}

/** A destination below a directory; the slash (or `/.`) that marks a directory stays. */
export function destination(workdir: string, dest: string): string {
  const path = dest === '' || dest === '.' ? './' : dest
  const clean = path.startsWith('/') ? cleanPath(path) : joinPath('/', workdir, path)
  const slashed = clean.endsWith('/') ? clean : `${clean}/`
  if (path.endsWith('/')) return slashed
  return path.endsWith('/.') ? `${slashed}.` : clean
}
