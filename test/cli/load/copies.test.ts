/** An image.ts that meets another copy of imgsdk, as when a package of one's own brings its own along. */
import { cpSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cliFile, folderOf, imgsdk } from '../../helpers/cli.ts'
import { assert, suite } from '../../helpers/suite.ts'

const copies = suite('cli/copies')

const base = {
  'node_modules/acme/package.json': '{ "name": "acme", "type": "module", "exports": "./index.js" }',
  'node_modules/acme/index.js': `import { from, heredoc, arg } from 'imgsdk'
export const base = from(\`alpine:\${arg('TAG', '3')}\`).run('true').as('base')
export const app = (name) => from('busybox').copy(heredoc('x'), name)
`,
  'node_modules/imgsdk/package.json': '{ "name": "imgsdk", "type": "module", "exports": "./dist/sdk/index.js" }',
}

/** A folder where `acme` imports a copy of the SDK that is not the one which runs. */
function folderWith(image: string): string {
  const folder = realpathSync(folderOf({ ...base, 'image.ts': image }))
  cpSync(join(cliFile, '..', '..', 'sdk'), join(folder, 'node_modules', 'imgsdk', 'dist', 'sdk'), { recursive: true })
  return folder
}

const synth = (folder: string) => imgsdk(['synth', '--format', 'dockerfile'], { cwd: folder })

copies('stages of two copies go together', async () => {
  const folder = folderWith(`import { from, scratch } from 'imgsdk'
import { app, base } from 'acme'
const built = from(base).run('make')
export default scratch().copy('/out', '/', { from: built }).copy('/x', '/', { from: app('/x') })
`)
  const { status, stdout, stderr } = await synth(folder)
  assert.is(status, 0, stderr)
  assert.is(
    stdout,
    `ARG TAG=3

FROM alpine:$TAG AS base
RUN true

FROM base
RUN make

FROM busybox
COPY <<EOF /x
x
EOF

FROM scratch
COPY --from=1 /out /
COPY --from=2 /x /
`,
  )
})

copies('a wrong call of the other copy is told in the image.ts, with its hint', async () => {
  const folder = folderWith(
    "import { base } from 'acme'\n\nexport default base.user('a').workdir(undefined as never)\n",
  )
  const { status, stderr } = await synth(folder)
  assert.is(status, 1, stderr)
  assert.match(stderr, /^ARGUMENT_VALUE {2}image\.ts:3:31\n {2}the path of WORKDIR is undefined/)
})

copies('stages of another form are told with the folders of both copies', async () => {
  const folder = folderWith("import { base } from 'acme'\nimport { from } from 'imgsdk'\nexport default from(base)\n")
  const other = join(folder, 'node_modules', 'imgsdk')
  for (const name of readdirSync(other, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('stage-like.js')) continue
    const path = join(other, name)
    writeFileSync(path, readFileSync(path, 'utf8').replace(/form: \d+/, 'form: 0'))
  }
  const { status, stderr } = await synth(folder)
  assert.is(status, 1, stderr)
  assert.match(stderr, /^ARGUMENT_VALUE {2}image\.ts:3:16\n/)
  assert.match(stderr, `made by another imgsdk, in ${other}; this one is in `)
  assert.match(stderr, /hint: .*npm ls imgsdk/)
})

copies.run()
