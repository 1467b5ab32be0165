/** A program that opens a shell in a bench. Arguments: runtime, folder, layer, command. */
import { readdirSync } from 'node:fs'
import { shellIn } from '../../../sdk/engine/op/shell.ts'
import type { ImgError } from '../../../sdk/error.ts'
import { Bench } from './fixture.ts'

const [runtime, folder, layer, ...args] = process.argv.slice(2) as ['crun', string, string, ...string[]]
const bench = new Bench(folder)
const io = { signal: new AbortController().signal, emit() {} }
try {
  const { store } = bench.options()
  const snapshot = { layers: [bench.layer(layer)] }
  const { layer: made, exitCode } = await shellIn(snapshot, { store, args, runtime, env: ['TERM=dumb'] }, io)
  console.log(JSON.stringify({ exitCode, names: readdirSync(await made.directory()) }))
} catch (thrown) {
  const { code, message } = thrown as ImgError
  console.log(JSON.stringify({ code, message }))
}
