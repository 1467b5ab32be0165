import { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { openContext } from '../../../sdk/engine/context/context.ts'
import type { Entry, LocalContext, Records, StoredContent } from '../../../sdk/engine/ports.ts'
import { digestOf } from '../../../sdk/oci/digest.ts'
import { assert, suite } from '../../helpers/suite.ts'
import { withFolder } from '../op/lab.ts'

const memory = suite('engine/context/memory')

const tar = digestOf('a tar')

/** Records in memory, and a store that answers with the offset in place of the content. */
function parts() {
  const values = new Map<string, string>()
  const records: Records = {
    get: async (kind, key) => (values.has(`${kind} ${key}`) ? JSON.parse(values.get(`${kind} ${key}`)!) : undefined),
    put: async (kind, key, value) => void values.set(`${kind} ${key}`, JSON.stringify(value)),
    delete: async (kind, key) => void values.delete(`${kind} ${key}`),
  }
  let there = true
  return {
    records,
    read: ({ offset }: StoredContent) => (there ? [Buffer.from(`at ${offset}`)] : undefined),
    lose: () => {
      there = false
    },
  }
}

const textOf = (context: LocalContext, entry: Entry) => Buffer.concat([...context.read(entry)]).toString()

/** What a build would see of the files, by path: `at N` where it would not be read. */
async function seen(folder: string, memory: ReturnType<typeof parts>, paths: readonly string[]) {
  const context = openContext(folder, { memory })
  await context.contents!.recall()
  const all = paths.map((path) => [path, textOf(context, context.entry(path)!)])
  context.close()
  return Object.fromEntries(all)
}

/** A build that learns of all files. */
async function learnAll(folder: string, memory: ReturnType<typeof parts>, paths: readonly string[]): Promise<void> {
  const context = openContext(folder, { memory })
  await context.contents!.recall()
  for (const [offset, path] of paths.entries()) {
    const entry = context.entry(path)!
    if (entry.digest) continue
    context.contents!.learn(path, { digest: digestOf(textOf(context, entry)), tar, offset })
  }
  await context.contents!.keep()
  context.close()
}

const paths = ['a', 'd/b', 'd/c']

memory('files that are as they were are not read again, and have digests', async () => {
  await withFolder({ a: 'one', 'd/b': 'two', 'd/c': 'six' }, async (folder) => {
    const kept = parts()
    await sleep(60)
    assert.equal(await seen(folder, kept, paths), { a: 'one', 'd/b': 'two', 'd/c': 'six' })
    await learnAll(folder, kept, paths)
    assert.equal(await seen(folder, kept, paths), { a: 'at 0', 'd/b': 'at 1', 'd/c': 'at 2' })
    const context = openContext(folder, { memory: kept })
    assert.is(context.entry('a')!.digest, undefined, 'nothing is loaded unless asked for')
    await context.contents!.recall()
    assert.is(context.entry('a')!.digest, digestOf('one'))
    context.close()
    kept.lose()
    assert.equal(await seen(folder, kept, paths), { a: 'one', 'd/b': 'two', 'd/c': 'six' }, 'the tar is gone')
  })
})

memory('A31 what was written, replaced, renamed, or given its old times is read again', async () => {
  await withFolder({ a: 'one', 'd/b': 'two', 'd/c': 'six' }, async (folder) => {
    const kept = parts()
    const old = new Date(1_000_000_000_000)
    for (const path of paths) utimesSync(`${folder}/${path}`, old, old)
    await sleep(60)
    await learnAll(folder, kept, paths)
    appendFileSync(`${folder}/a`, '!')
    // the same size, the same times of modification: only the inode or the time of change tells
    writeFileSync(`${folder}/d/b`, 'TWO')
    utimesSync(`${folder}/d/b`, old, old)
    writeFileSync(`${folder}/new`, 'SIX')
    utimesSync(`${folder}/new`, old, old)
    renameSync(`${folder}/new`, `${folder}/d/c`)
    assert.equal(await seen(folder, kept, paths), { a: 'one!', 'd/b': 'TWO', 'd/c': 'SIX' })
    await sleep(60)
    await learnAll(folder, kept, ['a'])
    assert.equal(await seen(folder, kept, paths), { a: 'at 0', 'd/b': 'TWO', 'd/c': 'SIX' })
    renameSync(`${folder}/d`, `${folder}/e`)
    mkdirSync(`${folder}/d`)
    writeFileSync(`${folder}/d/b`, 'new')
    assert.equal(await seen(folder, kept, ['d/b', 'e/b']), { 'd/b': 'new', 'e/b': 'TWO' })
  })
})

memory('what changed a moment before it was listed is not remembered', async () => {
  await withFolder({ a: 'one' }, async (folder) => {
    const kept = parts()
    writeFileSync(`${folder}/a`, 'two')
    await learnAll(folder, kept, ['a'])
    assert.equal(await seen(folder, kept, ['a']), { a: 'two' })
  })
})

memory('whoever learns anew trusts nothing, and teaches the next', async () => {
  await withFolder({ a: 'one' }, async (folder) => {
    const kept = parts()
    await sleep(60)
    await learnAll(folder, kept, ['a'])
    const anew = { ...kept, anew: true }
    assert.equal(await seen(folder, anew, ['a']), { a: 'one' })
    await learnAll(folder, anew, ['a'])
    assert.equal(await seen(folder, kept, ['a']), { a: 'at 0' })
  })
})

memory('builds that look at other directories of a context keep what was known', async () => {
  await withFolder({ 'd/b': 'two', 'e/c': 'six' }, async (folder) => {
    const kept = parts()
    await sleep(60)
    await learnAll(folder, kept, ['d/b'])
    await learnAll(folder, kept, ['e/c'])
    assert.equal(await seen(folder, kept, ['d/b', 'e/c']), { 'd/b': 'at 0', 'e/c': 'at 0' })
    rmSync(`${folder}/d/b`)
    const context = openContext(folder, { memory: kept })
    await context.contents!.recall()
    assert.is(context.entry('d/b'), undefined)
    context.close()
    assert.is(readFileSync(`${folder}/e/c`, 'utf8'), 'six')
  })
})

memory.run()
