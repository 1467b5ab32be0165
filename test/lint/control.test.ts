import { parse } from '../../sdk/dockerfile/parse.ts'
import { parseTrigger } from '../../sdk/dockerfile/trigger.ts'
import type { ImgError } from '../../sdk/error.ts'
import { parseControl } from '../../sdk/lint/control.ts'
import { lint, violation } from '../../sdk/lint/lint.ts'
import { buildkitRules } from '../../sdk/lint/rules.ts'
import { failure } from '../dockerfile/failure.ts'
import { assert, suite } from '../helpers/suite.ts'
import { checks, findings } from './findings.ts'

const control = suite('lint/control')

const bad = 'FROM alpine\nMAINTAINER a\nENV a b\n'
const names = (text: string, given = {}) => checks(text, given).map((line) => line.replace(/:.*/, ''))
const refusal = (text: string) => {
  try {
    parseControl(text)
  } catch (error) {
    return (error as ImgError).message
  }
  return undefined
}

control('D12.1 findings are warnings, shown as rule, line and message', () => {
  assert.equal(checks(bad), [
    'MaintainerDeprecated:2: Maintainer instruction is deprecated in favor of using label',
    'LegacyKeyValueFormat:3: "ENV key=value" should be used instead of legacy "ENV key value" format',
  ])
  assert.ok(findings(bad).every(({ level }) => level === 'warning'))
})

control('D12.2 options are groups of key=value', () => {
  const { skip, experimental, error } = parseControl(' skip = A , B ; experimental=all;error=true')
  assert.equal([...(skip as Set<string>)], ['A', 'B'])
  assert.is(experimental, 'all')
  assert.is(error, true)
  assert.is(parseControl('error=f').error, false)
  assert.is(parseControl('error= true ').error, true)
  assert.is(parseControl('experimental= all ').experimental, 'all')
  assert.is(parseControl('skip=all;skip=A').skip, 'all')
  assert.match(refusal('skip') ?? '', 'invalid check option "skip"')
  assert.match(refusal('=A') ?? '', 'invalid check option ""')
  assert.match(refusal('other=1') ?? '', 'invalid check option "other"')
  assert.match(refusal('error=maybe') ?? '', 'failed to parse check option')
  assert.match(refusal('skip=A;error=true;skip=B;x=1') ?? 'none', 'none')
})

control('D12.2 names of rules know case, and unknown ones do no harm', () => {
  assert.equal(names(`# check=skip=maintainerdeprecated,Nothing\n${bad}`), [
    'MaintainerDeprecated',
    'LegacyKeyValueFormat',
  ])
})

control('D12.3 the directive sets the options of the file; its value ends at the first blank', () => {
  assert.equal(names(`# check=skip=MaintainerDeprecated,LegacyKeyValueFormat\n${bad}`), [])
  assert.equal(names(`# check=skip=MaintainerDeprecated, LegacyKeyValueFormat\n${bad}`), ['LegacyKeyValueFormat'])
  assert.equal(names(`# check=skip=all\n${bad}`), [])
  const refused = failure(() => findings(`# check=error=true;\n${bad}`))
  assert.match(refused.message, 'invalid check option ""')
  assert.equal(refused.at, { file: 'Dockerfile', line: 1 })
})

control('D12.4 D13.2 the build argument replaces the directive', () => {
  const text = `# check=skip=MaintainerDeprecated\n${bad}`
  assert.equal(names(text, { buildArgs: { BUILDKIT_DOCKERFILE_CHECK: 'skip=LegacyKeyValueFormat' } }), [
    'MaintainerDeprecated',
  ])
  assert.is(names(text, { buildArgs: { BUILDKIT_DOCKERFILE_CHECK: '' } }).length, 2)
  // it may have blanks, which end a directive
  assert.equal(names(text, { buildArgs: { BUILDKIT_DOCKERFILE_CHECK: 'skip=LegacyKeyValueFormat; error = 0' } }), [
    'MaintainerDeprecated',
  ])
})

control('D12.5 a comment above an instruction switches rules off for it alone', () => {
  const text = 'FROM alpine\n# check=skip=LegacyKeyValueFormat because of reasons\nENV a b\nENV c d\n'
  assert.equal(
    checks(text).map((line) => line.split(':')[1]),
    ['4'],
  )
  // malformed options are left alone, and an indented comment is none
  assert.is(names('FROM alpine\n# check=nonsense\nENV a b\n').length, 1)
  assert.is(names('FROM alpine\n # check=skip=all\nENV a b\n').length, 1)
  // the first that has options counts, and only those below the last empty comment
  assert.is(names('FROM alpine\n# check=skip=LegacyKeyValueFormat\n# check=skip=X\n# y\nENV a b\n').length, 0)
  assert.is(names('FROM alpine\n# a\n#\n# check=skip=LegacyKeyValueFormat\n#\nENV a b\n').length, 1)
  assert.is(names('FROM alpine\n# a\n#\n# b\n#\n# CHECK = skip=LegacyKeyValueFormat\nENV a b\n').length, 0)
  // a rule that looks at the whole file is not reached by it
  for (const [rule, line] of [
    ['ConsistentInstructionCasing', 'run true'],
    ['DuplicateStageName', 'FROM a AS b\n'],
    ['ReservedStageName', 'FROM a AS context'],
    ['NoEmptyContinuation', 'ENV a=1 \\\n\n b=2'],
    ['InvalidDefaultArgInFrom', 'FROM a:$T'],
  ])
    assert.equal(
      names(`ARG T\nFROM alpine AS b\n# check=skip=${rule}\n${line}\n`, { buildArgs: { T: '1' } }),
      [rule],
      rule,
    )
})

control('D12.6 error=true makes the checks of BuildKit errors, and only those', () => {
  const levels = findings(`# check=error=true\n${bad}`).map(({ rule, level }) => `${rule} ${level}`)
  assert.ok(levels.includes('MaintainerDeprecated error'))
  assert.ok(levels.includes('LatestBase warning'))
  const inner = findings('FROM alpine\n# check=error=true\nMAINTAINER a\n').find(
    ({ rule }) => rule === 'MaintainerDeprecated',
  )
  assert.is(inner?.level, 'warning')
})

control('D12.6 the error that stops a build names the rules', () => {
  const report = (text: string) => lint(parse(text), { parseTrigger }, buildkitRules)
  const error = violation(report(`# check=error=true\n${bad}`))
  assert.is(error?.message, 'lint violation found for rules: LegacyKeyValueFormat, MaintainerDeprecated')
  assert.is(error?.code, 'CHECK_FAILED')
  assert.is(violation(report(bad)), undefined)
  assert.is(violation(report(`# check=skip=all;error=true\n${bad}`)), undefined)
})

control('D12.7 experimental rules wait to be asked, and skip does not touch them', () => {
  const text = 'FROM alpine\n# something else\nARG A\n'
  assert.equal(names(text), [])
  assert.equal(names(`# check=experimental=InvalidDefinitionDescription\n${text}`), ['InvalidDefinitionDescription'])
  assert.equal(names(`# check=experimental=all;skip=all\n${text}`), ['InvalidDefinitionDescription'])
  assert.equal(names('FROM alpine\n# check=experimental=all\n# else\nARG A\n'), ['InvalidDefinitionDescription'])
})

control('D12.8 rules that need a lowered stage look at all, or at what the target needs', () => {
  const text = 'FROM alpine AS a\nENV a b\nMAINTAINER x\nFROM alpine AS b\nENV c d\n'
  const lines = (given = {}) => checks(text, given).map((line) => line.split(':').slice(0, 2).join(':'))
  assert.equal(lines(), ['LegacyKeyValueFormat:2', 'MaintainerDeprecated:3', 'LegacyKeyValueFormat:5'])
  assert.equal(lines({ target: 'b' }), ['MaintainerDeprecated:3', 'LegacyKeyValueFormat:5'])
  assert.equal(lines({ reachableOnly: true }), lines({ target: 'b' }))
})

control('D12.9 suggestions are within two edits, and know case', () => {
  assert.match(checks('FROM scratch\nENV VERSION=1\nENV B=$VERSIN\n')[0]!, '(did you mean $VERSION?)')
  assert.not.match(checks('FROM scratch\nENV VERSION=1\nENV B=$version\n')[0]!, 'did you mean')
})

control('D14.123 D14.124 a blank ends the options; a comment speaks for the next instruction alone', () => {
  assert.throws(() => findings('# check=skip=all; error=true\nFROM scratch'), /invalid check option/)
  const text = 'FROM scratch AS A\n# check=skip=StageNameCasing\nFROM scratch AS B\n'
  assert.equal(
    checks(text)
      .filter((line) => line.startsWith('StageNameCasing'))
      .map((line) => line.split(':')[1]),
    ['1'],
  )
})

control('what was found before an error is kept, and the error too', () => {
  const report = (text: string) => lint(parse(text), { parseTrigger }, buildkitRules)
  const { findings: found, error } = report('FROM scratch\nENV a b\nWORKDIR ${X?}\n')
  assert.equal(
    found.map(({ rule }) => rule),
    ['LegacyKeyValueFormat', 'UndefinedVar'],
  )
  assert.is(error?.code, 'EXPANSION')
  assert.is(report('ARG A=${X?}\nFROM $A\nMAINTAINER a\n').error?.at?.line, 1)
  assert.is(report('FROM ${X?}\nMAINTAINER a\n').error?.at?.line, 1)
  assert.is(report(bad).error, undefined)
})

control.run()
