/** Solving: what depends on nothing runs at once, a failure stops the rest, a cancelled build ends. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { BuildEvent, Layer } from '../../sdk/engine/ports.ts'
import { hash, type Result, snapshot } from '../../sdk/engine/solve/result.ts'
import { type Runners, solve, type Work } from '../../sdk/engine/solve/solve.ts'
import { ImgError } from '../../sdk/error.ts'
import type { Op, Plan, Vertex } from '../../sdk/plan/op.ts'
import { assert, suite } from '../helpers/suite.ts'

const solving = suite('engine/solve')

const layer = (id: string): Layer => ({ id }) as Layer
const exec = (name: string): Op => ({ exec: { meta: { args: [name], env: [], cwd: '/' }, mounts: [] } })
const vertex = (name: string, ...inputs: number[]): Vertex => ({
  op: exec(name),
  inputs: inputs.map((input) => [input, 0] as const),
  name,
})
const plan = (...vertices: Vertex[]): Plan => ({
  vertices,
  result: [vertices.length - 1, 0],
  image: { architecture: 'amd64', os: 'linux', rootfs: { type: 'layers', diff_ids: [] } },
})

function runners(run: (name: string, work: Work<unknown>) => Promise<void>): Runners {
  const any = async (work: Work<unknown>): Promise<readonly Result[]> => {
    await run(work.vertex.name, work)
    const below = work.inputs.flatMap((input) => (input.kind === 'snapshot' ? input.layers : []))
    return [snapshot([...below, layer(work.vertex.name)])]
  }
  return { source: any, exec: any, file: any, merge: any, diff: any }
}

function watch(signal = new AbortController().signal) {
  const events: BuildEvent[] = []
  return { events, io: { signal, emit: (event: BuildEvent) => void events.push(event) } }
}

solving('ops that do not depend on each other run at the same time', async () => {
  let running = 0
  let most = 0
  const work = runners(async () => {
    most = Math.max(most, ++running)
    await sleep(30)
    running--
  })
  const result = await solve(
    plan(vertex('base'), vertex('a', 0), vertex('b', 0), vertex('c', 0), vertex('join', 1, 2, 3)),
    work,
    watch().io,
  )
  assert.is(most, 3)
  assert.equal(
    result.layers.map(({ id }) => id),
    ['base', 'a', 'base', 'b', 'base', 'c', 'join'],
  )
})

solving('many ops at once bring no warning of a leak', async () => {
  const warnings: string[] = []
  const onWarning = (warning: Error) => void warnings.push(warning.name)
  process.on('warning', onWarning)
  const many = Array.from({ length: 30 }, (_, index) => vertex(`op ${index}`))
  await solve(
    plan(...many, vertex('join', ...many.keys())),
    runners(async (_, { io }) => {
      io.signal.addEventListener('abort', () => {})
      await sleep(10)
    }),
    watch().io,
  )
  process.off('warning', onWarning)
  assert.equal(warnings, [])
})

solving('the first failure is thrown, located, once what ran beside it was stopped', async () => {
  const stopped: string[] = []
  const work = runners(async (name, { io }) => {
    if (name === 'bad') throw new ImgError('RUN_FAILED', 'it failed')
    await sleep(5000, undefined, { signal: io.signal }).catch(() => void stopped.push(name))
    io.signal.throwIfAborted()
  })
  const started = performance.now()
  const bad: Vertex = { ...vertex('bad'), at: { file: 'Dockerfile', line: 7 } }
  try {
    await solve(plan(bad, vertex('slow'), vertex('never', 0, 1)), work, watch().io)
    assert.unreachable()
  } catch (error) {
    assert.is((error as ImgError).code, 'RUN_FAILED')
    assert.is((error as ImgError).at?.line, 7)
  }
  assert.equal(stopped, ['slow'])
  assert.ok(performance.now() - started < 2000)
})

solving('a cancelled build ends with BUILD_CANCELLED', async () => {
  const stop = new AbortController()
  const { io } = watch(stop.signal)
  const work = runners(async (_, { io }) => {
    stop.abort()
    io.signal.throwIfAborted()
  })
  try {
    await solve(plan(vertex('a'), vertex('b', 0)), work, io)
    assert.unreachable()
  } catch (error) {
    assert.is((error as ImgError).code, 'BUILD_CANCELLED')
    assert.is((error as ImgError).exit, 130)
  }
})

solving('every op tells that it started, and how it ended', async () => {
  const { events, io } = watch()
  const work = runners(async (name, { cached }) => {
    if (name === 'known') cached()
  })
  await solve(plan(vertex('known'), vertex('new', 0)), work, io)
  assert.equal(
    events.map(({ type }) => type),
    ['start', 'cached', 'start', 'done'],
  )
})

solving('A20 a plan that refers to an output that is not there is refused', async () => {
  const broken: Vertex = { ...vertex('b'), inputs: [[0, 3]] }
  try {
    await solve(
      plan(vertex('a'), broken),
      runners(async () => {}),
      watch().io,
    )
    assert.unreachable()
  } catch (error) {
    assert.is((error as ImgError).code, 'GRAPH_INVALID')
  }
})

solving('a thousand ops in a chain are solved without deep recursion', async () => {
  const chain = Array.from({ length: 1000 }, (_, index) => vertex(`v${index}`, ...(index > 0 ? [index - 1] : [])))
  assert.is(
    (
      await solve(
        plan(...chain),
        runners(async () => {}),
        watch().io,
      )
    ).layers.length,
    1000,
  )
})

solving('A31 keys do not collide when parts are joined', () => {
  assert.is.not(hash(['ab', 'c']), hash(['a', 'bc']))
  assert.is.not(hash(['a', '']), hash(['a']))
  assert.is.not(snapshot([layer('a'), layer('b')]).key, snapshot([layer('ab')]).key)
})

solving.run()
