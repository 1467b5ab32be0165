/** Printed files given to the parser of a real BuildKit, that of Debian's docker.io. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from '../../sdk/dockerfile/parse.ts'
import { print } from '../../sdk/dockerfile/print.ts'
import type { Graph } from '../../sdk/graph/graph.ts'
import { type Docker, startDocker } from '../helpers/docker.ts'
import { run } from '../helpers/program.ts'
import { corpusFolder } from '../helpers/suite.ts'
import { temporaryFolder } from '../helpers/temporary.ts'
import { type CorpusCase, casesIn } from './plans.ts'

/** What the builder of 2023 says, and why a file that a current one takes is refused by it. */
const tooOld: readonly (readonly [complaint: RegExp, reason: string])[] = [
  [/unknown flag: (parents|exclude|checksum|keep-git-dir|unpack|link|start-interval|device)/i, 'a flag is newer'],
  [/unknown instruction: /i, 'here-documents are newer'],
  [/unexpected key '(env|size)'/, 'the size of a tmpfs, and secrets as variables, are newer'],
  [/unsupported modifier|failed to process|bad substitution/i, 'modifiers of variables are newer'],
  [/unsupported mount type/, 'it checks mounts of stages that are not needed'],
  [/network|security/, 'the flag was of the labs channel'],
]

/** How the files fared. */
export interface Acceptance {
  readonly accepted: number
  /** Name and reason. */
  readonly tooNew: readonly string[]
  /** Name and complaint: what should not be. */
  readonly refused: readonly string[]
}

/** Every Dockerfile of the corpus that BuildKit of today takes, as a graph. */
export function corpusGraphs(): { readonly name: string; readonly graph: Graph }[] {
  const folder = corpusFolder()!
  const cases: readonly CorpusCase[] = [...casesIn(folder), ...casesIn(join(folder, 'tricky'))]
  return cases
    .filter(({ expected }) => expected.error === undefined)
    .map(({ name, text }) => ({ name, graph: parse(text, { file: name }) }))
}

/** Prints each graph and has BuildKit read it. Asked for a stage that is not there, it reads the whole file and stops. */
export async function acceptance(graphs: readonly { name: string; graph: Graph }[]): Promise<Acceptance> {
  const folder = temporaryFolder()
  const docker = await startDocker()
  let accepted = 0
  const tooNew: string[] = []
  const refused: string[] = []
  try {
    const control = await complaint(docker, folder, 'control', 'FROM scratch\nFOO x\n')
    if (!control.includes('unknown instruction: FOO')) throw new Error(`this is not BuildKit: ${control}`)
    const queue = [...graphs]
    const worker = async () => {
      for (let one = queue.pop(); one; one = queue.pop()) {
        const said = await complaint(docker, folder, one.name, print(withoutSyntax(one.graph)))
        const reason = tooOld.find(([pattern]) => pattern.test(said))?.[1]
        if (/target stage .* could not be found/.test(said)) accepted += 1
        else if (reason !== undefined) tooNew.push(`${one.name}: ${reason}`)
        else refused.push(`${one.name}: ${said}`)
      }
    }
    await Promise.all([worker(), worker(), worker(), worker()])
  } finally {
    await docker.stop()
  }
  return { accepted, tooNew: tooNew.sort(), refused: refused.sort() }
}

/** The directive would have another frontend fetched. */
function withoutSyntax({ syntax: _, ...graph }: Graph): Graph {
  return graph
}

// The client that came with the daemon: a newer one needs a plugin to build.
const client = existsSync('/usr/bin/docker') ? '/usr/bin/docker' : 'docker'

async function complaint(docker: Docker, folder: string, name: string, text: string): Promise<string> {
  const context = join(folder, name)
  mkdirSync(context, { recursive: true })
  writeFileSync(join(context, 'Dockerfile'), text)
  const args = ['build', '--progress=plain', '--target', 'not-a-stage', context]
  const env = { DOCKER_HOST: `unix://${docker.socket}`, DOCKER_CONFIG: folder, DOCKER_BUILDKIT: '1' }
  const { code, stderr } = await run(client, args, { env })
  if (code === 0) throw new Error(`${name} was built`)
  return stderr.trim().split('\n').at(-1) ?? ''
}
