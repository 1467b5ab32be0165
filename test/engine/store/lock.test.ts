import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openLocks } from '../../../sdk/engine/store/lock.ts'
import { owner, ownerState } from '../../../sdk/engine/store/owner.ts'
import { testIo } from '../../helpers/image.ts'
import { must } from '../../helpers/program.ts'
import { assert, suite } from '../../helpers/suite.ts'
import { temporaryFolder } from '../../helpers/temporary.ts'

const lock = suite('engine/store/lock')

let count = 0
const locksIn = (folder: string) => openLocks(folder, () => join(folder, `..`, `made-${process.pid}-${++count}`))
const folderOfLocks = () => {
  const folder = join(temporaryFolder(), 'locks')
  mkdirSync(folder)
  return folder
}

/** A process that holds the lock until it is killed. */
const holder = async (folder: string) => {
  const module = new URL('../../../sdk/engine/store/lock.js', import.meta.url).href
  const code = `
    const { openLocks } = await import(${JSON.stringify(module)})
    const locked = openLocks(${JSON.stringify(folder)}, () => ${JSON.stringify(join(folder, '../holder'))})
    await locked('key', () => new Promise((done) => { console.log('held'); setTimeout(done, 60000) }))`
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] })
  await new Promise((resolve) => child.stdout.once('data', resolve))
  return child
}

lock('one at a time per key, in the order of asking; other keys do not wait', async () => {
  const locked = locksIn(folderOfLocks())
  const seen: string[] = []
  const work = (name: string, key: string, time: number) =>
    locked(key, async () => {
      seen.push(`${name} in`)
      await sleep(time)
      seen.push(`${name} out`)
    })
  await Promise.all([work('one', 'a', 40), work('two', 'a', 1), work('other', 'b', 5)])
  assert.equal(seen, ['one in', 'other in', 'other out', 'one out', 'two in', 'two out'])
})

lock('a failure passes the lock on', async () => {
  const folder = folderOfLocks()
  const locked = locksIn(folder)
  const fail = locked('key', async () => {
    throw new Error('no')
  })
  assert.is(await fail.catch((error) => error.message), 'no')
  assert.is(await locked('key', async () => 'mine'), 'mine')
  assert.equal(readdirSync(folder), [])
})

lock('a lock of a process that was killed is taken over, that of a living one is not', async () => {
  const folder = folderOfLocks()
  const child = await holder(folder)
  const locked = locksIn(folder)
  let got = false
  const mine = locked('key', async () => {
    got = true
  })
  await sleep(150)
  assert.is(got, false)
  child.kill('SIGKILL')
  await mine
  assert.is(got, true)
})

lock('many processes after a dead one: still one at a time', async () => {
  const folder = folderOfLocks()
  const child = await holder(folder)
  child.kill('SIGKILL')
  const counter = join(folder, '../counter')
  writeFileSync(counter, '0')
  const module = new URL('../../../sdk/engine/store/lock.js', import.meta.url).href
  const code = (me: number) => `
    const { openLocks } = await import(${JSON.stringify(module)})
    const { readFileSync, writeFileSync } = await import('node:fs')
    let n = 0
    const locked = openLocks(${JSON.stringify(folder)}, () => ${JSON.stringify(folder)} + '/../made-${me}-' + ++n)
    for (let at = 0; at < 25; at++) await locked('key', async () => {
      const before = Number(readFileSync(${JSON.stringify(counter)}, 'utf8'))
      await new Promise((done) => setTimeout(done, 1))
      writeFileSync(${JSON.stringify(counter)}, String(before + 1))
    })`
  await Promise.all([1, 2, 3, 4].map((me) => must(process.execPath, ['--input-type=module', '-e', code(me)])))
  assert.is(readFileSync(counter, 'utf8'), '100')
})

lock('an owner of another machine counts as dead after a minute of silence', async () => {
  const folder = folderOfLocks()
  const locked = locksIn(folder)
  await locked('key', async () => {
    const [name] = readdirSync(folder)
    renameSync(join(folder, name!), join(folder, '../aside'))
    mkdirSync(join(folder, name!))
    writeFileSync(join(folder, name!, 'ffffffff-1-1'), '')
  })
  const io = testIo()
  const waiting = locked('key', async () => 'got it', io)
  await sleep(50)
  io.cancel()
  assert.is(await waiting.catch((error) => error.code), 'BUILD_CANCELLED')
  const [name] = readdirSync(folder)
  const longAgo = Date.now() / 1000 - 70
  utimesSync(join(folder, name!, 'ffffffff-1-1'), longAgo, longAgo)
  assert.is(await locked('key', async () => 'got it'), 'got it')
})

lock('waiting ends when the build is interrupted, within a process too', async () => {
  const folder = folderOfLocks()
  const locked = locksIn(folder)
  const first = locked('key', () => sleep(300))
  const io = testIo()
  const second = locked('key', async () => 'second', io)
  const third = locked('key', async () => 'third')
  io.cancel()
  assert.is(await second.catch((error) => error.code), 'BUILD_CANCELLED')
  await first
  assert.is(await third, 'third')
  assert.not.ok(existsSync(join(folder, 'key')))
})

lock('a process is told from another that has its number', () => {
  const [machine, pid, start] = owner().split('-')
  assert.is(ownerState(owner()), 'alive')
  assert.is(ownerState(`${machine}-${pid}-${Number(start) + 1}`), 'dead')
  assert.is(ownerState(`${machine}-4194305-1`), 'dead')
  assert.is(ownerState(`ffffffff-${pid}-${start}`), 'unknown')
})

lock.run()
