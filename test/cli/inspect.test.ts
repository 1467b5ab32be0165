import { assert, suite } from '../helpers/suite.ts'
import { inFolder } from './imgsdk.ts'

const inspect = suite('cli/inspect')

const fails = async (name: string, expected: RegExp) => {
  const { imgsdk } = inFolder({ 'image.tar': 'not looked into', Dockerfile: 'FROM scratch\nLABEL a=b\n' })
  const { code, stderr } = await imgsdk(['inspect', name, '--store', 'store'])
  assert.is(code, 1)
  assert.match(stderr, expected)
}

inspect('shows a layout folder that is named by its path', async () => {
  const { imgsdk } = inFolder({ Dockerfile: 'FROM scratch\nLABEL a=b\n' })
  const built = await imgsdk(['build', '--store', 'store', '--output', 'type=oci,tar=false,dest=out'])
  assert.is(built.code, 0, built.stderr)
  const { code, stdout, stderr } = await imgsdk(['inspect', './out', '--store', 'store'])
  assert.is(code, 0, stderr)
  assert.match(stdout, /label +a=b/)
})

inspect('an archive is not looked for in a registry: it says how to unpack it', async () => {
  for (const name of ['image.tar', './image.tar']) await fails(name, /^UNSUPPORTED[\s\S]*hint: unpack .* tar -xf/)
})

inspect('a path where there is nothing is told as a path', async () => {
  await fails('./nothing', /^IMAGE_NOT_FOUND\n {2}there is no file or folder ".\/nothing"/)
})

inspect.run()
