/** A job that is broken at each of its steps, and what must be true of the store afterwards. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { openStore } from '../../../sdk/engine/open.ts'
import { layerOf, noise } from '../../helpers/image.ts'
import { run } from '../../helpers/program.ts'
import { assert, type suite } from '../../helpers/suite.ts'
import { temporaryFolder } from '../../helpers/temporary.ts'
import { raw } from '../layer/lab.ts'
import type { Done, Job } from './job.ts'

const script = new URL('./job.js', import.meta.url).pathname

/** A layer in a file, for the job to fetch. */
export const fetched = () => {
  const tar = raw(
    { name: 'b', type: 'directory' },
    { name: 'b/one', text: noise('one', 3000) },
    { name: 'b/two', text: 'two' },
  )
  const { descriptor, diffId } = layerOf(tar)
  const path = join(temporaryFolder(), 'blob')
  writeFileSync(path, gzip(tar))
  return { path, digest: descriptor.digest, size: descriptor.size, diffId }
}

const gzip = (bytes: Uint8Array) => gzipSync(bytes, { level: 1 })

const start = (job: Job) => run(process.execPath, [script, JSON.stringify(job)])

export const finish = async (job: Job): Promise<Done> => {
  const { stdout, stderr, code } = await start(job)
  if (code !== 0) throw new Error(`the job failed: ${stdout} ${stderr}`)
  return JSON.parse(stdout)
}

/** The store is as if nothing had ever happened to it: verified, and everything in it is what it should be. */
export const sound = async (job: Job, expected: Done, when: string) => {
  const done = await finish({ folder: job.folder, blob: job.blob })
  const { calls: _, directory, ...digests } = done
  assert.equal(
    digests,
    { base: expected.base, packed: expected.packed, upper: expected.upper, compressed: expected.compressed },
    when,
  )
  assert.ok(readFileSync(join(directory, 'b/one')).equals(noise('one', 3000)), when)
  const store = await openStore(job.folder)
  assert.equal(await store.verify(), [], when)
  assert.is((await store.images.get('result'))?.digest, expected.compressed, when)
  await store.close()
  assert.equal(readdirSync(join(job.folder, 'tmp')), [], `${when}: tmp is swept`)
}

/** How often the job is broken: at each of its calls, or fewer of them spread evenly where there are many. */
const steps = (calls: number, most: number) => {
  const step = Math.max(1, Math.ceil(calls / most))
  return [...Array(Math.ceil(calls / step)).keys()].map((at) => at * step + 1)
}

export const undisturbed = async () => {
  const blob = fetched()
  const folder = join(temporaryFolder(), 'store')
  const expected = await finish({ folder, blob, fault: { kind: 'kill', call: 1_000_000 } })
  assert.ok(expected.calls > 30, `${expected.calls} calls`)
  return { blob, expected }
}

/** Adds the tests to a suite; each breaks the job at `most` of its steps at most. */
export function breakingTests(test: ReturnType<typeof suite>, most: number): void {
  test('A32 killed at any step, the next build makes what an undisturbed one makes', async () => {
    const { blob, expected } = await undisturbed()
    for (const call of steps(expected.calls, most)) {
      const folder = join(temporaryFolder(), 'store')
      const { code } = await start({ folder, blob, fault: { kind: 'kill', call } })
      assert.is(code, -1, `call ${call} of ${expected.calls} was not reached`)
      await sound({ folder, blob }, expected, `killed at call ${call}`)
      rmSync(folder, { recursive: true })
    }
  })

  test('A32 with the disk full at any write, it says which file, and works once there is room', async () => {
    const { blob, expected } = await undisturbed()
    for (const call of steps(expected.calls, most)) {
      const folder = join(temporaryFolder(), 'store')
      const { stdout, code } = await start({ folder, blob, fault: { kind: 'full', call } })
      if (code !== 0) {
        const error = JSON.parse(stdout)
        assert.is(error.code, 'DISK_FULL', `call ${call}: ${stdout}`)
        assert.match(error.detail.path, folder)
        assert.match(error.message, error.detail.path)
      }
      await sound({ folder, blob }, expected, `full at call ${call}`)
      rmSync(folder, { recursive: true })
    }
  })
}
