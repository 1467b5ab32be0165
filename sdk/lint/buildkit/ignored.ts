/** The rule on sources that the ignore file takes away. */
import { posix } from 'node:path'
import type { StageRef } from '../../graph/graph.ts'
import { parseGitRef } from '../../instruction/part/git-ref.ts'
import { goQuote } from '../../instruction/part/go-quote.ts'
import { cleanPath } from '../../instruction/part/path.ts'
import { rule } from '../rule.ts'
import type { IgnoreList } from '../scene.ts'

/** COPY and ADD name what is there. */
export const copyIgnoredFile = rule({
  name: 'CopyIgnoredFile',
  summary: 'COPY and ADD name nothing that the ignore file excludes.',
  why: 'An excluded file is as if it did not exist: the build fails, or the files are missing.',
  how: 'take the line out of the ignore file, or the source out of the instruction',
  origin: 'buildkit',
  *check({ stages, ignore }) {
    if (!ignore || ignore.patterns.length === 0 || ignore.patterns.some(({ exception }) => exception)) return
    for (const { instruction, args } of stages.flatMap(({ steps }) => steps)) {
      const { keyword } = instruction
      if ((keyword !== 'COPY' && keyword !== 'ADD') || !args) continue
      const { sources, from } = args as { sources: readonly string[]; from?: StageRef }
      if (from) continue
      for (const source of sources) {
        const path = cleanPath(source)
        if (isRemote(source) || !isIgnored(path, ignore)) continue
        const verb = keyword === 'ADD' ? 'Add' : 'Copy'
        yield {
          on: instruction,
          message: `Attempting to ${verb} file ${goQuote(path)} that is excluded by .dockerignore`,
        }
      }
    }
  },
})

function isRemote(source: string): boolean {
  return /^https?:\/\//.test(source) || parseGitRef(source) !== undefined
}

/** Source: D12.38. The root is only excluded by a pattern that excludes everything in it. */
function isIgnored(path: string, { patterns, matches }: IgnoreList): boolean {
  const isRoot = path === '.' || path === '/'
  if (isRoot && !patterns.some(({ text }) => ['*', '**', '**/*'].includes(text))) return false
  // below the root an absolute path is in '', which `matches` knows, and in '/', which it does not
  return matches(path) || (posix.dirname(path) === '/' && matches('/'))
}
