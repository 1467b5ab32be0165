import fc from 'fast-check'
import { codec } from '../../../sdk/engine/layer/codec.ts'
import { encodeEntry, encodePlain } from '../../../sdk/engine/layer/encode.ts'
import { PlainBlocks } from '../../../sdk/engine/layer/plain-block.ts'
import type { PackEntry } from '../../../sdk/engine/ports.ts'
import { assert, suite } from '../../helpers/suite.ts'

const plain = suite('engine/layer/plain-block')

const ids = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0o777777 }), fc.integer({ min: 0, max: 2 ** 31 }))
const names = fc.array(fc.string({ minLength: 1, maxLength: 60 }), { minLength: 1, maxLength: 3 })
const entry: fc.Arbitrary<PackEntry> = fc.record({
  path: names.map((parts) => parts.map((part) => part.replaceAll(/[/\0]/g, '_')).join('/')),
  type: fc.constantFrom('file', 'directory'),
  mode: fc.integer({ min: 0, max: 0o7777 }),
  uid: ids,
  gid: ids,
  size: fc.oneof(fc.nat(), fc.integer({ min: 0, max: 2 ** 34 })),
  mtime: fc.oneof(fc.nat(), fc.integer({ min: -(2 ** 33), max: 2 ** 33 })),
})

plain('the blocks are those of the codec, whatever came before', () => {
  const blocks = new PlainBlocks(codec())
  let quick = 0
  const property = fc.property(entry, (what) => {
    const made = encodePlain(blocks, what)
    if (!made) return
    quick++
    const [block, ...more] = encodeEntry(codec(), what)
    assert.is(more.length, 0)
    assert.equal(Buffer.from(made).toString('latin1'), Buffer.from(block!).toString('latin1'))
  })
  fc.assert(property, { numRuns: 5000, seed: 7 })
  assert.ok(quick > 500, `only ${quick} blocks were plain`)
})

plain('what does not fit is left to the codec', () => {
  const blocks = new PlainBlocks(codec())
  const file: PackEntry = { path: 'a', type: 'file', mode: 0o644, uid: 0, gid: 0, size: 1, mtime: 1 }
  assert.ok(encodePlain(blocks, file))
  for (const odd of [
    { path: 'ü' },
    { path: 'n'.repeat(101) },
    { uid: 0o1000000 },
    { mtime: -1 },
    { mtime: 2 ** 31 },
    { size: 2 ** 33 },
    { xattrs: { 'user.a': Buffer.from('b') } },
    { type: 'symlink', link: 'x' },
  ] as const) {
    assert.is(encodePlain(blocks, { ...file, ...odd }), undefined, JSON.stringify(odd))
  }
})

plain.run()
