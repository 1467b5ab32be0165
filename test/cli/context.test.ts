import { chmodSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { run } from '../helpers/program.ts'
import { assert, suite } from '../helpers/suite.ts'
import { inFolder, main } from './imgsdk.ts'

const context = suite('cli/context')

const files = {
  Dockerfile: 'FROM scratch\n',
  'a.txt': 'abc',
  'logs/a.log': '12345',
  'logs/keep.log': '1',
  'node_modules/x/i.js': '1',
  '.dockerignore': '# no\nnode_modules\nlogs/*\n!logs/keep.log\n',
}

context('ls lists what goes in, with sizes and the line that let it in', async () => {
  const { imgsdk } = inFolder(files)
  const { stdout, code } = await imgsdk(['context', 'ls'])
  assert.is(code, 0)
  assert.equal(stdout.split('\n'), [
    '40 B  .dockerignore',
    '13 B  Dockerfile',
    ' 3 B  a.txt',
    ' 1 B  logs/keep.log  line 4: !logs/keep.log',
    '4 files, 57 B, .dockerignore applied',
    '',
  ])
  const json = JSON.parse((await imgsdk(['context', 'ls', '--json'])).stdout)
  assert.equal([json.files, json.bytes], [4, 57])
})

context('--why names the deciding line', async () => {
  const { folder, imgsdk } = inFolder(files)
  const why = async (path: string) => (await imgsdk(['context', 'ls', folder, '--why', path])).stdout
  assert.is(await why('node_modules/x/i.js'), 'node_modules/x/i.js does not go in\n.dockerignore:2  node_modules\n')
  assert.is(await why('logs/keep.log'), 'logs/keep.log goes in\n.dockerignore:4  !logs/keep.log\n')
  assert.is(await why('a.txt'), 'a.txt goes in\nno line of .dockerignore applies to it\n')
  assert.match(
    await why(`${folder}/logs/new.log`),
    'logs/new.log would not go in (there is no such file)\n.dockerignore:3',
  )
  assert.is((await imgsdk(['context', 'ls', '--why', '../x'])).code, 1)
})

context(
  'D7.1 a dockerfile that is named has its own ignore file, one taken for want of a Dockerfile that of both',
  async () => {
    const { imgsdk } = inFolder({ dockerfile: 'FROM scratch\n', x: 'x', 'Dockerfile.dockerignore': 'x\n' })
    const applied = async (...options: string[]) =>
      /, ([^,\n]*)\n?$/.exec((await imgsdk(['context', 'ls', ...options])).stdout)![1]
    assert.is(await applied(), 'Dockerfile.dockerignore applied')
    assert.is(await applied('-f', 'Dockerfile'), 'Dockerfile.dockerignore applied')
    assert.is(await applied('-f', 'dockerfile'), 'no ignore file')
  },
)

context("a Dockerfile's own ignore file goes first; without any, everything goes in", async () => {
  const { imgsdk } = inFolder({ ...files, 'Dockerfile.dockerignore': '*\n' })
  assert.match((await imgsdk(['context', 'ls'])).stdout, '0 files, 0 B, Dockerfile.dockerignore applied')
  const bare = inFolder({ x: 'x', 'image.ts': '' })
  assert.match((await bare.imgsdk(['context', 'ls'])).stdout, '2 files, 1 B, no ignore file')
  assert.is((await bare.imgsdk(['context', 'show'])).code, 2)
})

context('a name on one line each, whatever is in it; --json has it as it is', async () => {
  const name = 'new\nline\t\u001b[31m\u202e'
  const { imgsdk } = inFolder({ Dockerfile: 'FROM scratch\n', [name]: 'x' })
  const { stdout } = await imgsdk(['context', 'ls'])
  assert.equal(stdout.split('\n')[1], ' 1 B  new\\nline\\t\\x1b[31m\\u202e')
  const json = JSON.parse((await imgsdk(['context', 'ls', '--json'])).stdout)
  assert.is(json.entries[1].path, name)
  const bytes = inFolder({ '😀': '' })
  writeFileSync(Buffer.concat([Buffer.from(`${bytes.folder}/`), Buffer.of(0x61, 0xff)]), 'x')
  assert.match((await bytes.imgsdk(['context', 'ls'])).stdout, /^1 B {2}a\\xff\n0 B {2}😀\n/)
})

context('--why of a path through a link tells of the link, which goes in as a link', async () => {
  const { folder, imgsdk } = inFolder({ ...files, 'src/a': 'a' })
  symlinkSync('src', join(folder, 'link'))
  symlinkSync('src', join(folder, 'logs/link'))
  const why = async (path: string, ...more: string[]) =>
    (await imgsdk(['context', 'ls', '--why', path, ...more])).stdout
  assert.is(
    await why('link/a'),
    'link/a leads through the link link, which is all that goes in, or not:\nlink goes in\nno line of .dockerignore applies to it\n',
  )
  assert.match(await why('logs/link/a'), 'logs/link does not go in\n.dockerignore:3')
  const { exists, ignored, link } = JSON.parse(await why('link/a', '--json'))
  assert.equal([exists, ignored, link.path, link.ignored], [false, true, 'link', false])
  assert.is(await why('link'), 'link goes in\nno line of .dockerignore applies to it\n')
})

context.needs(
  ['root', 'setpriv'],
  '--why of what lies in an excluded folder that cannot be read needs no reading',
  async () => {
    const { folder } = inFolder({ 'secret/f': 'x', 'open/f': 'x', '.dockerignore': 'secret\n' })
    chmodSync(join(folder, 'secret'), 0o700)
    for (const path of [folder, dirname(folder)]) chmodSync(path, 0o755)
    const why = (path: string) =>
      run(
        'setpriv',
        [
          '--reuid=65534',
          '--regid=65534',
          '--clear-groups',
          process.execPath,
          main,
          'context',
          'ls',
          folder,
          '--why',
          path,
        ],
        {
          cwd: folder,
          env: { HOME: folder },
        },
      )
    const { code, stdout, stderr } = await why('secret/f')
    assert.is(code, 0, stderr)
    assert.is(stdout, 'secret/f does not go in\n.dockerignore:1  secret\n')
  },
)

context.run()
