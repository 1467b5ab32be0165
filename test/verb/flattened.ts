/** The files in a tar of a root file system, one line each, so that two of them can be compared. */
import { createHash, type Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type TarEntry, TarScanner } from '../../sdk/engine/layer/scan.ts'

/** `path type mode owner size content link`, sorted. Hard links are lines of their own. */
export async function flattenedTar(path: string): Promise<string[]> {
  const lines: string[] = []
  let entry: TarEntry | undefined
  let hash: Hash | undefined
  const scanner = new TarScanner({
    entry(next) {
      entry = next
      hash = createHash('sha256')
    },
    data: (bytes) => void hash?.update(bytes),
    done() {
      const { name, type, mode, uid, gid, size, link } = entry!
      const content = type === 'file' ? hash!.digest('hex').slice(0, 16) : ''
      lines.push(
        [name.replace(/\/$/, ''), type, mode.toString(8), `${uid}:${gid}`, size, content, link ?? ''].join(' '),
      )
    },
  })
  for await (const piece of createReadStream(path)) scanner.write(piece as Buffer)
  scanner.end()
  return lines.sort()
}
