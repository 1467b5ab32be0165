import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { assert, suite } from '../helpers/suite.ts'
import { inFolder } from './imgsdk.ts'

const build = suite('cli/build')

const dockerfile = { Dockerfile: 'FROM scratch\nCOPY Dockerfile /\n' }

build('a metadata file that cannot be written is told without a stack trace', async () => {
  const { imgsdk } = inFolder(dockerfile)
  for (const file of ['nothing/here.json', '.']) {
    const { code, stderr } = await imgsdk(['build', '--store', 'store', '--metadata-file', file])
    assert.is(code, 1, stderr)
    assert.match(stderr, /EXPORT_FAILED\n {2}--metadata-file ".*" cannot be written/)
    assert.not.match(stderr, /^ +at /m)
  }
})

build('a tag that is no reference is refused before anything is built', async () => {
  const { imgsdk, folder } = inFolder(dockerfile)
  const { code, stderr } = await imgsdk(['build', '--store', 'store', '-t', 'UPPER:1'])
  assert.is(code, 1)
  assert.match(stderr, /^REFERENCE_INVALID/)
  assert.not(existsSync(join(folder, 'store')))
})

build('an archive on standard output is followed by nothing', async () => {
  const { imgsdk } = inFolder(dockerfile)
  for (const more of [[], ['--json']]) {
    const { code, stdout, stderr } = await imgsdk(['build', '--store', 'store', '--output', 'type=oci', ...more])
    assert.is(code, 0, stderr)
    assert.match(stdout, /oci-layout/)
    assert.ok(stdout.endsWith('\0'.repeat(1024)), 'it ends as a tar does')
    assert.match(stderr, /sha256:/)
  }
})

build('an entitlement that there is not is refused', async () => {
  const { imgsdk } = inFolder(dockerfile)
  const { code, stderr } = await imgsdk(['build', '--store', 'store', '--allow', 'network.hots'])
  assert.is(code, 2)
  assert.match(stderr, /--allow network\.hots[\s\S]*did you mean network\.host\?/)
})

build.run()
