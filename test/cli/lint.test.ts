import { chmodSync, existsSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { lintSchema } from '../../sdk/json/lint-schema.ts'
import { run } from '../helpers/program.ts'
import { assert, suite } from '../helpers/suite.ts'
import { inFolder, main } from './imgsdk.ts'

const lint = suite('cli/lint')

const clean = 'FROM alpine:3\nUSER 1000\n'
const spelled = `from alpine:3 as Base\nenv a b  c # d\nRUN true && \\\n\n  # kept\n  false\nLABEL x y\nUSER 1000\n`

const describes = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(lintSchema())

interface Report {
  findings: { rule: string; level: string; file: string; line: number; fixable: boolean }[]
  errors: number
  warnings: number
  fixed: number
  unfixed: { file: string; reason: string }[]
  failures: { code: string; file: string }[]
}

lint('shows each finding with its line, and ends with 0', async () => {
  const { imgsdk } = inFolder({ Dockerfile: 'FROM alpine:3\nMAINTAINER me\nUSER 1000\n' })
  const { stdout, code } = await imgsdk(['lint'])
  assert.is(code, 0)
  assert.match(stdout, 'warning MaintainerDeprecated  Dockerfile:2:1')
  assert.match(stdout, ' > 2 | MAINTAINER me')
  assert.match(stdout, 'hint: write LABEL')
})

lint('--error, error=true and a file that cannot be built end with 1; a clean file never', async () => {
  const { imgsdk } = inFolder({
    clean,
    warned: 'FROM alpine\nUSER 1000\n',
    own: '# check=error=true\nFROM alpine\nUSER 1000\n',
    theirs: '# check=error=true\nFROM alpine:3\nMAINTAINER a\nUSER 1000\n',
    broken: 'FROM alpine:3\nCOPY --from=9 a b\nUSER 1000\n',
    options: '# check=nonsense\nFROM alpine:3\n',
  })
  const code = async (...args: string[]) => (await imgsdk(['lint', ...args])).code
  assert.is(await code('clean', '--error'), 0)
  assert.is(await code('warned'), 0)
  assert.is(await code('warned', '--error'), 1)
  assert.is(await code('warned', '--error', '--skip', 'LatestBase'), 0)
  assert.is(await code('own'), 0)
  assert.is(await code('theirs'), 1)
  assert.is(await code('broken'), 1)
  assert.is(await code('options'), 1)
  assert.is(await code('clean', '--skip', 'LatestBas'), 2)
})

lint('--format json, sarif and github say the same', async () => {
  const { imgsdk } = inFolder({ 'a,b/Dockerfile': 'FROM alpine:3\nENV a 100%\nUSER 1000\n' })
  const json = JSON.parse((await imgsdk(['lint', 'a,b', '--json'])).stdout) as Report
  assert.equal(
    json.findings.map(({ rule, level, file, line, fixable }) => [rule, level, file, line, fixable]),
    [['LegacyKeyValueFormat', 'warning', 'a,b/Dockerfile', 2, true]],
  )
  assert.equal([json.errors, json.warnings, json.failures], [0, 1, []])
  assert.ok(describes(json))
  const sarif = JSON.parse((await imgsdk(['lint', 'a,b', '--format', 'sarif'])).stdout)
  const [result] = sarif.runs[0].results
  assert.is(sarif.version, '2.1.0')
  assert.is(sarif.runs[0].tool.driver.rules[result.ruleIndex].id, 'LegacyKeyValueFormat')
  assert.equal(result.locations[0].physicalLocation, {
    artifactLocation: { uri: 'a%2Cb/Dockerfile' },
    region: { startLine: 2, startColumn: 1, endLine: 2, endColumn: 11 },
  })
  const { stdout } = await imgsdk(['lint', 'a,b', '--format', 'github'])
  assert.match(
    stdout,
    /^::warning file=a%2Cb\/Dockerfile,line=2,endLine=2,col=1,endColumn=11,title=LegacyKeyValueFormat::"ENV key=value" .*%0A/,
  )
})

lint(
  'a file that cannot be read is told in every format, each error of it, and the files behind it are checked',
  async () => {
    const { imgsdk } = inFolder({
      bad: 'FROM alpine:3\nFOO\nRUM x\n',
      unbuildable: 'FROM alpine:3\nEXPOSE 99999\nEXPOSE x\nUSER 1000\n',
      good: 'FROM alpine:3\nMAINTAINER a\nUSER 1000\n',
    })
    const told = async (...args: string[]) => imgsdk(['lint', 'bad', 'unbuildable', 'good', ...args])
    const text = await told()
    assert.is(text.code, 1)
    assert.match(
      text.stdout,
      /^warning MaintainerDeprecated {2}good:2:1.*1 finding in 3 files; 2 files cannot be built\n$/s,
    )
    assert.match(text.stderr, /bad:2:1.*bad:3:1.*2 errors\n.*unbuildable:2:1.*unbuildable:3:1/s)
    const json = JSON.parse((await told('--json')).stdout)
    const places = ['bad 2', 'bad 3', 'unbuildable 2', 'unbuildable 3']
    assert.equal(
      json.failures.map(({ file, at }: { file: string; at: { line: number } }) => `${file} ${at.line}`),
      places,
    )
    assert.is(json.findings.length, 1)
    const github = (await told('--format', 'github')).stdout.split('\n')
    assert.equal(
      github
        .filter((line) => line.startsWith('::error'))
        .map((line) => line.replace(/.*file=(\w+),line=(\d).*/, '$1 $2')),
      places,
    )
    const [{ invocations, results }] = JSON.parse((await told('--format', 'sarif')).stdout).runs
    assert.is(invocations[0].executionSuccessful, false)
    assert.is(invocations[0].toolExecutionNotifications.length, 4)
    assert.is(results.length, 1)
    assert.is((await imgsdk(['lint', 'none', 'good'])).code, 2)
  },
)

lint('--fix respells the file in place, comments and layout kept, and nothing else', async () => {
  const { folder, imgsdk } = inFolder({ 'real/Dockerfile': spelled })
  const real = join(folder, 'real/Dockerfile')
  chmodSync(real, 0o640)
  symlinkSync(real, join(folder, 'Dockerfile'))
  const { stdout, code } = await imgsdk(['lint', '--fix', '--json'])
  const report = JSON.parse(stdout) as Report
  assert.is(code, 0)
  assert.equal(
    report.findings.filter(({ fixable }) => fixable),
    [],
  )
  assert.ok(report.fixed >= 5)
  assert.is(
    readFileSync(real, 'utf8'),
    `FROM alpine:3 AS base\nENV a="b  c # d"\nRUN true && \\\n  # kept\n  false\nLABEL x=y\nUSER 1000\n`,
  )
  assert.is(statSync(real).mode & 0o777, 0o640)
})

lint('--fix keeps the lines of a value, and the comments between them', async () => {
  const { folder, imgsdk } = inFolder({ Dockerfile: 'FROM alpine:3\r\nENV a b \\\r\n  # note\r\n  c\r\nUSER 1' })
  assert.match((await imgsdk(['lint', '--fix'])).stdout, '1 finding fixed; nothing to report')
  const text = 'FROM alpine:3\r\nENV a="b \\\r\n  # note\r\n  c"\r\nUSER 1'
  assert.is(readFileSync(join(folder, 'Dockerfile'), 'utf8'), text)
})

lint(
  '--fix says what it leaves alone: what is not UTF-8, where a comment would be lost, what is no Dockerfile',
  async () => {
    const { folder, imgsdk } = inFolder({
      'image.ts': "import { from } from 'imgsdk'\nexport default from('alpine:3').user('1')\n",
      lost: 'FROM alpine:3\nENV a \\\n# note\n  b\nUSER 1\n',
      latin: '',
    })
    const latin = Buffer.from('FROM alpine:3\n# caf\xe9\nENV a b\nUSER 1\n', 'latin1')
    writeFileSync(join(folder, 'latin'), latin)
    const report = JSON.parse((await imgsdk(['lint', '--fix', '--json', 'latin', 'lost', 'image.ts'])).stdout) as Report
    assert.ok(describes(report))
    assert.equal(
      report.unfixed.map(({ file, reason }) => `${file}: ${reason}`),
      [
        'latin: it is not UTF-8, and would be damaged',
        'lost: a change would lose a comment, or make another image',
        'image.ts: --fix changes Dockerfiles that are files, and nothing else',
      ],
    )
    assert.is(report.fixed, 0)
    assert.ok(readFileSync(join(folder, 'latin')).equals(latin))
    assert.match((await imgsdk(['lint', '--fix', 'image.ts'])).stdout, /^image\.ts is left as it is: --fix changes/)
  },
)

lint('a file that cannot be read hides nothing of the others, in any format', async () => {
  const { imgsdk } = inFolder({ bad: 'FROM alpine:3\nCOPPY a b\n', good: 'FROM alpine\nUSER 1\n' })
  const text = await imgsdk(['lint', 'bad', 'good'])
  assert.is(text.code, 1)
  assert.match(text.stdout, 'warning LatestBase  good:1:1')
  assert.match(text.stdout, '1 finding in 2 files; 1 file cannot be built')
  assert.match(text.stderr, 'UNKNOWN_INSTRUCTION  bad:2:1')
  const json = await imgsdk(['lint', 'bad', 'none', 'good', '--json'])
  const report = JSON.parse(json.stdout) as Report
  assert.ok(describes(report))
  assert.is(json.code, 2)
  assert.equal(
    report.failures.map(({ file, code }) => `${file} ${code}`),
    ['bad UNKNOWN_INSTRUCTION', 'none IMAGE_FILE_MISSING'],
  )
  assert.match((await imgsdk(['lint', 'bad', '--format', 'github'])).stdout, /^::error file=bad,line=2,/)
  const sarif = JSON.parse((await imgsdk(['lint', 'bad', '--format', 'sarif'])).stdout)
  assert.is(sarif.runs[0].invocations[0].executionSuccessful, false)
})

lint(
  'sarif and annotations name files from the top of the repository; columns are UTF-16 units, paths are URIs',
  async () => {
    const { folder, imgsdk } = inFolder({ 'a b/50% ü:,#/Dockerfile': '\ufeffFROM alpine:3\nENV 😀 é x\nUSER 1\n' })
    const file = 'a b/50% ü:,#/Dockerfile'
    const { runs } = JSON.parse((await imgsdk(['lint', file, '--format', 'sarif'])).stdout)
    const [{ tool, columnKind, results }] = runs
    assert.is(columnKind, 'utf16CodeUnits')
    for (const { ruleId, ruleIndex } of results) assert.is(tool.driver.rules[ruleIndex].id, ruleId)
    const { artifactLocation, region } = results[0].locations[0].physicalLocation
    assert.is(artifactLocation.uri, 'a%20b/50%25%20%C3%BC%3A%2C%23/Dockerfile')
    assert.equal(region, { startLine: 2, startColumn: 1, endLine: 2, endColumn: 11 })
    const inside = (format: string) =>
      run(process.execPath, [main, 'lint', '50% ü:,#/Dockerfile', '--format', format], {
        cwd: join(folder, 'a b'),
        env: { GITHUB_WORKSPACE: folder },
      })
    assert.match((await inside('sarif')).stdout, '"a%20b/50%25%20%C3%BC%3A%2C%23/Dockerfile"')
    assert.match((await inside('github')).stdout, /^::warning file=a b\/50%25 ü%3A%2C#\/Dockerfile,line=2,/)
  },
)

lint.needs(
  ['root', 'setpriv'],
  '--fix of a file that cannot be written fails, and still tells what it found',
  async () => {
    const { folder } = inFolder({ Dockerfile: 'FROM alpine:3\nENV a b\nUSER 1\n' })
    for (const path of [folder, dirname(folder)]) chmodSync(path, 0o755)
    const user = ['--reuid=65534', '--regid=65534', '--clear-groups']
    const args = [process.execPath, main, 'lint', '--fix', '--json', folder]
    const { code, stdout } = await run('setpriv', [...user, ...args], { cwd: folder, env: { HOME: folder } })
    const { findings, failures, fixed } = JSON.parse(stdout) as Report
    assert.equal([code, fixed, findings.length, failures[0]!.code], [1, 0, 1, 'EXPORT_FAILED'])
  },
)

lint('several at once that fix one file: each sees a whole file, and it ends as one would leave it', async () => {
  const steps = Array.from({ length: 300 }, (_, index) => `ENV K${index} v`).join('\n')
  const { folder, imgsdk } = inFolder({ Dockerfile: `FROM alpine:3\n${steps}\nUSER 1\n` })
  await Promise.all([1, 2, 3].map(() => imgsdk(['lint', '--fix'])))
  const text = `FROM alpine:3\n${steps.replace(/ v/g, '=v')}\nUSER 1\n`
  assert.is(readFileSync(join(folder, 'Dockerfile'), 'utf8'), text)
  assert.equal(readdirSync(folder), ['Dockerfile'])
})

lint('--fix leaves a file alone that has nothing to respell', async () => {
  const text = 'FROM alpine\nMAINTAINER me\nCMD echo\n'
  const { folder, imgsdk } = inFolder({ Dockerfile: text })
  const before = statSync(join(folder, 'Dockerfile')).ino
  await imgsdk(['lint', '--fix'])
  assert.is(readFileSync(join(folder, 'Dockerfile'), 'utf8'), text)
  assert.is(statSync(join(folder, 'Dockerfile')).ino, before)
})

lint('an image.ts is checked at its own lines', async () => {
  const { imgsdk } = inFolder({
    'image.ts': "import { from } from 'imgsdk'\n\nexport default from('alpine')\n  .run('npm ci')\n  .user('app')\n",
  })
  const { findings } = JSON.parse((await imgsdk(['lint', '--json'])).stdout) as Report
  assert.equal(
    findings.map(({ rule, file, line }) => `${rule} ${file}:${line}`),
    ['LatestBase image.ts:3', 'CacheMountMissing image.ts:4'],
  )
})

lint('an image.ts with loops and imports: the very call, in its own file, and each thing once', async () => {
  const { imgsdk } = inFolder({
    'lib/base.ts': [
      "import { from } from 'imgsdk'",
      'export const base = (tag: string) =>',
      "  from(`node:${tag}`).workdir('/app')",
      "    .run('apt-get update')",
      "export const deps = (on: ReturnType<typeof base>) => on.copy('.', '.').user('app')",
    ].join('\n'),
    'image.ts': [
      "import { base, deps } from './lib/base.ts'",
      "const shared = base('latest')",
      'const apps: Record<string, ReturnType<typeof base>> = {}',
      "for (const name of ['a', 'b', 'c'])",
      "  apps[name] = deps(shared).run('npm ci').cmd(['node', name])",
      'export default apps',
    ].join('\n'),
  })
  const { stdout } = await imgsdk(['lint', '--json'])
  const { findings } = JSON.parse(stdout) as { findings: Record<string, unknown>[] }
  assert.equal(
    findings.map(({ rule, file, line, column }) => `${rule} ${file}:${line}:${column}`),
    [
      'CacheMountMissing image.ts:5:29',
      'LatestBase lib/base.ts:3:3',
      'AptListsLeft lib/base.ts:4:6',
      'CopyDefeatsCache lib/base.ts:5:57',
    ],
  )
  assert.match(String(findings[3]!['message']), 'runs "npm ci" on line 5 of image.ts again')
})

lint('the ignore file beside the Dockerfile counts, and --target looks at one stage', async () => {
  const { imgsdk } = inFolder({
    Dockerfile: 'FROM alpine:3 AS a\nCOPY x /\nFROM alpine:3 AS b\nUSER 1000\n',
    '.dockerignore': 'x\n',
  })
  const rules = async (...args: string[]) =>
    (JSON.parse((await imgsdk(['lint', '--json', '--skip=RunsAsRoot', ...args])).stdout) as Report).findings.map(
      ({ rule }) => rule,
    )
  assert.equal(await rules(), ['CopyIgnoredFile'])
  assert.equal(await rules('--target', 'b'), [])
})

lint('what the store knows of a base image counts, as in a build; no store is made for it', async () => {
  const { folder, imgsdk } = inFolder({
    'base/Dockerfile': 'FROM scratch\nCOPY Dockerfile /\nENV FROM_BASE=/srv\nUSER 1\nONBUILD WORKDIR $NOWHERE/x\n',
    Dockerfile:
      'FROM team.invalid/base:1\nFROM other.invalid/x\nUSER 1\nFROM team.invalid/base:1 AS last\nWORKDIR /$FROM_BASE\n',
  })
  const rules = async (...args: string[]) => {
    const { stdout } = await imgsdk(['lint', '--json', '--store', 'store', '--skip=LatestBase,RunsAsRoot', ...args])
    return (JSON.parse(stdout) as Report).findings.map(({ rule, line }) => `${rule}:${line}`)
  }
  assert.equal(await rules(), ['UndefinedVar:5'])
  assert.not.ok(existsSync(join(folder, 'store')))
  const other = process.arch === 'arm64' ? 'linux/amd64' : 'linux/arm64'
  const base = ['build', 'base', '--store', 'store', '--platform', other, '-t', 'team.invalid/base:1']
  assert.is((await imgsdk(base)).code, 0)
  const wanted = ['InvalidBaseImagePlatform:1', 'UndefinedVar:1', 'InvalidBaseImagePlatform:4', 'UndefinedVar:4']
  assert.equal((await rules()).sort(), wanted.sort())
  assert.equal((await rules('--target', 'last')).sort(), ['InvalidBaseImagePlatform:4', 'UndefinedVar:4'])
})

lint('standard input, several files, and the list of rules', async () => {
  const { imgsdk } = inFolder({ a: clean, b: 'FROM alpine\nUSER 1000\n' })
  assert.match((await imgsdk(['lint', '-'], 'FROM alpine\n')).stdout, ' > 1 | FROM alpine')
  assert.match((await imgsdk(['lint', 'a', 'b'])).stdout, '1 finding in 2 files')
  assert.match((await imgsdk(['lint', '--rules'])).stdout, /SecretBakedIn\n[\s\S]*why: /)
})

lint.run()
