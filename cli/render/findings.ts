/** Findings of the linter: as text, JSON, SARIF, and as annotations of GitHub. */
import { relative } from 'node:path'
import process from 'node:process'
import type { ImgError, Location } from '../../sdk/error.ts'
import type { Finding, Rule } from '../../sdk/lint/index.ts'
import { errorDocument, frame, place } from './error.ts'
import { harmless, type Style, styleOf } from './style.ts'
import { count } from './units.ts'

/** What linting one file gave. `source` is its text, where it did not come from a file. */
export interface LintedFile {
  readonly file: string
  readonly findings: readonly Finding[]
  /** Whether `--fix` could change it. @default false */
  readonly fixable?: boolean
  /** How many findings `--fix` took away. */
  readonly fixed: number
  /** Why it took away none, or not all that it might. */
  readonly unfixed?: string
  /** Why it cannot be built at all. */
  readonly error?: ImgError | undefined
  readonly source?: string | undefined
}

/** The errors that an error stands for. */
function eachOf(error: ImgError | undefined): readonly ImgError[] {
  if (!error) return []
  return error.errors.length > 0 ? error.errors : [error]
}

/** For people: each finding with its lines and what to do. Nothing of a single file that only has errors: those are told elsewhere. */
export function renderText(files: readonly LintedFile[], colour: boolean, fixing = false): string {
  const style = styleOf(colour)
  const blocks = files.flatMap(({ findings, source }) => findings.map((finding) => block(finding, source, style)))
  const all = files.flatMap(({ findings }) => findings)
  const fixable = files.flatMap((file) => (file.fixable ? file.findings.filter(({ fix }) => fix) : [])).length
  const fixed = files.reduce((sum, file) => sum + file.fixed, 0)
  const failed = files.filter(({ error }) => error).length
  const parts = [
    ...(fixed > 0 ? [`${count(fixed, 'finding')} fixed`] : []),
    ...(all.length > 0 ? [`${count(all.length, 'finding')} in ${count(files.length, 'file')}`] : []),
    ...(all.length + failed === 0 ? ['nothing to report'] : []),
    ...(failed > 0 && files.length > 1 ? [`${count(failed, 'file')} cannot be built`] : []),
    ...(fixable > 0 && !fixing ? [`--fix takes ${fixable} away`] : []),
  ]
  const unfixed = files.flatMap((file) =>
    file.unfixed ? [`${shown(file.file)} is left as it is: ${file.unfixed}\n`] : [],
  )
  const last = parts.length > 0 ? `${parts.join('; ')}\n` : ''
  return `${blocks.map((text) => `${text}\n`).join('')}${unfixed.join('')}${last}`
}

function block({ rule, message, at, level, hint }: Finding, source: string | undefined, style: Style): string {
  const name = style.bold(level === 'error' ? style.red(rule) : style.yellow(rule))
  const lines = [`${level} ${name}${at ? `  ${place(at)}` : ''}`, `  ${harmless(message)}`]
  if (at) lines.push(...frame(at, source, style))
  if (hint) lines.push(`  ${style.cyan('hint:')} ${harmless(hint)}`)
  return `${lines.join('\n')}\n`
}

/** For programs: `schemas/lint.schema.json`. */
export function renderJson(files: readonly LintedFile[]): string {
  const findings = files.flatMap(({ file, findings, fixable = false }) =>
    findings.map(({ rule, level, message, at, hint, fix }) => ({
      rule,
      level,
      message,
      file: shown(at?.file ?? file),
      line: at?.line,
      column: at?.column,
      endLine: at?.endLine,
      endColumn: at?.endColumn,
      hint,
      fixable: fixable && fix !== undefined,
    })),
  )
  const level = (wanted: string) => findings.filter((finding) => finding.level === wanted).length
  const report = {
    findings,
    errors: level('error'),
    warnings: level('warning'),
    fixed: files.reduce((sum, { fixed }) => sum + fixed, 0),
    unfixed: files.flatMap(({ file, unfixed }) => (unfixed ? [{ file: shown(file), reason: unfixed }] : [])),
    failures: files.flatMap(({ file, error }) =>
      eachOf(error).map((one) => ({ file: shown(one.at?.file ?? file), ...errorDocument(one) })),
    ),
  }
  return `${JSON.stringify(report, null, 2)}\n`
}

/** Workflow commands that GitHub shows beside the lines. Source: GitHub Actions, workflow commands. */
export function renderGithub(files: readonly LintedFile[]): string {
  const lines = files.flatMap(({ file, findings, error }) => [
    ...findings.map(({ rule, message, at, level, hint }) =>
      annotation(level, { file: at?.file ?? file, at, title: rule }, hint ? `${message}\n${hint}` : message),
    ),
    ...eachOf(error).map(({ code, message, at, hint }) =>
      annotation('error', { file: at?.file ?? file, at, title: code }, hint ? `${message}\n${hint}` : message),
    ),
  ])
  return lines.join('')
}

function annotation(
  level: string,
  { file, at, title }: { file: string; at: Location | undefined; title: string },
  message: string,
): string {
  const oneLine = at?.endLine === undefined || at.endLine === at.line
  const properties = Object.entries({
    file: inWorkspace(file),
    line: at?.line,
    endLine: at?.endLine,
    // columns only count where all of it is on one line
    col: oneLine ? at?.column : undefined,
    endColumn: oneLine ? at?.endColumn : undefined,
    title,
  }).filter(([, value]) => value !== undefined)
  const text = properties.map(
    ([name, value]) => `${name}=${escaped(String(value)).replace(/:/g, '%3A').replace(/,/g, '%2C')}`,
  )
  return `::${level} ${text.join(',')}::${escaped(message)}\n`
}

function escaped(text: string): string {
  return text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A')
}

/** For code scanning. Source: SARIF 2.1.0. */
export function renderSarif(files: readonly LintedFile[], rules: readonly Rule[]): string {
  const places = new Map(rules.map(({ name }, index) => [name, index]))
  const results = files.flatMap(({ file, findings }) =>
    findings.map(({ rule, message, at, level, hint }) => ({
      ruleId: rule,
      ruleIndex: places.get(rule) ?? -1,
      level,
      message: { text: hint ? `${message}\n${hint}` : message },
      locations: [{ physicalLocation: { artifactLocation: { uri: uri(at?.file ?? file) }, ...region(at) } }],
    })),
  )
  const failures = files.flatMap(({ file, error }) =>
    eachOf(error).map(({ code, message, at }) => ({
      level: 'error',
      message: { text: message },
      descriptor: { id: code },
      locations: [{ physicalLocation: { artifactLocation: { uri: uri(at?.file ?? file) }, ...region(at) } }],
    })),
  )
  const driver = { name: 'imgsdk', rules: rules.map(descriptor) }
  const invocations = [{ executionSuccessful: failures.length === 0, toolExecutionNotifications: failures }]
  const runs = [{ tool: { driver }, columnKind: 'utf16CodeUnits', invocations, results }]
  return `${JSON.stringify({ $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs }, null, 2)}\n`
}

function descriptor({ name, summary, why, how, origin, experimental }: Rule) {
  return {
    id: name,
    shortDescription: { text: summary },
    fullDescription: { text: why },
    help: { text: `${why} What to do: ${how}.` },
    defaultConfiguration: { level: 'warning', enabled: !experimental },
    properties: { tags: [origin] },
  }
}

function region(at: Location | undefined) {
  if (!at) return {}
  const { line, column, endLine, endColumn } = at
  return {
    region: {
      startLine: line,
      ...(column === undefined ? {} : { startColumn: column }),
      ...(endLine === undefined ? {} : { endLine }),
      ...(endColumn === undefined ? {} : { endColumn }),
    },
  }
}

function uri(file: string): string {
  const path = inWorkspace(file).split('\\').join('/')
  const encoded = path.split('/').map(encodeURIComponent).join('/')
  return path.startsWith('/') ? `file://${encoded}` : encoded
}

/** Relative to the working directory where it lies below it. */
function shown(file: string, folder = process.cwd()): string {
  const path = relative(folder, file)
  return file === '-' || path === '' || path.startsWith('..') ? file : path
}

/** GitHub looks for files from the top of the repository, whatever folder the workflow is in. */
function inWorkspace(file: string): string {
  const workspace = process.env['GITHUB_WORKSPACE']
  const path = workspace ? shown(file, workspace) : file
  return path === file ? shown(file) : path
}
