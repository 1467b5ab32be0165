/** `npm run corpus [NAME]`: prints the first difference of each plan that is not what BuildKit makes. */
import { join } from 'node:path'
import { corpusFolder } from '../helpers/suite.ts'
import { firstDifference, printDifference } from './difference.ts'
import { casesIn, planOf } from './plans.ts'

const folder = corpusFolder()
const wanted = process.argv[2]
if (!folder) {
  console.log('the corpus is not beside this checkout (../shared/corpus)')
} else {
  for (const part of [folder, join(folder, 'tricky')]) {
    const cases = casesIn(part).filter(({ name }) => !wanted || name.includes(wanted))
    let equal = 0
    for (const { name, text, expected } of cases) {
      const difference = firstDifference(expected, planOf(text, name))
      if (difference) console.log(printDifference(name, difference))
      else equal++
    }
    console.log(`equal ${equal} of ${cases.length}`)
  }
}
