/** Pulls: how much at once, and what is left when one layer cannot be had. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pullImage } from '../../sdk/engine/index.ts'
import { openRegistries } from '../../sdk/engine/registry/registries.ts'
import { ImgError } from '../../sdk/error.ts'
import { push } from '../../sdk/export/push.ts'
import { imageOf, randomLayer, testIo } from '../helpers/image.ts'
import { type Fault, startRegistry } from '../helpers/registry.ts'
import { assert, suite } from '../helpers/suite.ts'
import { temporaryFolder } from '../helpers/temporary.ts'

const pull = suite('verb/pull')

/** An image of that many layers, the last of them twice, in a registry that does as `fault` says once it is there. */
async function withImage(count: number, fault: Fault, work: (ref: string, store: string) => Promise<void>) {
  let isThere = false
  const registry = await startRegistry({ fault: (request, response) => isThere && fault(request, response) })
  const registries = openRegistries({ credentials: async () => ({}) })
  try {
    const layers = await Promise.all(Array.from({ length: count }, (_, n) => randomLayer(`${n}`, 20_000)))
    const ref = `${registry.host}/app:1`
    await push(imageOf({ layers: [...layers, layers.at(-1)!] }), [ref], { registries }, testIo())
    isThere = true
    await work(ref, join(temporaryFolder(), 'store'))
  } finally {
    await registries.close()
    await registry.stop()
  }
}

const isLayer = (url = '') => /\/blobs\//.test(url)

pull.needs(['docker-registry'], 'fetches six layers at once and no more, and none twice', async () => {
  let [now, most] = [0, 0]
  const asked: string[] = []
  const slow: Fault = async (request, response) => {
    if (!isLayer(request.url)) return false
    asked.push(request.url!)
    most = Math.max(most, ++now)
    response.on('close', () => now--)
    await sleep(50)
    return false
  }
  await withImage(14, slow, async (ref, store) => {
    const { layers } = await pullImage(ref, { store })
    assert.is(layers.length, 15)
    assert.is(most, 6)
    assert.is(new Set(asked).size, asked.length)
    assert.is(asked.length, 15) // the config is one more
  })
})

pull.needs(['docker-registry'], 'a layer that cannot be had ends the others, and names no image', async () => {
  let refused = 0
  const fault: Fault = async (request, response) => {
    if (!isLayer(request.url)) return false
    if (++refused !== 4) return false
    response.writeHead(403).end()
    return true
  }
  await withImage(14, fault, async (ref, store) => {
    const error = await pullImage(ref, { store }).then(
      () => undefined,
      (error: unknown) => error,
    )
    assert.instance(error, ImgError)
    assert.is((error as ImgError).code, 'REGISTRY_REFUSED')
    assert.ok(refused < 12, `${refused} layers were asked for`)
    assert.equal(readdirSync(join(store, 'tmp')), [])
    const again = await pullImage(ref, { store })
    assert.is(again.layers.length, 15)
  })
})

pull.run()
