/** The third way into an image: changed by hand, and committed. */
import { join } from 'node:path'
import { build, importRootfs, inspectImage, shell } from '../../sdk/engine/index.ts'
import { from } from '../../sdk/index.ts'
import { busyboxRootfs } from '../helpers/rootfs.ts'
import { assert, suite } from '../helpers/suite.ts'
import { temporaryFolder } from '../helpers/temporary.ts'

const shelled = suite('verb/shell')
const needs = ['linux', 'busybox', 'root', 'runc']
const store = join(temporaryFolder(), 'store')

shelled.before(async () => {
  if (process.getuid?.() === 0)
    await importRootfs(await busyboxRootfs(), { store, tags: ['box:1'], config: { Env: ['WHO=me'] } })
})

shelled.needs(needs, 'what was changed becomes a layer of a new image, usable as FROM at once', async () => {
  const { exitCode, manifest } = await shell('box:1', {
    store,
    commit: 'box:2',
    command: ['sh', '-c', 'echo "$WHO" > /hi'],
  })
  assert.is(exitCode, 0)
  assert.ok(manifest)
  const image = await inspectImage('box:2', { store })
  assert.is(image.layers.length, 2)
  assert.match(image.layers[1]!.history!.created_by!, /^imgsdk shell box:1/)
  assert.equal(image.config.config?.Env, ['WHO=me'])
  const said: string[] = []
  await build(from('box:2').run('cat /hi'), {
    store,
    onEvent: (event) => {
      if (event.type === 'log') said.push(Buffer.from(event.bytes).toString())
    },
  })
  assert.is(said.join(''), 'me\n')
})

shelled('a name for the new image that is none is told before a shell is opened', async () => {
  const error = await shell('none:1', { store, commit: 'BAD NAME' }).catch((error) => error)
  assert.is(error.code, 'REFERENCE_INVALID')
})

shelled.needs(needs, 'without --commit the changes are thrown away, and the exit status is the command’s', async () => {
  assert.is((await shell('box:1', { store, command: ['sh', '-c', 'touch /gone; exit 3'] })).exitCode, 3)
  assert.is((await shell('box:1', { store, command: ['test', '!', '-e', '/gone'] })).exitCode, 0)
})

shelled.needs(needs, 'a shell that fails commits nothing', async () => {
  try {
    await shell('box:1', { store, commit: 'box:never', command: ['false'] })
    assert.unreachable()
  } catch (error) {
    assert.is((error as { code: string }).code, 'RUN_FAILED')
  }
  try {
    await inspectImage('box:never', { store })
    assert.unreachable()
  } catch (error) {
    assert.ok(
      ['IMAGE_NOT_FOUND', 'REGISTRY_UNREACHABLE', 'REGISTRY_REFUSED'].includes((error as { code: string }).code),
    )
  }
})

shelled.run()
