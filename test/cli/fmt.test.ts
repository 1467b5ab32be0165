import {
  chmodSync,
  chownSync,
  lstatSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { unifiedDiff } from '../../cli/render/diff.ts'
import { parse } from '../../sdk/dockerfile/parse.ts'
import { print } from '../../sdk/dockerfile/print.ts'
import { graphDigest } from '../../sdk/graph/digest.ts'
import { assert, corpusFolder, suite } from '../helpers/suite.ts'
import { inFolder } from './imgsdk.ts'

const fmt = suite('cli/fmt')

const untidy = '# check=skip=all\n# why\nfrom   alpine\nenv a b\nrun  x\n'
const tidy = '# check=skip=all\n# why\nFROM alpine\nENV a=b\nRUN x\n'

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

fmt(
  'a folder is searched, a file among good ones that cannot be read keeps no other from being formatted',
  async () => {
    const { folder, imgsdk } = inFolder({
      'a/Dockerfile': untidy,
      'b/Dockerfile.web': untidy,
      'b/api.dockerfile': tidy,
      'b/Containerfile': untidy,
      'b/bad.Dockerfile': 'FROM alpine\nRUNN x\n',
      'b/Dockerfile.dockerignore': 'from   x\n',
      'node_modules/Dockerfile': untidy,
    })
    const { stdout, stderr, code } = await imgsdk(['fmt', 'missing', '.', 'a/Dockerfile'])
    assert.equal([stdout, code], ['a/Dockerfile\nb/Containerfile\nb/Dockerfile.web\n', 2])
    assert.match(stderr, 'missing')
    assert.match(stderr, 'bad.Dockerfile:2')
    assert.is(readFileSync(join(folder, 'b/Dockerfile.web'), 'utf8'), tidy)
    assert.is(readFileSync(join(folder, 'b/bad.Dockerfile'), 'utf8'), 'FROM alpine\nRUNN x\n')
    assert.is((await imgsdk(['fmt', '--check', '--diff', 'a', 'b/api.dockerfile'])).code, 0)
    assert.is((await imgsdk(['fmt', '--check', 'b'])).code, 1)
    assert.is((await imgsdk(['fmt', 'node_modules/Dockerfile'])).stdout, 'node_modules/Dockerfile\n')
  },
)

fmt('the mode and a link stay, and nobody sees half a file', async () => {
  const { folder, imgsdk } = inFolder({ 'real/Dockerfile': untidy })
  const real = join(folder, 'real/Dockerfile')
  chmodSync(real, 0o640)
  symlinkSync('real/Dockerfile', join(folder, 'Dockerfile'))
  assert.is((await imgsdk(['fmt'])).code, 0)
  assert.ok(lstatSync(join(folder, 'Dockerfile')).isSymbolicLink())
  assert.is(statSync(real).mode & 0o777, 0o640)
  assert.is(readFileSync(real, 'utf8'), tidy)
  assert.equal(readdirSync(join(folder, 'real')), ['Dockerfile'])
})

fmt.needs(['root'], 'the owner stays', async () => {
  const { folder, imgsdk } = inFolder({ Dockerfile: untidy })
  chownSync(join(folder, 'Dockerfile'), 1234, 1235)
  assert.is((await imgsdk(['fmt'])).code, 0)
  const { uid, gid } = statSync(join(folder, 'Dockerfile'))
  assert.equal([uid, gid], [1234, 1235])
})

fmt('lines end as they did, here-documents included, and a byte order mark goes', async () => {
  const windows = '\ufefffrom  alpine\r\nRUN <<EOF\r\necho a\r\nEOF\r\nRUN a && \\\r\n  b'
  const mixed = 'from  alpine\r\nRUN <<EOF\necho a\nEOF\n'
  const { folder, imgsdk } = inFolder({ windows, mixed })
  assert.is((await imgsdk(['fmt', 'windows', 'mixed'])).code, 0)
  const formatted = 'FROM alpine\r\nRUN <<EOF\r\necho a\r\nEOF\r\nRUN a && \\\r\n  b\r\n'
  assert.is(readFileSync(join(folder, 'windows'), 'utf8'), formatted)
  assert.is(readFileSync(join(folder, 'mixed'), 'utf8'), 'FROM alpine\nRUN <<EOF\necho a\nEOF\n')
  assert.is((await imgsdk(['fmt', '--check', 'windows', 'mixed'])).code, 0)
})

fmt('bytes that are not UTF-8 are never lost: the file is refused, and the byte shown', async () => {
  const { folder, imgsdk } = inFolder({ fine: 'FROM a\n# \ufffd\n' })
  const bytes = Buffer.from('from  a\n# \ufffd\n# caf\xe9\n', 'latin1')
  writeFileSync(join(folder, 'latin1'), Buffer.concat([Buffer.from('from  a\n# \ufffd\n'), bytes.subarray(-7)]))
  const { stderr, code } = await imgsdk(['fmt', 'latin1', 'fine'])
  assert.is(code, 1)
  assert.match(stderr, 'latin1:3:6')
  assert.match(stderr, '0xe9')
  assert.ok(readFileSync(join(folder, 'latin1')).includes(0xe9))
  writeFileSync(join(folder, 'torn'), Buffer.from([...Buffer.from('FROM a\n# '), 0xef, 0xbf, 0x41, 0x0a]))
  assert.match((await imgsdk(['fmt', 'torn'])).stderr, '0xef')
  assert.is((await imgsdk(['fmt', 'fine'])).code, 0)
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
