/** The errors of a build context that cannot be read. */
import { ImgError } from '../../error.ts'

/** Runs a call of the file system; what it throws says which path of the context it was about. */
export function attempt<T>(path: string, call: () => T): T {
  try {
    return call()
  } catch (error) {
    throw contextError(path, error)
  }
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ENOENT: 'it is gone',
  ENOTDIR: 'it is no directory any more',
  ELOOP: 'it was replaced by a symbolic link',
  EIO: 'the disk reports an error',
}

/** The error for a path of the context that cannot be read. */
export function contextError(path: string, cause: unknown): ImgError {
  if (cause instanceof ImgError) return cause
  const code = (cause as NodeJS.ErrnoException).code ?? ''
  const reason = reasons[code] ?? (cause as Error).message
  const denied = code === 'EACCES' || code === 'EPERM'
  return new ImgError(
    'CONTEXT_INVALID',
    `"${path === '' ? '.' : path}" of the build context cannot be read: ${reason}`,
    {
      hint: denied ? `make it readable, or add "${path}" to .dockerignore` : undefined,
      detail: { path, errno: code },
      cause,
    },
  )
}
