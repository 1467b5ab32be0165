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
    "import { scratch } from 'imgsdk'\nexport default scratch()\nawait new Promise((go) => setTimeout(go, 5000))\n"
  for (const stray of [
    "void Promise.reject(new Error('stray'))\n",
    "setTimeout(() => {\n  throw new Error('stray')\n})\n",
    "void Promise.reject('stray')\n",
    'setTimeout(() => {\n  throw { stray: 1 }\n})\n',
    "void fetch('stray:')\n",
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
    /it exports a \(a number\), and no stage/,
  )
  refused(await synth('\nexport default 42\n'), 'IMAGE_FILE_EXPORTS  image.ts:2', /the default export is a number/)
  refused(await synth('export default { web: 1 }\n'), 'IMAGE_FILE_EXPORTS  image.ts:1', /"web" of the default export/)
})

imageFile('a default export that is no image is told by what it is', async () => {
  const head = "import { arg, defineImage, from } from 'imgsdk'\n\n"
  for (const [text, told] of [
    [
      "export default [from('a'), from('b')]",
      /is a list; expected a stage[\s\S]*hint: give each stage a name: export default \{ web/,
    ],
    ['export default undefined', /is undefined; expected a stage[\s\S]*hint: did a function forget its return\?/],
    ['export default {}', /is an empty object/],
    ['export default class Image {}', /is a class/],
    ["export default () => from('a')", /is a function[\s\S]*hint: export what the function returns: call it/],
    ["export default { web: () => from('a') }", /"web" of the default export is a function[\s\S]*hint: .*call it/],
    [
      "export default { web: (async () => from('a'))() }",
      /"web" of the default export is a promise[\s\S]*hint: await it/,
    ],
    ["export default arg('X')", /is a build argument/],
    [
      'export default defineImage({ params: {}, build: () => {} })',
      /what build of defineImage\(\) returned is undefined/,
    ],
    [
      "export const web = defineImage({ params: {}, build: () => from('a') })",
      /hint: a definition is the default export/,
    ],
    ["export const web = () => from('a')", /it exports web \(a function\), and no stage/],
  ] as const)
    refused(await synth(`${head}${text}\n`), 'IMAGE_FILE_EXPORTS  image.ts:3', told)
})

imageFile('a default export that throws when it is looked at is told where it throws', async () => {
  const text = "export default {\n  get web() {\n    throw new Error('not yet')\n  },\n}\n"
  refused(await synth(text), 'IMAGE_FILE_FAILED  image.ts:3', /not yet/)
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

imageFile('paths of a tsconfig.json lead to files, and an alias that nobody knows is told as one', async () => {
  const text = "import { from } from 'imgsdk'\nimport { name } from '~/lib/name'\nexport default from(name)\n"
  const files = {
    'tsconfig.json':
      '{\n  // as editors write it\n  "compilerOptions": { "paths": { "~/*": ["./src/*"], "@/*": ["./src/lib/*"] } }\n}\n',
    'src/lib/name.ts': "export { name } from '@/deep'\n",
    'src/lib/deep.ts': "export const name: string = 'deep'\n",
  }
  const found = await synth(text, { files })
  assert.is(found.stdout, 'FROM deep\n', found.stderr)
  for (const alias of ['~/lib/name', '@/lib/name', '#lib/name']) {
    const lost = text.replace('~/lib/name', alias)
    refused(await synth(lost), 'IMAGE_FILE_FAILED  image.ts:2', new RegExp(`there is no file or package "${alias}"`))
  }
})

imageFile('a name that another file does not export is told as of that file, with what it exports', async () => {
  const files = {
    'lib/base.ts': "export const base = 'a'\nexport function other() {}\n",
    'only.ts': 'export default 1\n',
  }
  for (const [text, told] of [
    [
      "import { bsae } from './lib/base.ts'\nexport default bsae",
      /"\.\/lib\/base\.ts" exports nothing called "bsae"[\s\S]*hint: did you mean base\?/,
    ],
    ["import { nothing } from './lib/base.ts'\nexport default nothing", /hint: it has base, other/],
    [
      "import base from './lib/base.ts'\nexport default base",
      /hint: it has no default export; write import \{ base \} from/,
    ],
    [
      "import { it } from './only.ts'\nexport default it",
      /hint: it has a default export only: import it without braces/,
    ],
    [
      "import { x } from 'plain'\nexport default x",
      /"plain\/main\.js" exports nothing called "x"[\s\S]*hint: it is CommonJS/,
    ],
  ] as const) {
    const all = {
      ...files,
      'node_modules/plain/package.json': '{ "name": "plain", "main": "main.js" }',
      'node_modules/plain/main.js': 'module.exports = Object.create({ x: 1 })\n',
    }
    const ended = await synth(`${text}\n`, { files: all })
    refused(ended, 'IMAGE_FILE_FAILED  image.ts:1', told)
    assert.not.match(ended.stderr, /\.mjs/)
  }
})

imageFile('import() finds what is written out, and what fits a path with holes, as it is now', async () => {
  const text = "const name = 'a'\nexport default (await import(`./src/${name}.ts`)).x\n"
  const part = (name: string) =>
    `import { from } from 'imgsdk'\nexport const x = from('${name}').label({ at: import.meta.filename })\n`
  const first = await synth(text, { files: { 'src/a.ts': part('one') } })
  assert.match(first.stdout, /FROM one\nLABEL at=.*\/src\/a\.ts\n/, first.stderr)
  writeFileSync(join(first.cwd, 'src', 'a.ts'), part('two'))
  const second = await imgsdk(['synth', '--format', 'dockerfile'], { cwd: first.cwd })
  assert.match(second.stdout, 'FROM two', second.stderr)
  refused(await synth(text), 'IMAGE_FILE_FAILED  image.ts:2', /no file fits the path of this import: "\.\/src\//)
  refused(
    await synth("\nconst name = './nope.ts'\nexport default (await import(name)).x\n"),
    'IMAGE_FILE_FAILED  image.ts:3',
    /import\(\) found no file "\.\/nope\.ts"[\s\S]*hint: .*write it out: import\('\.\/nope\.ts'\)/,
  )
})

imageFile('what CommonJS has and an ES module has not is told, and what was not imported', async () => {
  for (const [code, told] of [
    ['__dirname', /hint: .*write import\.meta\.dirname/],
    ['__filename', /hint: .*write import\.meta\.filename/],
    ["require('plain').x", /hint: .*write import … from/],
    ['`echo ${HOME}`', /hint: .*write \\\$\{HOME\} for the shell, or envRef\('HOME'\)/],
    ["from('a')", /hint: import \{ from \} from 'imgsdk'/],
    ["(await import('node:fs')).readFileSync('nope.txt', 'utf8')", /hint: .*new URL\('nope\.txt', import\.meta\.url\)/],
  ] as const) {
    const plain = { 'node_modules/plain/index.js': 'exports.x = 1\n' }
    const ended = await synth(`\nexport default ${code}\n`, { files: plain })
    refused(ended, 'IMAGE_FILE_FAILED  image.ts:2', told)
  }
})

imageFile('a method of what is no stage is told as that', async () => {
  const head = "import { from } from 'imgsdk'\n"
  for (const [code, told] of [
    [
      "const make = async () => from('a')\nexport default make().run('x')",
      /hint: what stands before \.run\(\) is no stage: a promise needs await/,
    ],
    [
      "const make = (): any => {\n}; export default make().run('x')",
      /hint: what stands before \.run is undefined: did a function forget its return/,
    ],
    ["const a: any = from('a')\nexport default a.build()", /hint: .*imgsdk build/],
    ["const a: any = from('a')\nexport default a.setEnv()", /hint: did you mean \.env\(\)\?/],
  ] as const)
    refused(await synth(`${head}${code}\n`), 'IMAGE_FILE_FAILED  image.ts:3', told)
})

imageFile('what is thrown and is no error is shown, and what caused one', async () => {
  refused(await synth('throw { code: 5 }\n'), 'IMAGE_FILE_FAILED  image.ts:1', /it threw an object: \{"code":5\}\n/)
  refused(await synth('throw Object.create(null)\n'), 'IMAGE_FILE_FAILED  image.ts:1', /it threw an object/)
  refused(
    await synth("throw new Error('outer', { cause: new Error('inner') })\n"),
    'IMAGE_FILE_FAILED  image.ts:1',
    /outer: inner\n/,
  )
})

imageFile('a call whose stage is lost is refused, for a stage never changes', async () => {
  const head = "import { from, heredoc, scratch } from 'imgsdk'\nconst base = from('a')\n"
  for (const [lost, place] of [
    ["base.run('x')\n", '3:6'],
    ["base.workdir('/(').run('x');\n", '3:20'],
    ["base\n  .run('x')\n  // why\n  .copy('a', 'b')\n", '6:4'],
    ['if (base) {\n  base.run(heredoc`\n    a\n  `)\n}\n', '4:8'],
    ["const stages = { base }\nstages.base.env({\n  A: 1,\n}).run('x')\n", '6:4'],
  ] as const)
    refused(
      await synth(`${head}${lost}export default base\n`),
      `IMAGE_FILE_FAILED  image.ts:${place}`,
      /the stage that this call gives is lost[\s\S]*hint: take what it gives/,
    )
  const taken = `const one = base.run('1')
const unused =
  base.run('2')
const list = [
  base.run('3'),
  base.run('4'),
]
const make = () =>
  base.run('5')
make()
console.error(base.run('6') !== one,
  base.run('7'))
const other = one ? one
  : base.run('8')
let later
later = base.run('9')
export default base
  .copy('/x', '/y', { from: one })
`
  const ended = await synth(head + taken)
  assert.is(ended.status, 0, ended.stderr)
})

imageFile('A35 it has a syntax error', async () => {
  refused(
    await synth("import { from } from 'imgsdk'\nexport default from('a'\n"),
    'IMAGE_FILE_FAILED  image.ts:',
    /Expected "\)"/,
  )
})

imageFile('a Dockerfile that is called image.ts, and a text that is no UTF-8, are told as that', async () => {
  const dockerfile = await synth('FROM alpine\nRUN true\n')
  refused(dockerfile, 'IMAGE_FILE_FAILED  image.ts:1', /hint: it reads as a Dockerfile/)
  const cwd = realpathSync(folderOf({}))
  writeFileSync(join(cwd, 'image.ts'), Buffer.from("import 'x'", 'utf16le'))
  refused(await imgsdk(['synth'], { cwd }), 'IMAGE_FILE_FAILED  image.ts:1', /hint: save the file as UTF-8/)
})

imageFile('a byte order mark and carriage returns change nothing', async () => {
  const text =
    "\ufeffimport { from, heredoc } from 'imgsdk'\nexport default from('a')\n  .run(heredoc`\n    one\n    two\n  `)\n"
  const ended = await synth(text.replaceAll('\n', '\r\n'))
  assert.is(ended.stdout, 'FROM a\nRUN <<EOF\none\ntwo\nEOF\n', ended.stderr)
  const wrong = text.replace("from('a')", "from('a', 'b' as any)")
  refused(
    await synth(wrong.replaceAll('\n', '\r\n')),
    'ARGUMENT_VALUE  image.ts:2:16',
    /what follows in from\(\) is text/,
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

imageFile('a definition that asks for a parameter which there is not is told where it asks', async () => {
  const text = `import { defineImage, from } from 'imgsdk'
export default defineImage({
  params: { version: { type: 'string', default: '1' } },
  build: (params: any) => from(params.versoin),
})
`
  refused(
    await synth(text),
    'ARGUMENT_VALUE  image.ts:4',
    /there is no parameter "versoin"[\s\S]*did you mean version\?/,
  )
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
