import { Ajv2020 } from 'ajv/dist/2020.js'
import { failureDocument } from '../../cli/render/error.ts'
import { verbs } from '../../cli/verbs.ts'
import { ImgError, wrapError } from '../../sdk/error.ts'
import { failureSchema } from '../../sdk/json/failure-schema.ts'
import { folderOf, imgsdk } from '../helpers/cli.ts'
import { assert, suite } from '../helpers/suite.ts'

const json = suite('cli/json')

const ajv = new Ajv2020({ strict: true })
const accepts = ajv.compile<{ error: Record<string, unknown> }>(failureSchema())

const failures: readonly (readonly [code: string, args: readonly string[]])[] = [
  ['USAGE', ['biuld']],
  ['USAGE', ['build', '--nonsense']],
  ['USAGE', ['synth', '--format', 'x']],
  ['IMAGE_FILE_MISSING', ['build', 'none']],
  ['IMAGE_FILE_FAILED', ['synth', 'broken.ts']],
  ['UNKNOWN_INSTRUCTION', ['build', 'broken.Dockerfile']],
  ['EXPORT_FAILED', ['build', '-o', 'type=oci,dest=.']],
  ['IMAGE_NOT_FOUND', ['push', 'none:1']],
  ['IMAGE_NOT_FOUND', ['inspect', './none']],
  ['USAGE', ['import', 'none.tar']],
  ['REFERENCE_INVALID', ['pull', 'UPPER']],
  ['CONTEXT_INVALID', ['context', 'ls', 'none']],
]

json(
  'what fails with --json prints one document that the published schema describes, and says so to people too',
  async () => {
    const cwd = folderOf({
      'broken.ts': 'throw new Error("no")\n',
      'broken.Dockerfile': 'FROM scratch\nCOPPY a b\n',
      Dockerfile: 'FROM scratch\n',
    })
    for (const [code, args] of failures) {
      const { status, stdout, stderr } = await imgsdk([...args, '--json'], { cwd })
      const document = JSON.parse(stdout) as unknown
      assert.ok(accepts(document), ajv.errorsText(accepts.errors))
      assert.is(document.error['code'], code, args.join(' '))
      assert.is(document.error['exit'], status)
      assert.match(stderr, code)
    }
  },
)

json('a place in a file is part of the document', async () => {
  const cwd = folderOf({ Dockerfile: 'FROM scratch\nCOPPY a b\n' })
  const { stdout } = await imgsdk(['build', '--json'], { cwd })
  const { error } = JSON.parse(stdout) as { error: { at: Record<string, unknown>; hint: string } }
  assert.is(error.at['line'], 2)
  assert.is(error.hint, 'did you mean COPY?')
})

json('without --json, and where an archive goes to standard output, no document is printed', async () => {
  const cwd = folderOf({ Dockerfile: 'FROM scratch\nCOPY none /\n' })
  for (const more of [[], ['--json', '-o', 'type=tar'], ['--json', '-o', '-'], ['--json', '-o', 'type=oci,dest=-']]) {
    const { status, stdout, stderr } = await imgsdk(['build', ...more], { cwd })
    assert.is(status, 1)
    assert.is(stdout, '')
    assert.match(stderr, 'COPY_SOURCE_MISSING')
  }
})

json('several errors, a bug of ours and facts are described by the schema too', () => {
  const errors = [new ImgError('USAGE', 'a', { detail: { path: '/x', status: 3 } }), new ImgError('INTERNAL', 'b')]
  for (const error of [new ImgError('GRAPH_INVALID', 'all', { errors }), wrapError(new TypeError('oh'))])
    assert.ok(accepts(JSON.parse(failureDocument(error))), ajv.errorsText(accepts.errors))
  assert.not(accepts({ error: { code: 'USAGE' } }))
})

json('every verb that reports takes --json', async () => {
  const without = ['shell', 'fmt']
  for (const { name, load } of verbs) assert.is('json' in (await load()).options, !without.includes(name), name)
})

json.run()
