import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { assert, suite } from '../helpers/suite.ts'
import { inFolder } from './imgsdk.ts'

const build = suite('cli/build')

const dockerfile = { Dockerfile: 'FROM scratch\nCOPY Dockerfile /\n' }

build('a metadata file that cannot be written is told without a stack trace', async () => {
  const { imgsdk } = inFolder(dockerfile)
  for (const file of ['Dockerfile/here.json', '.']) {
    const { code, stderr } = await imgsdk(['build', '--store', 'store', '--metadata-file', file])
    assert.is(code, 1, stderr)
    assert.not.match(stderr, /COPY/, 'told before anything runs')
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

build('the metadata names the image as buildx does', async () => {
  const { imgsdk, folder } = inFolder(dockerfile)
  const metadata = async (...args: string[]) => {
    const { code, stderr } = await imgsdk(['build', '--store', 'store', '--metadata-file', 'new/m.json', ...args])
    assert.is(code, 0, stderr)
    return JSON.parse(readFileSync(join(folder, 'new/m.json'), 'utf8')) as Record<string, unknown>
  }
  const { 'image.name': name, ...rest } = await metadata('-t', 'app:1', '-t', 'registry.example.com/app')
  assert.is(name, 'docker.io/library/app:1,registry.example.com/app:latest')
  assert.equal(Object.keys(rest).sort(), [
    'containerimage.config.digest',
    'containerimage.descriptor',
    'containerimage.digest',
    'outputs',
  ])
  assert.not('image.name' in (await metadata()))
  assert.is((await metadata('-o', 'type=oci,dest=a.tar,name=other'))['image.name'], 'docker.io/library/other:latest')
})

build('an output that cannot be written is told before anything runs', async () => {
  const { imgsdk, folder } = inFolder({ ...dockerfile, 'full/x': '' })
  for (const output of ['type=oci,dest=full', 'type=local,dest=full', 'type=tar,dest=Dockerfile/a.tar', 'full']) {
    const { code, stderr } = await imgsdk(['build', '--store', 'store', '-t', 'app', '-o', output])
    assert.is(code, 1, stderr)
    assert.match(stderr, /^EXPORT_FAILED/)
    assert.equal(readdirSync(join(folder, 'full')), ['x'])
  }
  assert.match((await imgsdk(['images', '--store', 'store'])).stdout, /no images/)
  const push = await imgsdk(['build', '--store', 'store', '--push'])
  assert.is(push.code, 2)
  assert.match(push.stderr, /^USAGE\n {2}the image to push has no name\n {2}hint: give it one with -t/)
})

build('an output or a context that there is not: what was perhaps meant', async () => {
  const { imgsdk } = inFolder({ ...dockerfile, 'service/Dockerfile': 'FROM scratch\n' })
  const hints: readonly (readonly [args: readonly string[], said: RegExp])[] = [
    [['-o', 'type=ocl'], /no output type "ocl"[\s\S]*hint: did you mean type=oci\?/],
    [['-o', 'type=nope'], /no output type "nope"; expected oci, [\s\S]*hint: type=oci,dest=FILE/],
    [['--context', 'Dockerfile'], /context "Dockerfile" is a file; expected a folder\n {2}hint: .*in, \.;/],
    [['--context', 'sevrice'], /context "sevrice" is not there\n {2}hint: did you mean service\?/],
    [['-f', 'Dockerfile', 'service', '--context', '.'], /two build contexts are given: "service" and --context "\."/],
  ]
  for (const [args, said] of hints) {
    const { code, stderr } = await imgsdk(['build', '--store', 'store', ...args])
    assert.is(code, 2, stderr)
    assert.match(stderr, said)
  }
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
