import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { assert, suite } from '../helpers/suite.ts'
import { inFolder } from './imgsdk.ts'

const convert = suite('cli/convert')

const text = 'FROM scratch\nCOPY a /\n'
const paths = (stdout: string) => stdout.split('\n').flatMap((line) => / → (\S+)/.exec(line)?.[1] ?? [])

convert('writes image.ts beside each Dockerfile, and NAME.image.ts where there are several', async () => {
  const { imgsdk, folder } = inFolder({ 'a/Dockerfile': text, 'b/web.Dockerfile': text, 'b/Dockerfile.api': text })
  const { code, stdout, stderr } = await imgsdk(['convert', 'a', 'b'])
  assert.is(code, 0, stderr)
  assert.equal(paths(stdout), ['a/image.ts', 'b/api.image.ts', 'b/web.image.ts'])
  for (const path of paths(stdout)) assert.match(readFileSync(join(folder, path), 'utf8'), ".copy('a', '/')")
})

convert('--out keeps the folders apart', async () => {
  const files = { 's/x/app/Dockerfile': text, 's/y/app/Dockerfile': text, 's/y/Dockerfile.api': text, Dockerfile: text }
  const cases: readonly (readonly [args: readonly string[], paths: readonly string[]])[] = [
    [['s'], ['out/x/app/image.ts', 'out/y/image.ts', 'out/y/app/image.ts']],
    [['Dockerfile'], ['out/image.ts']],
    [
      ['s/x/app/Dockerfile', 's/y/app/Dockerfile'],
      ['out/x/app/image.ts', 'out/y/app/image.ts'],
    ],
    [
      ['s/x', 's/y'],
      ['out/x/app/image.ts', 'out/y/image.ts', 'out/y/app/image.ts'],
    ],
  ]
  for (const [args, expected] of cases) {
    const { imgsdk } = inFolder(files)
    const { code, stdout, stderr } = await imgsdk(['convert', ...args, '--out', 'out'])
    assert.is(code, 0, stderr)
    assert.equal(paths(stdout).sort(), [...expected].sort())
  }
})

convert('a file that is there stays without --force, and one that was just written stays with it', async () => {
  const { imgsdk, folder } = inFolder({ 'Dockerfile.web': text, 'web.Dockerfile': text.replace('a', 'b') })
  const first = await imgsdk(['convert', '.', '--force'])
  assert.is(first.code, 1)
  assert.match(first.stderr, /EXPORT_FAILED\n {2}"web.image.ts" is already what Dockerfile.web becomes/)
  assert.match(readFileSync(join(folder, 'web.image.ts'), 'utf8'), ".copy('a', '/')")
  const again = await imgsdk(['convert', 'Dockerfile.web', '--out', '.'])
  assert.is(again.code, 0, again.stderr)
  const third = await imgsdk(['convert', 'Dockerfile.web', '--json'])
  assert.is(third.code, 1)
  const [{ error }] = JSON.parse(third.stdout) as [{ error: Record<string, unknown> }]
  assert.is(error['code'], 'EXPORT_FAILED')
  assert.match(String(error['hint']), '--force')
})

convert('--out - shows it and writes nothing', async () => {
  const { imgsdk, folder } = inFolder({ Dockerfile: text })
  const { code, stdout } = await imgsdk(['convert', 'Dockerfile', '--out', '-'])
  assert.is(code, 0)
  assert.match(stdout, "export default scratch()\n  .copy('a', '/')")
  assert.not(existsSync(join(folder, 'image.ts')))
})

convert('a folder without a Dockerfile is told', async () => {
  const { imgsdk } = inFolder({ 'a/readme': '' })
  const { code, stderr } = await imgsdk(['convert', 'a'])
  assert.is(code, 2)
  assert.match(stderr, /^IMAGE_FILE_MISSING\n {2}there is no Dockerfile in a\n {2}hint: /)
})

convert.run()
