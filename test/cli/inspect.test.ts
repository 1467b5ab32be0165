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

inspect('shows the image of an archive', async () => {
  const { imgsdk } = inFolder({ Dockerfile: 'FROM scratch\nLABEL a=b\nCOPY Dockerfile /\n' })
  const built = await imgsdk(['build', '--store', 'store', '--output', 'type=oci,dest=image.tar', '-t', 'app:1'])
  assert.is(built.code, 0, built.stderr)
  for (const name of ['image.tar', './image.tar:1']) {
    const { code, stdout, stderr } = await imgsdk(['inspect', name, '--store', 'other'])
    assert.is(code, 0, stderr)
    assert.match(stdout, /label +a=b/)
    assert.match(stdout, /COPY Dockerfile \//)
  }
})

inspect('a file that is no image archive is not looked for in a registry', async () => {
  for (const name of ['image.tar', './image.tar'])
    await fails(name, /^IMAGE_INVALID\n {2}"(.\/)?image.tar" is not an image archive/)
})

inspect('a layout folder that is named like an image is hinted at', async () => {
  const { imgsdk } = inFolder({ Dockerfile: 'FROM scratch\nLABEL a=b\n' })
  await imgsdk(['build', '--store', 'store', '--output', 'type=oci,tar=false,dest=127.0.0.1:1/out'])
  const { code, stderr } = await imgsdk(['inspect', '127.0.0.1:1/out', '--store', 'store'])
  assert.is(code, 1)
  assert.match(stderr, /^REGISTRY_UNREACHABLE[\s\S]*hint: .*: imgsdk inspect \.\/127\.0\.0\.1:1\/out\n/)
})

inspect('one layer is one layer', async () => {
  const { imgsdk } = inFolder({
    Dockerfile: 'FROM scratch\nCOPY Dockerfile /\n',
    'app.Dockerfile': 'FROM base\nCOPY Dockerfile /b\n',
  })
  await imgsdk(['build', '--store', 'store', '-t', 'base'])
  await imgsdk(['build', '--store', 'store', '-f', 'app.Dockerfile', '.', '-t', 'app'])
  assert.match(
    (await imgsdk(['inspect', 'app', '--store', 'store'])).stdout,
    /base +docker.io\/library\/base:latest \(1 layer\)/,
  )
})

inspect('a path where there is nothing is told as a path', async () => {
  await fails('./nothing', /^IMAGE_NOT_FOUND\n {2}there is no file or folder ".\/nothing"/)
})

inspect.run()
