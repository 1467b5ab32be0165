/** A base image out of an OCI layout folder, by way of a named context. No root, no network, no daemon. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from '../../sdk/engine/index.ts'
import { from, parse, scratch } from '../../sdk/index.ts'
import { assert, suite } from '../helpers/suite.ts'
import { temporaryFolder } from '../helpers/temporary.ts'

const layouts = suite('verb/layout-context')

layouts('D9.23 oci-layout:// is a base like any other, and its layers are reused untouched', async () => {
  const context = temporaryFolder()
  writeFileSync(join(context, 'a.txt'), 'a')
  const layout = join(temporaryFolder(), 'layout')
  const base = await build(scratch().copy('a.txt', '/a.txt').env({ WHO: 'base' }), {
    store: join(temporaryFolder(), 'one'),
    context,
    outputs: [`type=oci,tar=false,name=app:1,dest=${layout}`],
  })
  const out = join(temporaryFolder(), 'out')
  const contexts = new Map([['base', { kind: 'image', ref: `oci-layout://${layout}:1` } as const]])
  const store = join(temporaryFolder(), 'two')
  const built = await build(parse('FROM base\nCOPY --from=base /a.txt /b-$WHO.txt\n'), {
    store,
    contexts,
    outputs: [`type=local,dest=${out}`],
  })
  assert.is(built.manifest, undefined)
  const image = await build(from('base').label({ x: 'y' }), { store, contexts, outputs: [`type=oci,dest=${out}.tar`] })
  assert.is(image.layers[0]!.digest, base.layers[0]!.digest)
  assert.is(image.layers[0]!.base, true)
})

layouts.run()
