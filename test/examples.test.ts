import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { graphDigest, parse } from '../sdk/index.ts'
import { imgsdk } from './helpers/cli.ts'
import { run } from './helpers/program.ts'
import { assert, projectRoot, suite } from './helpers/suite.ts'
import { temporaryFolder } from './helpers/temporary.ts'

const examples = suite('examples')
const folder = join(projectRoot(), 'examples')
const names = readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))

examples('there are some', () => assert.ok(names.length >= 3, names.join(', ')))

for (const name of names) {
  examples(`${name}: image.ts and Dockerfile are the same image`, async () => {
    const { status, stdout, stderr } = await imgsdk([
      'synth',
      '--target',
      'default',
      '--format',
      'dockerfile',
      join(folder, name),
    ])
    assert.is(status, 0, stderr)
    const legacy = readFileSync(join(folder, name, 'Dockerfile'), 'utf8')
    assert.is(graphDigest(parse(stdout)), graphDigest(parse(legacy)))
  })
}

examples('they have no type errors', async () => {
  const config = join(temporaryFolder(), 'tsconfig.json')
  writeFileSync(
    config,
    JSON.stringify({
      extends: join(projectRoot(), 'tsconfig.json'),
      compilerOptions: {
        noEmit: true,
        rootDir: projectRoot(),
        typeRoots: [join(projectRoot(), 'node_modules/@types')],
        paths: { imgsdk: [join(projectRoot(), 'sdk/index.ts')] },
      },
      include: [join(folder, '**/*.ts')],
      exclude: [],
    }),
  )
  const { code, stdout } = await run(join(projectRoot(), 'node_modules/.bin/tsc'), ['-p', config])
  assert.is(code, 0, stdout)
})

examples('hello builds without a daemon, root or network, twice to the same bytes', async () => {
  const digests = []
  for (const env of [{}, { IMGSDK_STORE: join(temporaryFolder(), 'other') }]) {
    const dest = join(temporaryFolder(), 'layout')
    const output = `type=oci,tar=false,dest=${dest}`
    const { status, stdout, stderr } = await imgsdk(
      ['build', join(folder, 'hello'), '--output', output, '--build-arg', 'SOURCE_DATE_EPOCH=0'],
      { env },
    )
    assert.is(status, 0, stderr)
    assert.match(stdout, `OCI image at ${dest}`)
    const index = JSON.parse(readFileSync(join(dest, 'index.json'), 'utf8')) as { manifests: { digest: string }[] }
    assert.match(stdout, index.manifests[0]!.digest)
    digests.push(index.manifests[0]!.digest)
  }
  assert.is(digests[0], digests[1])
})

examples.run()
