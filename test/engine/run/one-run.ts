/** A program that runs one command in a bench, to be killed or to be another user. Arguments: runtime, folder, layer, script. */
import { Bench } from './fixture.ts'

const [runtime, folder, layer, script] = process.argv.slice(2) as ['crun', string, string, string]
const bench = new Bench(folder)
const { said } = await bench.run(script, { runtime, layers: [bench.layer(layer)] })
process.stdout.write(said)
for (const event of bench.events) if (event.type === 'warning') process.stderr.write(`${event.message}\n`)
