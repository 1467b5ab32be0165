/** Hostile Dockerfiles: each in a process of its own, which may take neither long nor much memory, and never falls over. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { assert, suite } from '../helpers/suite.ts'
import { hostile, type Report } from './hostile.ts'

const attacks = suite('laws/hostile')

/** Ten times what a slow machine needs; what grows faster than its input takes minutes. */
const mostMilliseconds = 25_000
const mostMegabytes = 300

/** Name, size, and what becomes of it. Sizes are what real generators could reach, times ten. */
const cases: readonly (readonly [name: string, size: number, outcome: string])[] = [
  ['long lines', 10_000, 'planned'],
  ['comment lines', 350_000, 'planned'],
  ['continuation lines', 100_000, 'planned'],
  ['blank continuation lines', 1_000_000, 'planned'],
  ['stages', 10_000, 'planned'],
  ['stages that copy', 10_000, 'planned'],
  ['default in default', 100, 'planned'],
  ['default in default', 10_000, 'EXPANSION'],
  ['default in default', 100_000, 'DOCKERFILE_SYNTAX'],
  ['unfinished defaults', 10_000, 'EXPANSION'],
  ['quotes in defaults', 7_000, 'EXPANSION'],
  ['default in default in a body', 10_000, 'EXPANSION'],
  ['pairs of ENV', 60_000, 'planned'],
  ['pairs of ENV', 100_000, 'DOCKERFILE_SYNTAX'],
  ['lines of ENV', 5_000, 'planned'],
  ['arguments before FROM', 20_000, 'planned'],
  ['here-documents on one line', 10_000, 'planned'],
  ['mounts of one RUN', 10_000, 'planned'],
  ['labels, quoted', 50_000, 'planned'],
  ['words of a long line', 1_000_000, 'DOCKERFILE_SYNTAX'],
  ['words of continued lines', 1_000_000, 'planned'],
  ['a here-document', 10_000_000, 'EXPANSION'],
  ['sources in JSON', 60_000, 'planned'],
  ['sources in words', 60_000, 'planned'],
  ['sources in words', 1_000_000, 'DOCKERFILE_SYNTAX'],
  ['labels of one line', 1_000_000, 'DOCKERFILE_SYNTAX'],
  ['ports of one range', 20, 'planned'],
  ['JSON in JSON', 60_000, 'planned'],
  ['stars in a pattern', 20_000, 'planned'],
]

for (const [name, size, outcome] of cases) {
  attacks(`${size} × ${name}`, async () => {
    const report = await measured(name, size)
    assert.is(report.outcome, outcome)
    assert.ok(report.milliseconds < mostMilliseconds, `took ${report.milliseconds} ms`)
    assert.ok(report.megabytes < mostMegabytes, `took ${report.megabytes} MB`)
  })
}

/** Findings are many, and each shows its lines. */
const linted: readonly (readonly [name: string, size: number])[] = [
  ['stages', 10_000],
  ['stages that copy', 10_000],
  ['lines of ENV', 20_000],
  ['continuation lines', 100_000],
  ['a here-document', 4_000_000],
]

for (const [name, size] of linted) {
  attacks(`lint: ${size} × ${name}`, async () => {
    const report = await measured(name, size, 'lint')
    assert.is(report.outcome, 'planned')
    assert.ok(report.milliseconds < mostMilliseconds, `took ${report.milliseconds} ms`)
    assert.ok(report.megabytes < mostMegabytes, `took ${report.megabytes} MB`)
  })
}

attacks('every kind is tried', () => {
  assert.equal([...new Set(cases.map(([name]) => name))].sort(), Object.keys(hostile).sort())
})

function measured(name: string, size: number, ...what: readonly string[]): Promise<Report> {
  const args = [join(import.meta.dirname, 'hostile.js'), name, String(size), ...what]
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { timeout: mostMilliseconds * 2, maxBuffer: 1 << 24 }, (error, stdout, stderr) => {
      if (error) reject(new Error(`${size} × ${name}: ${stderr.slice(0, 2000) || error.message}`))
      else resolve(JSON.parse(stdout) as Report)
    })
  })
}

attacks.run()
