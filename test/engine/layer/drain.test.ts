import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openStore } from '../../../sdk/engine/open.ts'
import type { PackEntry } from '../../../sdk/engine/ports.ts'
import { must } from '../../helpers/program.ts'
import { assert, suite } from '../../helpers/suite.ts'
import { temporaryFolder } from '../../helpers/temporary.ts'
import { entries, failure, packed, withStore } from './lab.ts'

const drain = suite('engine/layer/drain')

/** Files of odd sizes, 20 MB of them: more than is packed without a thread. */
function many(seed = 0): PackEntry[] {
  const sizes = [0, 1, 511, 512, 513, 1 << 20, (1 << 20) + 1, 3_333_333]
  return Array.from({ length: 40 }, (_, n) => {
    const content = Buffer.alloc(sizes[n % sizes.length]!, `${seed} ${n} `)
    return entries({ [`file-${String(n).padStart(2, '0')}`]: { content } })[0]!
  })
}

drain('an archive is the same whether a thread wrote it or not', async () => {
  await withStore(async (store) => {
    const here = await packed(many())
    const layer = await store.layers.pack(many())
    const { diffId, path } = await layer.tar()
    assert.is(diffId, here.diffId)
    assert.ok(readFileSync(path).equals(here.tar))
    const { entries: indexed } = await layer.index()
    assert.is(indexed.size, 40)
    for (const { path, content } of many()) {
      const bytes = Buffer.concat([...content!()])
      assert.is(indexed.get(path)!.digest, `sha256:${createHash('sha256').update(bytes).digest('hex')}`, path)
      assert.is(here.index.entries.get(path)!.digest, indexed.get(path)!.digest)
    }
  })
})

drain('several archives at once do not mix', async () => {
  await withStore(async (store) => {
    const layers = await Promise.all([1, 2, 3, 4].map((seed) => store.layers.pack(many(seed))))
    for (const [at, layer] of layers.entries()) assert.is(layer.id, (await packed(many(at + 1))).diffId)
  })
})

drain('when reading fails half-way nothing is kept, and the next archive is right', async () => {
  await withStore(async (store) => {
    const files = many()
    const broken = function* () {
      yield* files.slice(0, 30)
      throw new Error('the disk was unplugged')
    }
    const error = await failure(store.layers.pack(broken()))
    assert.match(error.message, /unplugged/)
    assert.is((await store.layers.pack(many())).id, (await packed(many())).diffId)
  })
})

drain.needs(['root', 'linux', 'mount'], 'A32 a disk that fills up while a thread writes is DISK_FULL', async () => {
  const folder = join(temporaryFolder(), 'small')
  mkdirSync(folder)
  await must('mount', ['-t', 'tmpfs', '-o', 'size=12m', 'tmpfs', folder])
  try {
    const store = await openStore(join(folder, 'store'))
    try {
      const error = await failure(store.layers.pack(many()))
      assert.is(error.code, 'DISK_FULL')
      const [small] = many().slice(1, 2)
      assert.is((await store.layers.pack([small!])).id, (await packed([small!])).diffId)
    } finally {
      await store.close()
    }
  } finally {
    await must('umount', [folder])
  }
})

drain.run()
