/**
 * Lets the types that the package ships stand without those of Node: a project that has none would find an error in every file that
 * names a stream. In the sources a stream is Node's own; whoever only reads the types needs no more of one than this.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const sdk = fileURLToPath(new URL('../dist/sdk/', import.meta.url))

const stream = `/** A stream of bytes, as Node's \`Readable\` is one. */
export interface Readable extends AsyncIterable<Uint8Array> {
  destroy(error?: Error): unknown
}
`

for (const name of readdirSync(sdk, { recursive: true, encoding: 'utf8' })) {
  if (!name.endsWith('.d.ts')) continue
  const path = join(sdk, name)
  const text = readFileSync(path, 'utf8')
  const way = relative(dirname(path), join(sdk, 'stream'))
  const own = text.replace(/from 'node:stream'/, `from '${way.startsWith('.') ? way : `./${way}`}.ts'`)
  if (own !== text) writeFileSync(path, own)
}
writeFileSync(join(sdk, 'stream.d.ts'), stream)
