/** Rules on variables: those that are not set, and those whose names say that they are secret. */
import type { Instruction } from '../../graph/graph.ts'
import { goQuote } from '../../instruction/part/go-quote.ts'
import type { ArgDeclaration } from '../../instruction/shape/names.ts'
import { nearest } from '../../instruction/shape/nearest.ts'
import type { Pair } from '../../instruction/shape/pairs.ts'
import { rule } from '../rule.ts'

const unreported: readonly string[] = ['BUILDKIT_SBOM_SCAN_CONTEXT', 'BUILDKIT_SBOM_SCAN_STAGE']

/** Variables are set before they are used. */
export const undefinedVar = rule({
  name: 'UndefinedVar',
  summary: 'A variable is declared or set before it is used.',
  why: 'A variable that is not set is an empty text, which is seldom what was meant.',
  how: 'declare it with ARG or set it with ENV; one that the base image sets is known once the image was pulled',
  origin: 'buildkit',
  *check({ stages }) {
    for (const { instruction, unset } of stages.flatMap(({ steps }) => steps)) {
      if (instruction.keyword === 'EXPOSE') continue
      for (const { name, known } of unset) {
        if (unreported.includes(name)) continue
        const near = nearest(name, known)
        const message = `Usage of undefined variable '$${name}'${near === undefined ? '' : ` (did you mean $${near}?)`}`
        yield { on: instruction, message }
      }
    }
  },
})

const secret = /(?:_|^)(?:apikey|auth|credential|credentials|key|password|pword|passwd|secret|token)(?:_|$)/i
const harmless = /(?:_|^)(?:public|file|version)(?:_|$)/i

/** No secrets in variables. */
export const secretsUsedInArgOrEnv = rule({
  name: 'SecretsUsedInArgOrEnv',
  summary: 'No ARG or ENV has the name of a secret.',
  why: 'Both stay in the image, its history or its provenance, for everyone who can pull it.',
  how: 'hand it to the one RUN that needs it: RUN --mount=type=secret,id=NAME,env=NAME',
  origin: 'buildkit',
  *check({ stages }) {
    for (const { instruction, args } of stages.flatMap(({ steps }) => steps)) {
      for (const name of assigned(instruction, args)) {
        if (!secret.test(name) || harmless.test(name)) continue
        const what = `${instruction.keyword} ${goQuote(name)}`
        yield { on: instruction, message: `Do not use ARG or ENV instructions for sensitive data (${what})` }
      }
    }
  },
})

function assigned({ keyword }: Instruction, args: object | undefined): readonly string[] {
  if (keyword === 'ARG')
    return ((args as { variables?: readonly ArgDeclaration[] } | undefined)?.variables ?? []).map(({ name }) => name)
  if (keyword !== 'ENV') return []
  return ((args as { variables?: readonly Pair[] } | undefined)?.variables ?? []).map(({ key }) => String(key))
}
