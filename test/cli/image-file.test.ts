/** image.ts files as people get them wrong, and defineImage with parameters from the command line. */
import { realpathSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { folderOf, imgsdk } from '../helpers/cli.ts'
import { assert, suite } from '../helpers/suite.ts'

const imageFile = suite('cli/image-file')

/** `imgsdk synth --format dockerfile` in a folder with this image.ts. */
async function synth(
  text: string,
  {
    args = [],
    files = {},
    env = {},
  }: { args?: string[]; files?: Record<string, string>; env?: Record<string, string> } = {},
) {
  const cwd = realpathSync(folderOf({ 'image.ts': text, ...files }))
  const ended = await imgsdk(['synth', '--format', 'dockerfile', ...args], { cwd, env, seconds: 30 })
  return { ...ended, cwd }
}

/** It must fail with this code, at this place of image.ts, with this in the message. */
function refused(ended: { status: number | string; stdout: string; stderr: string }, code: string, rest: RegExp): void {
  assert.is(ended.status, 1, ended.stderr)
  assert.is(ended.stdout, '')
  assert.ok(ended.stderr.startsWith(code), ended.stderr)
  assert.match(ended.stderr, rest)
  assert.not.match(ended.stderr, /node:internal|at file:/)
}

imageFile('A35 it throws: the line that threw, and what', async () => {
  const ended = await synth(
    "import { from } from 'imgsdk'\n\nfunction deep(): never {\n  throw new RangeError('too deep')\n}\nexport default from(deep())\n",
  )
  refused(ended, 'IMAGE_FILE_FAILED  image.ts:4', /RangeError: too deep\n > 4 \| {3}throw new RangeError/)
})

imageFile('A35 it throws something that is no error', async () => {
  refused(await synth("throw 'tantrum'\n"), 'IMAGE_FILE_FAILED  image.ts:1', /it threw "tantrum"/)
})

imageFile('A35 it loops for ever: stopped at the loop', async () => {
  const ended = await synth("import { scratch } from 'imgsdk'\nlet n = 0\nfor (;;) n++\nexport default scratch()\n", {
    env: { IMGSDK_LOAD_TIMEOUT: '1' },
  })
  refused(ended, 'IMAGE_FILE_FAILED  image.ts:', /still running after 1 s[\s\S]*IMGSDK_LOAD_TIMEOUT/)
})

imageFile('A35 it ends the process: that is no success', async () => {
  const text = "import { scratch } from 'imgsdk'\nif (process.pid > 0)\n  process.exit(0)\nexport default scratch()\n"
  refused(await synth(text), 'IMAGE_FILE_FAILED  image.ts:3', /it called process\.exit\(0\)/)
})

imageFile('A35 a promise that nobody waits for fails, and an error comes from a timer', async () => {
  const head =
    "import { scratch } from 'imgsdk'\nexport default scratch()\nawait new Promise((go) => setTimeout(go, 50))\n"
  for (const stray of [
    "void Promise.reject(new Error('stray'))\n",
    "setTimeout(() => {\n  throw new Error('stray')\n})\n",
  ]) {
    const ended = await synth(`${stray}${head}`)
    refused(ended, 'IMAGE_FILE_FAILED  image.ts:', /stray/)
  }
})

imageFile('A35 it waits for ever', async () => {
  const ended = await synth('await new Promise(() => setInterval(() => {}, 1000))\nexport default 1\n', {
    env: { IMGSDK_LOAD_TIMEOUT: '1' },
  })
  refused(ended, 'IMAGE_FILE_FAILED  image.ts:1', /still waiting after 1 s/)
})

imageFile('A35 it exports nothing, or nothing that is an image', async () => {
  refused(await synth('const a = 1\n'), 'IMAGE_FILE_EXPORTS  image.ts:1', /it exports nothing\n/)
  refused(
    await synth('export const a = 1\n'),
    'IMAGE_FILE_EXPORTS  image.ts:1',
    /it exports a, of which none is a stage/,
  )
  refused(await synth('\nexport default 42\n'), 'IMAGE_FILE_EXPORTS  image.ts:2', /the default export is a number/)
  refused(await synth('export default { web: 1 }\n'), 'IMAGE_FILE_EXPORTS  image.ts:1', /"web" of the default export/)
})

imageFile('A35 it exports a promise', async () => {
  const text = "import { scratch } from 'imgsdk'\nconst make = async () => scratch()\nexport default make()\n"
  refused(await synth(text), 'IMAGE_FILE_EXPORTS  image.ts:3', /is a promise[\s\S]*hint: await it/)
})

imageFile('A35 it imports a module that is not there', async () => {
  refused(
    await synth("\nimport x from './nowhere.ts'\nexport default x\n"),
    'IMAGE_FILE_FAILED  image.ts:2',
    /there is no file "\.\/nowhere\.ts"/,
  )
  refused(
    await synth("import x from '@a/b/c'\nexport default x\n"),
    'IMAGE_FILE_FAILED  image.ts:1',
    /hint: npm install @a\/b\n/,
  )
})

imageFile('A35 it has a syntax error', async () => {
  refused(
    await synth("import { from } from 'imgsdk'\nexport default from('a'\n"),
    'IMAGE_FILE_FAILED  image.ts:',
    /Expected "\)"/,
  )
})

imageFile('A35 it calls what there is not: the nearest name is offered', async () => {
  refused(
    await synth("import { scratch } from 'imgsdk'\nexport default scratch().wrokdir('/')\n"),
    'IMAGE_FILE_FAILED  image.ts:2',
    /wrokdir is not a function[\s\S]*did you mean \.workdir\(\)\?/,
  )
  refused(
    await synth("import { scrach } from 'imgsdk'\nexport default scrach()\n"),
    'IMAGE_FILE_FAILED  image.ts:1',
    /"imgsdk" exports nothing called "scrach"[\s\S]*did you mean scratch\?/,
  )
})

imageFile('an argument that means nothing is told at the call', async () => {
  const text = "import { scratch } from 'imgsdk'\nexport default scratch()\n  .cmd('a\\nb')\n"
  refused(await synth(text), 'ARGUMENT_VALUE  image.ts:3', />\s*3 \|\s+\.cmd/)
})

imageFile('what it prints is not mixed into the output of the verb', async () => {
  const ended = await synth("import { scratch } from 'imgsdk'\nconsole.log('noise')\nexport default scratch()\n")
  assert.is(ended.stdout, 'FROM scratch\n')
  assert.match(ended.stderr, 'noise')
})

imageFile('a change in a file that it imports counts at once', async () => {
  const text =
    "import { scratch } from 'imgsdk'\nimport { name } from './name.ts'\nexport default scratch().label({ name })\n"
  const first = await synth(text, { files: { 'name.ts': "export const name: string = 'one'\n" } })
  assert.match(first.stdout, 'LABEL name=one')
  writeFileSync(join(first.cwd, 'name.ts'), "export const name: string = 'two'\n")
  const second = await imgsdk(['synth', '--format', 'dockerfile'], { cwd: first.cwd })
  assert.match(second.stdout, 'LABEL name=two')
})

const definition = `import { defineImage, from } from 'imgsdk'
export default defineImage({
  params: {
    version: { type: 'string', required: true },
    workers: { type: 'number', default: 2 },
    debug: { type: 'boolean', default: false },
    flavour: { type: 'enum', values: ['slim', 'full'], default: 'slim' },
  },
  build({ version, workers, debug, flavour }) {
    if (version === 'bad') throw new Error('no such version')
    const image = from(\`app:\${version}-\${flavour}\`).env({ WORKERS: workers })
    return debug ? image.env({ DEBUG: 1 }) : image
  },
})
`

imageFile('defineImage takes its parameters from the command line', async () => {
  const least = await synth(definition, { args: ['--param', 'version=1'] })
  assert.is(least.stdout, 'FROM app:1-slim\nENV WORKERS=2\n', least.stderr)
  const all = ['version=2', 'workers=8', 'debug=true', 'flavour=full'].flatMap((param) => ['--param', param])
  const full = await synth(definition, { args: all })
  assert.is(full.stdout, 'FROM app:2-full\nENV WORKERS=8\nENV DEBUG=1\n', full.stderr)
})

imageFile('a parameter that does not fit is a wrong call, and nothing ran', async () => {
  for (const [args, message] of [
    [[], /USAGE\n {2}the parameter "version" is required\n {2}hint: add --param version=VALUE/],
    [['--param', 'version=1', '--param', 'workers=many'], /"workers" is "many"; expected a number/],
    [['--param', 'version=1', '--param', 'flavour=fat'], /expected one of slim, full/],
    [['--param', 'verzion=1'], /there is no parameter "verzion"/],
  ] as const) {
    const ended = await synth(definition, { args: [...args] })
    assert.is(ended.status, 2, ended.stderr)
    assert.match(ended.stderr, message)
  }
  const plain = await synth("import { scratch } from 'imgsdk'\nexport default scratch()\n", {
    args: ['--param', 'a=1'],
  })
  assert.is(plain.status, 2, plain.stderr)
})

imageFile('what a definition throws points at its line', async () => {
  refused(
    await synth(definition, { args: ['--param', 'version=bad'] }),
    'IMAGE_FILE_FAILED  image.ts:10',
    /no such version/,
  )
})

imageFile.run()
