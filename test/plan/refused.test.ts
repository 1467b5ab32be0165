/** What a plan is refused for: all of it at once, as far as one error does not follow from another. */
import { parse } from '../../sdk/dockerfile/parse.ts'
import { parseTrigger } from '../../sdk/dockerfile/trigger.ts'
import { lint } from '../../sdk/lint/lint.ts'
import { assert, suite } from '../helpers/suite.ts'
import { planned, refusal, withBase } from './planning.ts'

const refused = suite('plan/refused')

/** `line: message` of each error. */
function told(text: string): string[] {
  const error = refusal(text)
  const errors = error.errors.length > 0 ? error.errors : [error]
  return errors.map(({ at, message }) => `${at?.line}: ${message}`)
}

refused('the instructions of all stages that the target needs are refused in one go', () => {
  const lines = told(
    'FROM alpine AS a\nRUN --mount=type=bnd,target=/x true\nEXPOSE 99999\nFROM alpine\nEXPOSE x\nFROM alpine\nCOPY --from=a /x /\nUSER ${U:?who}',
  )
  assert.equal(
    lines.map((line) => line.slice(0, 2)),
    ['2:', '3:', '8:'],
  )
  assert.match(lines[0]!, 'unsupported mount type "bnd"')
  assert.is(refusal('FROM a\nUSER ${U:?who}\nUSER ${V:?which}').message, 'U: who (and 1 more)')
})

refused('what stands behind a variable that could not be set may fail for that: it is not told', () => {
  assert.equal(told('FROM a\nENV A=${U:?who}\nUSER ${A:?not this}'), ['2: U: who'])
  assert.equal(told('FROM a AS b\nARG A=${U:?who}\nFROM b\nUSER ${A:?not this}'), ['2: U: who'])
  assert.equal(told('FROM a AS b\nENV A=${U:?who}\nFROM a\nCOPY --from=b / /\nUSER ${A:?this}'), [
    '2: U: who',
    '5: A: this',
  ])
})

refused('a trigger is refused at each FROM that takes it over', () => {
  assert.equal(told('FROM a AS b\nONBUILD USER ${U:?who}\nFROM b AS c\nFROM b\nCOPY --from=c / /'), [
    '3: U: who',
    '4: U: who',
  ])
})

refused('to lint, a variable that an unknown base image may set is no error; one that a known image lacks is', () => {
  const errorOf = (text: string, given = {}) => lint(parse(text), { parseTrigger, ...given }).error?.message
  assert.is(errorOf('FROM java\nWORKDIR ${JAVA_HOME:?}/x\nENV A=${JAVA_HOME:?}\nFROM scratch'), undefined)
  assert.match(errorOf('FROM java\nWORKDIR ${JAVA_HOME:?}/x\nEXPOSE 99999') ?? '', '99999')
  const { images } = withBase('docker.io/library/java:latest', { os: 'linux', architecture: 'amd64' })
  assert.match(errorOf('FROM java\nWORKDIR ${JAVA_HOME:?}/x', { images }) ?? '', 'JAVA_HOME')
  assert.match(errorOf('FROM scratch\nWORKDIR ${JAVA_HOME:?}/x') ?? '', 'JAVA_HOME')
  assert.throws(() => planned('FROM java\nWORKDIR ${JAVA_HOME:?}/x'), /JAVA_HOME/)
})

refused.run()
