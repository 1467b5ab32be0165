import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { unifiedDiff } from '../../cli/render/diff.ts'
import { parse } from '../../sdk/dockerfile/parse.ts'
import { print } from '../../sdk/dockerfile/print.ts'
import { graphDigest } from '../../sdk/graph/digest.ts'
import { assert, corpusFolder, suite } from '../helpers/suite.ts'
import { inFolder } from './imgsdk.ts'

const fmt = suite('cli/fmt')

const untidy = '# check=skip=all\n# why\nfrom   alpine\nenv a b\nrun  x\n'
const tidy = '# check=skip=all\n\n# why\nFROM alpine\nENV a=b\nRUN x\n'

fmt('writes the file anew, once', async () => {
  const { folder, imgsdk } = inFolder({ Dockerfile: untidy })
  assert.is((await imgsdk(['fmt'])).stdout, 'Dockerfile\n')
  assert.is(readFileSync(join(folder, 'Dockerfile'), 'utf8'), tidy)
  assert.is((await imgsdk(['fmt'])).stdout, '')
  assert.equal(readdirSync(folder), ['Dockerfile'])
})

fmt('--check names what would change and writes nothing', async () => {
  const { folder, imgsdk } = inFolder({ a: untidy, b: tidy })
  const { stdout, code } = await imgsdk(['fmt', '--check', 'a', 'b'])
  assert.equal([stdout, code], ['a\n', 1])
  assert.is(readFileSync(join(folder, 'a'), 'utf8'), untidy)
  assert.is((await imgsdk(['fmt', '--check', 'b'])).code, 0)
})

fmt('--diff shows the change, standard input comes out formatted', async () => {
  const { imgsdk } = inFolder({ Dockerfile: untidy })
  const { stdout, code } = await imgsdk(['fmt', '--diff'])
  assert.is(code, 0)
  assert.match(stdout, '-env a b\n')
  assert.match(stdout, '+ENV a=b\n')
  assert.is((await imgsdk(['fmt', '-'], untidy)).stdout, tidy)
})

fmt('a file that is no Dockerfile is refused, and left alone', async () => {
  const { folder, imgsdk } = inFolder({ Dockerfile: 'FROM alpine\nRUNN x\n', 'image.ts': 'export default 1\n' })
  assert.is((await imgsdk(['fmt'])).code, 1)
  assert.is(readFileSync(join(folder, 'Dockerfile'), 'utf8'), 'FROM alpine\nRUNN x\n')
  assert.is((await imgsdk(['fmt', 'image.ts'])).code, 2)
  assert.is((await imgsdk(['fmt', 'missing'])).code, 2)
})

fmt('a unified diff has hunks with three lines around, and the right numbers', () => {
  const before = Array.from({ length: 20 }, (_, n) => `${n + 1}\n`).join('')
  const after = before.replace('\n5\n', '\nfive\n').replace('18\n', '')
  assert.is(
    unifiedDiff('f', before, after),
    '--- a/f\n+++ b/f\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n@@ -15,6 +15,5 @@\n 15\n 16\n 17\n-18\n 19\n 20\n',
  )
  assert.is(unifiedDiff('f', 'a', 'a'), '')
  assert.is(unifiedDiff('f', 'a', 'a\n'), '--- a/f\n+++ b/f\n@@ -1,1 +1,1 @@\n-a\n\\ No newline at end of file\n+a\n')
})

fmt.needs(['corpus'], 'every real Dockerfile keeps its meaning, and formatting again changes nothing', () => {
  const folder = join(corpusFolder()!, 'dockerfiles')
  for (const name of readdirSync(folder)) {
    const graph = parse(readFileSync(join(folder, name), 'utf8'))
    const text = print(graph)
    const again = parse(text)
    assert.is(graphDigest(again), graphDigest(graph), name)
    assert.is(print(again), text, name)
  }
})

fmt.run()
