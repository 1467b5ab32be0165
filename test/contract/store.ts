/** What every blob store must do, as tests to be run against each. */
import { Readable } from 'node:stream'
import type { BlobStore } from '../../sdk/engine/ports.ts'
import { type Digest, digestOf } from '../../sdk/oci/digest.ts'
import { noise } from '../helpers/image.ts'
import { assert, type suite } from '../helpers/suite.ts'

const read = async (stream: Readable) => {
  const parts: Buffer[] = []
  for await (const part of stream) parts.push(part as Buffer)
  return Buffer.concat(parts)
}

const code = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no error',
    (error) => error.code,
  )

/** Adds the tests to a suite. `open` gives an empty store, `body` is handed it. */
export function blobStoreContract(
  test: ReturnType<typeof suite>,
  open: (body: (blobs: BlobStore) => Promise<void>) => Promise<void>,
): void {
  const bytes = noise('contract', 300_000)
  const digest = digestOf(bytes)
  const slices = () => Readable.from([bytes.subarray(0, 100_001), bytes.subarray(100_001)])

  test('gives back what was put, as bytes or as a stream', () =>
    open(async (blobs) => {
      assert.equal(await blobs.put(bytes), { digest, size: bytes.length })
      assert.ok((await read(await blobs.get(digest))).equals(bytes))
      const other = noise('other', 10)
      assert.equal(await blobs.put(Readable.from([other])), { digest: digestOf(other), size: 10 })
      assert.ok((await read(await blobs.get(digestOf(other)))).equals(other))
    }))

  test('knows what it has', () =>
    open(async (blobs) => {
      assert.is(await blobs.has(digest), false)
      assert.is(await code(blobs.get(digest)), 'IMAGE_NOT_FOUND')
      await blobs.put(slices())
      assert.is(await blobs.has(digest), true)
    }))

  test('holds the empty blob', () =>
    open(async (blobs) => {
      const { digest: empty } = await blobs.put(new Uint8Array())
      assert.is((await read(await blobs.get(empty))).length, 0)
    }))

  test('A27 keeps nothing that has another digest or size than was promised', () =>
    open(async (blobs) => {
      const wrong: { digest?: Digest; size?: number }[] = [
        { digest: digestOf('other') },
        { digest, size: bytes.length - 1 },
        { digest, size: bytes.length + 1 },
        { size: 0 },
      ]
      for (const expected of wrong) {
        assert.is(await code(blobs.put(slices(), expected)), 'DIGEST_MISMATCH', JSON.stringify(expected))
        assert.is(await blobs.has(digest), false)
      }
      assert.equal(await blobs.put(slices(), { digest, size: bytes.length }), { digest, size: bytes.length })
    }))

  test('A28 stops reading a body that is longer than was promised', () =>
    open(async (blobs) => {
      let given = 0
      const endless = Readable.from(
        (function* () {
          for (;;) {
            given += bytes.length
            yield bytes
          }
        })(),
      )
      assert.is(await code(blobs.put(endless, { digest, size: 1000 })), 'DIGEST_MISMATCH')
      assert.ok(given < 20 * bytes.length, `${given} bytes were read`)
      assert.ok(endless.destroyed)
    }))

  test('keeps nothing of a stream that fails', () =>
    open(async (blobs) => {
      const broken = Readable.from(
        (function* () {
          yield bytes
          throw new Error('the line went dead')
        })(),
      )
      assert.is(await code(blobs.put(broken)), undefined)
      assert.is(await blobs.has(digest), false)
    }))

  test('takes the same blob from several at once', () =>
    open(async (blobs) => {
      const all = await Promise.all([1, 2, 3, 4].map(() => blobs.put(slices(), { digest })))
      assert.equal(all[3], { digest, size: bytes.length })
      assert.ok((await read(await blobs.get(digest))).equals(bytes))
    }))

  test('A27 a digest is never a path', () =>
    open(async (blobs) => {
      for (const evil of ['sha256:../../x', '../x', 'sha256:', `sha256:${'A'.repeat(64)}`] as Digest[]) {
        assert.is(await code(blobs.get(evil)), 'DIGEST_INVALID', evil)
        assert.is(await code(blobs.has(evil)), 'DIGEST_INVALID', evil)
        assert.is(await code(blobs.put(bytes, { digest: evil })), 'DIGEST_INVALID', evil)
      }
    }))
}
