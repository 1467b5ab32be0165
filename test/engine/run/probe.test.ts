/** Finding a runtime, and remembering it. */
import type { Records } from '../../../sdk/engine/ports.ts'
import { probeRuntime } from '../../../sdk/engine/run/probe.ts'
import { failure } from '../../helpers/failure.ts'
import { assert, suite } from '../../helpers/suite.ts'
import { Bench } from './fixture.ts'

const probe = suite('engine/run/probe')
const bench = new Bench()
probe.after(() => bench.remove())
const io = { signal: new AbortController().signal, emit() {} }
const temporary = () => bench.options().store.temporary()

/** Records in memory; what was asked for and kept. */
function memory(): Records & { all: Map<string, unknown> } {
  const all = new Map<string, unknown>()
  return {
    all,
    get: async <T>(kind: string, key: string) => all.get(kind + key) as T | undefined,
    put: async (kind, key, value) => void all.set(kind + key, value),
    delete: async (kind, key) => void all.delete(kind + key),
  }
}

probe.needs(
  ['linux', 'root', 'busybox'],
  'runs a container once and remembers, in the process and in the records',
  async () => {
    const records = memory()
    const first = await probeRuntime(io, { runtime: 'auto', records, temporary })
    assert.ok(['crun', 'runc', 'bwrap', 'unshare'].includes(first.name))
    assert.equal([...records.all.values()], [first.name])
    records.all.clear()
    const never = () => Promise.reject(new Error('it was remembered'))
    assert.is(await probeRuntime(io, { runtime: 'auto', records, temporary: never }), first)
    assert.is(records.all.size, 0)
  },
)

probe.needs(['linux', 'root'], 'says what was tried when nothing works', async () => {
  const error = await failure(probeRuntime(io, { runtime: 'none' as 'crun', temporary }))
  assert.is(error.code, 'RUN_UNAVAILABLE')
  assert.match(error.hint ?? '', 'install runc or crun')
})

probe.run()
