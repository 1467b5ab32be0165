import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkDestination } from '../../sdk/export/destination.ts'
import { parseOutput } from '../../sdk/export/output.ts'
import { testIo } from '../helpers/image.ts'
import { run } from '../helpers/program.ts'
import { assert, suite } from '../helpers/suite.ts'
import { temporaryFolder } from '../helpers/temporary.ts'

const test = suite('export/destination')

const check = (text: string) =>
  checkDestination(parseOutput(text), testIo()).then(
    () => 'fine',
    (error) => `${error.code} ${error.message}`,
  )

test('what cannot be written is told without writing anything', async () => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'file'), '')
  mkdirSync(join(folder, 'full'))
  writeFileSync(join(folder, 'full', 'x'), '')
  symlinkSync('full', join(folder, 'link'))
  const cases: readonly (readonly [output: string, answer: RegExp])[] = [
    ['type=oci,dest=full', /^EXPORT_FAILED ".*full" is a directory; expected the name of a file/],
    ['type=docker,dest=link', /^EXPORT_FAILED ".*link" is a directory/],
    ['type=tar,dest=file/a.tar', /^EXPORT_FAILED ".*file" is not a directory, so nothing/],
    ['type=tar,dest=file/sub/a.tar', /^EXPORT_FAILED ".*a.tar" could not be written: not a directory$/],
    ['type=oci,tar=false,dest=full', /^EXPORT_FAILED ".*full" is not empty, and is not an OCI layout/],
    ['type=oci,tar=false,dest=file', /^EXPORT_FAILED ".*file" is not a directory; an OCI layout is one/],
    ['type=local,dest=full', /^EXPORT_FAILED ".*full" is not empty/],
    ['type=local,dest=file', /^EXPORT_FAILED ".*file" is not a directory/],
    ['type=local,mode=copy,dest=full', /^fine$/],
    ['type=oci,dest=file', /^fine$/],
    ['type=oci,dest=new/sub/a.tar', /^fine$/],
    ['type=local,dest=new/sub', /^fine$/],
  ]
  for (const [output, answer] of cases)
    assert.match(await check(output.replace('dest=', `dest=${folder}/`)), answer, output)
  assert.is(await check('type=tar,dest=/dev/null'), 'fine')
  assert.is(await check('type=cacheonly'), 'fine')
  assert.is(await check('type=image'), 'fine')
  assert.is(await check('type=registry'), 'USAGE the image to push has no name')
})

test('a docker daemon that does not answer is told', async () => {
  const { DOCKER_HOST } = process.env
  process.env['DOCKER_HOST'] = `unix://${join(temporaryFolder(), 'none.sock')}`
  try {
    assert.match(
      await check('type=docker'),
      /^EXPORT_FAILED no docker daemon answers at unix:\/\/.*none\.sock \(ENOENT\)$/,
    )
  } finally {
    if (DOCKER_HOST === undefined) delete process.env['DOCKER_HOST']
    else process.env['DOCKER_HOST'] = DOCKER_HOST
  }
})

test.needs(['root', 'setpriv'], 'a folder that another user may not write to is told', async () => {
  const folder = temporaryFolder()
  const script = `
    const { checkDestination } = await import(${JSON.stringify(new URL('../../sdk/export/destination.js', import.meta.url).href)})
    const { parseOutput } = await import(${JSON.stringify(new URL('../../sdk/export/output.js', import.meta.url).href)})
    for (const text of ['type=oci,dest=/proc/a.tar', 'type=local,dest=/usr/new', 'type=oci,tar=false,dest=/usr/lay'])
      await checkDestination(parseOutput(text), { signal: new AbortController().signal }).catch((e) => console.log(e.message))`
  const args = [
    '--reuid=65534',
    '--regid=65534',
    '--clear-groups',
    process.execPath,
    '--input-type=module',
    '-e',
    script,
  ]
  const { stdout, stderr } = await run('setpriv', args, { cwd: folder })
  assert.is(
    stdout,
    ['/proc/a.tar', '/usr/new', '/usr/lay']
      .map((path) => `"${path}" could not be written: permission denied\n`)
      .join(''),
    stderr,
  )
})

test.run()
