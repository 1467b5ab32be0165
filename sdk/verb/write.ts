/** What becomes of a built image: one function per kind of output. */
import type { Solved } from '../engine/build.ts'
import { openTree } from '../engine/layer/tree.ts'
import type { Io } from '../engine/ports.ts'
import { combine } from '../export/combine.ts'
import { writeDirectory, writeFlatTar } from '../export/directory.ts'
import { loadIntoDocker } from '../export/docker.ts'
import { type Image, topOf } from '../export/image.ts'
import * as layout from '../export/layout.ts'
import type { Output } from '../export/output.ts'
import { push } from '../export/push.ts'
import { writeDocker, writeOci } from '../export/tarball.ts'
import { keepImage } from './keep.ts'
import { type Session, withSession } from './open.ts'
import { platformOf } from './pack.ts'

/** What was written, and where: a path, a reference, or the name of a daemon. */
export interface Written {
  readonly type: Output['type'] | 'push'
  readonly where: string
}

/** Writes one output. `image` is there for outputs that hold one. */
export async function writeOutput(
  output: Output,
  { solved, image, sourceDateEpoch }: { solved: Solved; image: Image | undefined; sourceDateEpoch: number | undefined },
  session: Session,
): Promise<Written[]> {
  const { io } = session
  switch (output.type) {
    case 'oci': {
      const { dest, tar, names } = output
      if (tar) await writeOci(image!, destination(dest), { names }, io)
      else await layout.write(image!, dest, { names }, io)
      return [{ type: 'oci', where: dest }]
    }
    case 'docker': {
      if (output.dest === undefined)
        return [{ type: 'docker', where: await loadIntoDocker(image!, output.names, { context: output.context }, io) }]
      await writeDocker(image!, destination(output.dest), { names: output.names }, io)
      return [{ type: 'docker', where: output.dest }]
    }
    case 'image':
      return [
        ...(await keep(image!, output.names, session)),
        ...(output.push ? await pushAll(image!, output, session) : []),
      ]
    case 'local':
      await writeDirectory(await treeOf(solved, output, io), output.dest, { mode: output.mode, sourceDateEpoch }, io)
      return [{ type: 'local', where: output.dest }]
    case 'tar':
      await writeFlatTar(await treeOf(solved, output, io), destination(output.dest), io, { sourceDateEpoch })
      return [{ type: 'tar', where: output.dest }]
    case 'cacheonly':
      return []
  }
}

/** The files; in a directory named after the platform where that is asked for, or where it is one of several. */
async function treeOf({ layers, plan, config }: Solved, output: { readonly platformSplit?: boolean }, io: Io) {
  const tree = await openTree(layers, io)
  return combine([{ platform: platformOf(config), tree }], output.platformSplit ?? plan.several === true)
}

function destination(dest: string): string | NodeJS.WriteStream {
  return dest === '-' ? process.stdout : dest
}

async function keep(image: Image, names: readonly string[], session: Session): Promise<Written[]> {
  await keepImage(image, names, session)
  const { digest } = topOf(image).descriptor
  return (names.length > 0 ? names : [digest]).map((where) => ({ type: 'image', where }))
}

async function pushAll(image: Image, output: Output & { type: 'image' }, session: Session): Promise<Written[]> {
  const send = async ({ registries, store, io }: Session) => {
    const options = { registries, records: store.records, byDigest: output.pushByDigest }
    const pushed = await push(image, output.names, options, io)
    return [...pushed].map(([name, digest]): Written => ({ type: 'push', where: `${name}@${digest}` }))
  }
  if (!output.insecure) return send(session)
  const hosts = output.names.map((name) => name.split('/')[0]!)
  return withSession(
    { store: session.store.folder, insecure: hosts, signal: session.io.signal, onEvent: session.io.emit },
    send,
  )
}
