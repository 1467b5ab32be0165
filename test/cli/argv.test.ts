import { parseArguments } from '../../cli/argv.ts'
import { command } from '../../cli/command.ts'
import build from '../../cli/commands/build.ts'
import type { ImgError } from '../../sdk/error.ts'
import { assert, suite } from '../helpers/suite.ts'

const argv = suite('cli/argv')

const verb = command({
  name: 'make',
  summary: '',
  usage: ['FILE [OPTIONS]'],
  description: '',
  arguments: [1, 2],
  options: {
    tag: { kind: 'list', short: 't', value: 'REF', help: '' },
    cache: { kind: 'flag', help: '' },
    quiet: { kind: 'flag', short: 'q', help: '' },
    file: { kind: 'value', short: 'f', value: 'FILE', help: '' },
    progress: { kind: 'value', value: 'HOW', choices: ['plain', 'tty'], help: '' },
  },
  elsewhere: { squash: 'copy it all into a stage FROM scratch', z: 'use -q' },
  examples: [],
  run: async () => 0,
})

/** What `docker buildx build --help` lists. */
const optionsOfBuildx = [
  ...['add-host', 'allow', 'annotation', 'attest', 'build-arg', 'build-context', 'builder', 'cache-from', 'cache-to'],
  ...['call', 'cgroup-parent', 'check', 'debug', 'file', 'iidfile', 'label', 'load', 'metadata-file', 'network'],
  ...['no-cache', 'no-cache-filter', 'output', 'platform', 'policy', 'progress', 'provenance', 'pull', 'push', 'quiet'],
  ...['sbom', 'secret', 'shm-size', 'ssh', 'tag', 'target', 'ulimit'],
]

const read = (...words: string[]) => parseArguments(verb, words)

const refusal = (...words: string[]): ImgError => {
  try {
    read(...words)
  } catch (error) {
    return error as ImgError
  }
  throw new Error(`${words.join(' ')} was taken`)
}

argv('an option that only another tool has is refused with what to do instead', () => {
  for (const word of ['--squash', '--squash=true', '-z']) {
    const { code, hint } = refusal('x', word)
    assert.is(code, 'USAGE')
    assert.is(hint, word === '-z' ? 'use -q' : 'copy it all into a stage FROM scratch')
  }
})

argv('docker buildx build has no option that build neither has nor answers', () => {
  const known = new Set([...Object.keys(build.options), ...Object.keys(build.elsewhere ?? {})])
  assert.equal(
    optionsOfBuildx.filter((name) => !known.has(name)),
    [],
  )
  assert.equal(
    Object.keys(build.elsewhere ?? {}).filter((name) => Object.hasOwn(build.options, name)),
    [],
  )
})

argv('reads values after a blank, after =, and joined to a short option', () => {
  const { values } = read('x', '--tag', 'a', '--tag=b=c', '-t', 'd', '-te', '-t=f')
  assert.equal(values.tag, ['a', 'b=c', 'd', 'e', 'f'])
})

argv('gives what was not said: false, an empty list, nothing', () => {
  assert.equal(read('x').values, { tag: [], cache: false, quiet: false, file: undefined, progress: undefined })
})

argv('the last of two values counts', () => {
  assert.is(read('x', '-f', 'a', '-f', 'b').values.file, 'b')
})

argv('a flag is cleared by --no- and by =false', () => {
  assert.is(read('x', '--cache', '--no-cache').values.cache, false)
  assert.is(read('x', '--cache=false').values.cache, false)
  assert.is(read('x', '--cache=true').values.cache, true)
})

argv('takes everything after -- as an argument, and - alone', () => {
  assert.equal(read('--', '--tag', '-q').positionals, ['--tag', '-q'])
  assert.equal(read('-').positionals, ['-'])
})

argv('suggests the option that was meant', () => {
  const { code, hint, exit } = refusal('x', '--progres=plain')
  assert.equal({ code, hint, exit }, { code: 'USAGE', hint: 'did you mean --progress?', exit: 2 })
})

argv('suggests the choice that was meant', () => {
  const { message, hint } = refusal('x', '--progress', 'plan')
  assert.is(message, '--progress is plain, tty, not "plan"')
  assert.is(hint, 'did you mean plain?')
})

argv('refuses a value for a flag, an option without its value, and a wrong count', () => {
  assert.match(refusal('x', '--quiet=3').message, 'takes no value')
  assert.match(refusal('x', '-qq').message, 'takes no value')
  assert.match(refusal('x', '--file').message, 'needs a value: FILE')
  assert.match(refusal().message, 'needs an argument')
  assert.match(refusal('a', 'b', 'c').message, '"c"')
})

argv('--help wins over a missing argument', () => {
  assert.is(read('--help').help, true)
  assert.is(read('-h').help, true)
})

argv.run()
