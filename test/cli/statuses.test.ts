/** How commands that fail end: the exit status and the code, in one table. */
import { folderOf, imgsdk } from '../helpers/cli.ts'
import { assert, suite } from '../helpers/suite.ts'

const statuses = suite('cli/statuses')

const files = {
  Dockerfile: 'FROM scratch\nCOPY Dockerfile /\n',
  'empty.Dockerfile': '# nothing\n',
  'unknown.Dockerfile': 'FROM scratch\nCOPPY a b\n',
  'flag.Dockerfile': 'FROM scratch\nCOPY --form=a b c\n',
  'missing.Dockerfile': 'FROM scratch\nCOPY nowhere /\n',
  'required.Dockerfile': 'ARG V\nFROM ${V:?needed}\n',
  'checked.Dockerfile': '# check=error=true\nFROM scratch as a\n',
  'unreachable.Dockerfile': 'FROM 127.0.0.1:1/none:1\nCOPY Dockerfile /\n',
  'host.Dockerfile': 'FROM scratch\nCOPY Dockerfile /\nRUN --network=host true\n',
  'badly-laid.Dockerfile': 'from   scratch\nenv a b\n',
  'throws.ts': 'throw new Error("no")\n',
  'nothing.ts': 'export const a = 1\n',
  'image.ts': '',
  'typo.ts': 'import { form } from "imgsdk"\nexport default form("scratch")\n',
  'graph.json': '{"version":1}',
  'newer.json': '{"version":99,"args":[],"stages":[]}',
  'text.tar': 'no archive',
  'none/readme': '',
  full: '',
}

const table: readonly (readonly [command: string, status: number, code: string])[] = [
  ['nonsense', 2, 'USAGE'],
  ['build --nonsense', 2, 'USAGE'],
  ['build --tag', 2, 'USAGE'],
  ['build --no-cache=maybe', 2, 'USAGE'],
  ['build a b', 2, 'USAGE'],
  ['build https://example.com/x.git', 1, 'UNSUPPORTED'],
  ['build -f Dockerfile git@example.com:x.git', 1, 'UNSUPPORTED'],
  ['build Dockerfile --platform linux/arm64,linux/amd64', 1, 'UNSUPPORTED'],
  ['build Dockerfile --output type=nope', 2, 'USAGE'],
  ['build Dockerfile --output type=oci,dset=a.tar', 2, 'USAGE'],
  ['build Dockerfile --secret src=a', 2, 'USAGE'],
  ['build Dockerfile --secret id=a,src=nothing', 2, 'USAGE'],
  ['build Dockerfile --allow nothing', 2, 'USAGE'],
  ['build Dockerfile --build-context a=nothing', 2, 'USAGE'],
  ['build Dockerfile --build-arg =a', 2, 'USAGE'],
  ['build Dockerfile --param a=b', 2, 'USAGE'],
  ['build Dockerfile --push', 2, 'USAGE'],
  ['build nothing', 2, 'IMAGE_FILE_MISSING'],
  ['build none', 2, 'IMAGE_FILE_MISSING'],
  ['build Dockerfile --build-context a=ftp://host/x', 1, 'UNSUPPORTED'],
  ['build Dockerfile -t UPPER', 1, 'REFERENCE_INVALID'],
  [`build Dockerfile -t app@sha256:${'0'.repeat(64)}`, 1, 'REFERENCE_INVALID'],
  [`build Dockerfile --output type=image,name=app@sha256:${'0'.repeat(64)}`, 1, 'REFERENCE_INVALID'],
  [`import text.tar -t app@sha256:${'0'.repeat(64)}`, 1, 'REFERENCE_INVALID'],
  ['build Dockerfile --output type=oci --output -', 2, 'USAGE'],
  ['build Dockerfile --output type=oci,dest=a.tar --output type=docker,dest=./a.tar', 2, 'USAGE'],
  ['build Dockerfile --platform a/b/c/d', 1, 'PLATFORM_INVALID'],
  ['build Dockerfile --target none', 1, 'STAGE_UNKNOWN'],
  ['build Dockerfile --output type=local,dest=none', 1, 'EXPORT_FAILED'],
  ['build Dockerfile --store full', 1, 'CONTEXT_INVALID'],
  // where Node 20 tries for ever to make a folder
  ['build Dockerfile --store /proc/x/y', 1, 'CONTEXT_INVALID'],
  ['build Dockerfile --output type=oci,dest=/proc/x/y.tar', 1, 'EXPORT_FAILED'],
  ['build Dockerfile --output type=oci,tar=false,dest=/proc/x/y', 1, 'EXPORT_FAILED'],
  ['build Dockerfile --output type=local,dest=/proc/x/y', 1, 'EXPORT_FAILED'],
  ['synth Dockerfile --out /proc/x/y', 1, 'EXPORT_FAILED'],
  ['build empty.Dockerfile', 1, 'DOCKERFILE_EMPTY'],
  ['build unknown.Dockerfile', 1, 'UNKNOWN_INSTRUCTION'],
  ['build flag.Dockerfile', 1, 'UNKNOWN_FLAG'],
  ['build missing.Dockerfile', 1, 'COPY_SOURCE_MISSING'],
  ['build required.Dockerfile', 1, 'EXPANSION'],
  ['build checked.Dockerfile', 1, 'CHECK_FAILED'],
  ['build unreachable.Dockerfile', 1, 'REGISTRY_UNREACHABLE'],
  ['build host.Dockerfile', 1, 'NOT_ALLOWED'],
  ['synth throws.ts', 1, 'IMAGE_FILE_FAILED'],
  ['synth typo.ts', 1, 'IMAGE_FILE_FAILED'],
  ['synth nothing.ts', 1, 'IMAGE_FILE_EXPORTS'],
  ['synth graph.json', 1, 'GRAPH_INVALID'],
  ['synth newer.json', 1, 'GRAPH_VERSION'],
  ['synth Dockerfile --out full/x', 1, 'EXPORT_FAILED'],
  ['lint missing.Dockerfile --skip Nothing', 2, 'USAGE'],
  ['lint unknown.Dockerfile', 1, 'UNKNOWN_INSTRUCTION'],
  ['fmt image.ts', 2, 'USAGE'],
  ['fmt unknown.Dockerfile', 1, 'UNKNOWN_INSTRUCTION'],
  ['convert Dockerfile', 1, 'EXPORT_FAILED'],
  ['context rm', 2, 'USAGE'],
  ['context ls nothing', 1, 'CONTEXT_INVALID'],
  ['context ls . --why ../x', 1, 'PATH_ESCAPES'],
  ['import', 2, 'USAGE'],
  ['import nothing.tar', 2, 'USAGE'],
  ['import text.tar', 1, 'LAYER_INVALID'],
  ['import none', 1, 'IMAGE_INVALID'],
  ['inspect nothing.tar', 1, 'IMAGE_NOT_FOUND'],
  ['inspect text.tar', 1, 'IMAGE_INVALID'],
  ['pull 127.0.0.1:1/none', 1, 'REGISTRY_UNREACHABLE'],
  ['push none', 1, 'IMAGE_NOT_FOUND'],
  ['push none UPPER', 1, 'REFERENCE_INVALID'],
  ['shell none --commit UPPER', 1, 'REFERENCE_INVALID'],
]

const cwd = folderOf(files)

for (const [command, status, code] of table) {
  statuses(`${command}: ${status}, ${code}`, async () => {
    const ended = await imgsdk(command.split(' '), { cwd, env: { DOCKER_CONFIG: cwd, HOME: cwd } })
    assert.match(ended.stderr, new RegExp(`^${code}\\b`, 'm'))
    assert.is(ended.status, status, ended.stderr)
    assert.is(ended.stdout, '')
    assert.not.match(ended.stderr, /^ +at .*:\d+:\d+\)?$/m, 'a stack trace')
  })
}

statuses('a check that fails ends with 1, and says what on standard output', async () => {
  for (const command of ['fmt --check badly-laid.Dockerfile', 'lint --error badly-laid.Dockerfile']) {
    const { status, stdout } = await imgsdk(command.split(' '), { cwd })
    assert.is(status, 1, command)
    assert.match(stdout, 'badly-laid.Dockerfile')
  }
})

statuses('a bug of ours: 70, with what to report', async () => {
  const broken = "data:text/javascript,process.cwd=()=>{throw%20new%20TypeError('broken')}"
  const ended = await imgsdk(['synth', 'Dockerfile'], { cwd, env: { NODE_OPTIONS: `--import=${broken}` } })
  assert.is(ended.status, 70, ended.stderr)
  assert.match(ended.stderr, /^INTERNAL\n {2}broken\n {2}this is a bug in imgsdk; please report it with these lines\n/)
})

statuses.run()
