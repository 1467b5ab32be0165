/** `npm run generate`: writes what is made from the tables; with `--check` it only tells what is stale, and fails. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { generate } from '../../sdk/json/generate.ts'
import { referencePages } from './reference.ts'
import { projectRoot } from './suite.ts'

const check = process.argv.includes('--check')
const files = { ...(await generate()), ...(await referencePages()) }
const stale = Object.entries(files).filter(([name, text]) => {
  const path = join(projectRoot(), name)
  return !existsSync(path) || readFileSync(path, 'utf8') !== text
})
for (const [name, text] of stale) {
  if (!check) {
    mkdirSync(dirname(join(projectRoot(), name)), { recursive: true })
    writeFileSync(join(projectRoot(), name), text)
  }
  console.log(`${check ? 'stale' : 'wrote'} ${name}`)
}
if (stale.length === 0) console.log(`${Object.keys(files).length} generated files are up to date`)
if (check && stale.length > 0) {
  console.log('run: npm run generate')
  process.exitCode = 1
}
