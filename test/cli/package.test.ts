/** The package as npm installs it: what is in it, and that it works without the development dependencies. */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from '../helpers/program.ts'
import { assert, projectRoot, suite } from '../helpers/suite.ts'
import { temporaryFolder } from '../helpers/temporary.ts'

const packaged = suite('cli/package')
const root = projectRoot()
const bundle = join(root, 'dist', 'bundle', 'cli-main.js')
const env = { npm_config_audit: 'false', npm_config_fund: 'false', npm_config_update_notifier: 'false' }

/** The published files: packed from what `npm run build` has made, without building again. */
async function pack(folder: string): Promise<{ tarball: string; size: number; files: string[] }> {
  const { stdout, stderr, code } = await run(
    'npm',
    ['pack', root, '--json', '--ignore-scripts', '--pack-destination', folder],
    { cwd: folder, env },
  )
  assert.is(code, 0, stderr)
  const answer = JSON.parse(stdout) as Packed[] | Record<string, Packed>
  const { filename, size, files } = Object.values(answer)[0]!
  return { tarball: join(folder, filename), size, files: files.map(({ path }) => path) }
}

interface Packed {
  readonly filename: string
  readonly size: number
  readonly files: readonly { readonly path: string }[]
}

/** A folder with the package installed; undefined, with the reason on the output, where the registry cannot be reached. */
async function install(): Promise<string | undefined> {
  const folder = temporaryFolder()
  const { tarball } = await pack(folder)
  const app = join(folder, 'app')
  mkdirSync(app)
  writeFileSync(join(app, 'package.json'), '{"private":true,"type":"module"}')
  const args = ['install', '--omit=dev', '--ignore-scripts', '--fetch-retries=0', '--fetch-timeout=20000', tarball]
  const { code, stderr } = await run('npm', args, { cwd: app, env })
  if (code === 0) return app
  assert.match(stderr, /ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|E403|E404|network/)
  console.log('skipped: cli/package: the package installs and runs (the registry cannot be reached)')
  return undefined
}

if (!existsSync(bundle)) {
  packaged.needs(['npm run build'], 'every file that package.json names is in the package', () => {})
} else {
  packaged('every file that package.json names is in the package, and nothing of the tests', async () => {
    const { files, size } = await pack(temporaryFolder())
    const { bin, exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      bin: Record<string, string>
      exports: Record<string, string | Record<string, string>>
    }
    const wanted = [
      ...Object.values(bin),
      ...Object.values(exports).flatMap((entry) => (typeof entry === 'string' ? [entry] : Object.values(entry))),
    ]
    for (const path of wanted.filter((path) => !path.includes('*') && path !== './package.json')) {
      assert.ok(files.includes(path.replace(/^\.\//, '')), `${path} is not in the package`)
    }
    for (const path of [
      'LICENSE',
      'README.md',
      'CHANGELOG.md',
      'schemas/graph.schema.json',
      'schemas/failure.schema.json',
      'schemas/lint.schema.json',
    ])
      assert.ok(files.includes(path), `${path} is not in the package`)
    const strangers = files.filter((path) => /^(dist\/test|test|sdk|cli|\.ci)\//.test(path))
    assert.equal(strangers, [])
    assert.ok(size < 1_000_000, `${size} bytes packed`)
  })

  packaged(
    'its types stand alone: a strict project without those of Node, which looks into libraries, finds nothing',
    async () => {
      const folder = temporaryFolder()
      const { tarball } = await pack(folder)
      const modules = join(folder, 'app', 'node_modules')
      mkdirSync(modules, { recursive: true })
      assert.is((await run('tar', ['xzf', tarball, '-C', modules], { cwd: folder, env })).code, 0)
      renameSync(join(modules, 'package'), join(modules, 'imgsdk'))
      const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { exports: object }
      const doors = Object.entries(exports).filter(([, entry]) => typeof entry === 'object')
      const imports = doors.map(
        ([name], n) => `import * as door${n} from 'imgsdk${name.slice(1)}'\nexport { door${n} }\n`,
      )
      assert.is(imports.length, 5)
      writeFileSync(join(folder, 'app', 'package.json'), '{"type":"module"}')
      writeFileSync(join(folder, 'app', 'image.ts'), imports.join(''))
      const strict = ['--strict', '--skipLibCheck', 'false', '--types', '', '--noEmit', '--exactOptionalPropertyTypes']
      const types = await run(
        join(root, 'node_modules', '.bin', 'tsc'),
        ['--module', 'nodenext', '--target', 'es2022', ...strict, 'image.ts'],
        { cwd: join(folder, 'app') },
      )
      assert.is(types.code, 0, types.stdout)
    },
  )

  packaged('it installs without development dependencies, and synth, build and the doors work', async () => {
    const app = await install()
    if (app === undefined) return
    cpSync(join(root, 'examples', 'hello'), join(app, 'hello'), { recursive: true })
    const local = { ...env, IMGSDK_STORE: join(app, 'store'), XDG_CACHE_HOME: join(app, 'cache') }
    const npx = async (...args: string[]) => {
      const { code, stdout, stderr } = await run('npx', ['--no-install', 'imgsdk', ...args], { cwd: app, env: local })
      assert.is(code, 0, stderr)
      return stdout
    }
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
    assert.is(await npx('--version'), `imgsdk ${version}\n`)
    assert.is(
      await npx('synth', 'hello', '--format', 'dockerfile'),
      readFileSync(join(root, 'examples', 'hello', 'Dockerfile'), 'utf8'),
    )
    const built = await npx('build', 'hello', '--output', 'type=oci,tar=false,dest=layout')
    assert.match(built, /manifest sha256:[0-9a-f]{64}/)
    assert.ok(existsSync(join(app, 'layout', 'oci-layout')))
    writeFileSync(
      join(app, 'doors.ts'),
      [
        "import { from, print, toGraph } from 'imgsdk'",
        "import { parse } from 'imgsdk/dockerfile'",
        "import { build } from 'imgsdk/engine'",
        "import { plan } from 'imgsdk/testing'",
        "const text: string = print(toGraph(from('a').run('true')))",
        'const workdir: string | undefined = plan(parse(text)).config.WorkingDir',
        'console.log(text, workdir, typeof build)',
      ].join('\n'),
    )
    const types = await run(
      join(root, 'node_modules', '.bin', 'tsc'),
      [
        '--module',
        'nodenext',
        '--target',
        'es2022',
        '--strict',
        '--skipLibCheck',
        '--types',
        'node',
        '--typeRoots',
        join(root, 'node_modules', '@types'),
        'doors.ts',
      ],
      { cwd: app },
    )
    assert.is(types.code, 0, types.stdout)
    const { code, stdout, stderr } = await run(process.execPath, ['doors.js'], { cwd: app })
    assert.is(code, 0, stderr)
    assert.match(stdout, /FROM a\nRUN true/)
    const own = join(app, 'node_modules', 'imgsdk')
    console.log(
      `installed: imgsdk ${bytesIn(own)} bytes, with dependencies ${bytesIn(join(app, 'node_modules'))} bytes`,
    )
  })
}

function bytesIn(folder: string): number {
  return readdirSync(folder, { withFileTypes: true, recursive: true }).reduce(
    (sum, entry) => sum + (entry.isFile() ? statSync(join(entry.parentPath, entry.name)).size : 0),
    0,
  )
}

packaged('the bundle takes no member of a module of Node that newer versions warn of', () => {
  const folder = join(root, 'dist', 'bundle')
  const texts = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'))
  // as it reads fs: what it does not read is not there either
  assert.ok(texts.some((text) => /\breadFileSync\b/.test(text)))
  assert.not.ok(texts.some((text) => /(?<!constants\.)\b[FRWX]_OK\b/.test(text)))
})

packaged.run()
