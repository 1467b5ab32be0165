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

build.run()
