/** Plan equality with BuildKit, over real Dockerfiles. */
import { join } from 'node:path'
import { assert, corpusFolder, suite } from '../helpers/suite.ts'
import { firstDifference, printDifference } from './difference.ts'
import { casesIn, planOf } from './plans.ts'

const corpus = suite('corpus/llb')

corpus.needs(['corpus'], 'every real Dockerfile gives the plan that BuildKit makes of it', () =>
  checkAll(corpusFolder()!),
)
corpus.needs(['corpus'], 'every tricky Dockerfile gives the plan that BuildKit makes of it', () =>
  checkAll(join(corpusFolder()!, 'tricky')),
)

corpus('a plan with one op changed is found to differ', () => {
  const plan = planOf('FROM alpine\nRUN true\n', 'a')
  const other = planOf('FROM alpine\nRUN false\n', 'b')
  assert.is(firstDifference(plan, plan), undefined)
  assert.is(firstDifference(plan, other)?.path, 'ops[1].Op.exec.meta.args[2]')
  assert.is(firstDifference({ error: 'refused' }, plan)?.path, 'error')
})

function checkAll(folder: string): void {
  const differences = casesIn(folder).flatMap(({ name, text, expected }) => {
    const difference = firstDifference(expected, planOf(text, name))
    return difference ? [printDifference(name, difference)] : []
  })
  assert.is(differences.join('\n'), '')
}

corpus.run()
