/** Whether an output can be written where it is to go: asked before anything runs, so that no build is done in vain. */
import { constants } from 'node:fs'
import { access, realpath, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import process from 'node:process'
import type { Io } from '../engine/ports.ts'
import { ImgError } from '../error.ts'
import { exportError, isDirectory } from './atomic.ts'
import { usage } from './attributes.ts'
import { checkDirectory } from './directory.ts'
import { checkDocker } from './docker.ts'
import { checkLayout } from './layout.ts'
import type { Output } from './output.ts'
import { refuseNameless } from './push.ts'

/**
 * Looks at what is there; nothing is made. What happens meanwhile is told when the output is written.
 * @throws EXPORT_FAILED, USAGE
 */
export async function checkDestination(output: Output, io: Io): Promise<void> {
  if (output.type === 'cacheonly') return
  if (output.type === 'image') {
    if (output.push) refuseNameless(output.names)
    return
  }
  const { dest } = output
  if (dest === undefined) return checkDocker({ context: 'context' in output ? output.context : undefined }, io)
  if (dest === '-') return refuseTerminal()
  try {
    await checkPlace(output, dest)
  } catch (error) {
    throw exportError(error, dest, io.signal)
  }
}

async function checkPlace(output: Output, dest: string): Promise<void> {
  const target = await realpath(dest).catch(() => resolve(dest))
  if (output.type === 'local') await checkDirectory(dest, target, output.mode)
  else if (output.type === 'oci' && !output.tar) await checkLayout(dest)
  else {
    const found = await stat(target).catch(() => undefined)
    if (found?.isDirectory()) throw isDirectory(dest)
    if (found && !found.isFile()) return access(target, constants.W_OK)
    return checkFolder(dirname(target))
  }
  await checkFolder(target)
}

/** A folder that is there, or can be made. */
async function checkFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (!found) return checkFolder(dirname(folder))
  if (!found.isDirectory()) {
    throw new ImgError('EXPORT_FAILED', `"${folder}" is not a directory, so nothing can be written below it`, {
      hint: 'name another place: dest=…',
      detail: { path: folder },
    })
  }
  await access(folder, constants.W_OK | constants.X_OK)
}

function refuseTerminal(): void {
  if (process.stdout.isTTY)
    throw usage('an archive is not written to a terminal', 'add dest=FILE, or redirect the standard output')
}
