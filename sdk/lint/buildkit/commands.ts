/** Rules on CMD, ENTRYPOINT, HEALTHCHECK, WORKDIR and EXPOSE. */
import type { Instruction } from '../../graph/graph.ts'
import { goQuote } from '../../instruction/part/go-quote.ts'
import type { Command } from '../../instruction/shape/command.ts'
import { type Draft, rule } from '../rule.ts'
import { baseStage, keywordOf, type Scene } from '../scene.ts'

/** Exec form for what the container runs. */
export const jsonArgsRecommended = rule({
  name: 'JSONArgsRecommended',
  summary: 'CMD and ENTRYPOINT are in exec form, unless SHELL was set.',
  why: 'In shell form the shell is process 1, and signals such as that of docker stop do not reach the program.',
  how: 'write a JSON array, or set SHELL to say that a shell is meant',
  origin: 'buildkit',
  *check({ stages }) {
    for (const { instruction, args, context } of stages.flatMap(({ steps }) => steps)) {
      const { keyword } = instruction
      if (keyword !== 'CMD' && keyword !== 'ENTRYPOINT') continue
      const form = (args as { command?: Command } | undefined)?.command?.form
      if (form !== 'shell' || context.config.Shell?.length) continue
      const spelled = keywordOf(instruction)
      yield {
        on: instruction,
        message: `JSON arguments recommended for ${spelled} to prevent unintended behavior related to OS signals`,
      }
    }
  },
})

const single: readonly string[] = ['CMD', 'ENTRYPOINT', 'HEALTHCHECK']

/** Once in a stage. */
export const multipleInstructionsDisallowed = rule({
  name: 'MultipleInstructionsDisallowed',
  summary: 'CMD, ENTRYPOINT and HEALTHCHECK stand once in a stage.',
  why: 'Only the last one counts; the ones before it do nothing.',
  how: 'remove this one',
  origin: 'buildkit',
  *check({ stages }) {
    for (const { steps } of stages) {
      const before = new Map<string, Instruction>()
      for (const { instruction } of steps) {
        const { keyword } = instruction
        if (!single.includes(keyword)) continue
        const first = before.get(keyword)
        const spelled = keywordOf(instruction)
        const message = `Multiple ${spelled} instructions should not be used in the same stage because only the last one will be used`
        if (first) yield { on: instruction, at: first.at, message }
        before.set(keyword, instruction)
      }
    }
  },
})

/** The first WORKDIR is absolute. */
export const workdirRelativePath = rule({
  name: 'WorkdirRelativePath',
  summary: 'The first WORKDIR of a chain of stages is absolute.',
  why: 'A relative one depends on the working directory of the base image, which may change.',
  how: 'write an absolute path',
  origin: 'buildkit',
  *check(scene) {
    const set = new Set<number>()
    for (const { index, stage, steps } of scene.stages) {
      const base = baseStage(scene.graph, stage, scene.globals)
      if (base !== undefined && set.has(base)) set.add(index)
      for (const { instruction, args, context } of steps) {
        if (instruction.keyword !== 'WORKDIR') continue
        const path = (args as { path?: string } | undefined)?.path
        if (path !== undefined && !set.has(index) && !isAbsolute(path, context.os)) {
          const message = `Relative workdir ${goQuote(path)} can have unexpected results if the base image changes`
          yield { on: instruction, message }
        }
        set.add(index)
      }
    }
  },
})

function isAbsolute(path: string, os: string): boolean {
  return os === 'windows' ? /^(?:[A-Za-z]:)?[\\/]/.test(path) : path.startsWith('/')
}

/** `tcp`, not `TCP`. */
export const exposeProtoCasing = rule({
  name: 'ExposeProtoCasing',
  summary: 'The protocol of a port is in lower case.',
  why: 'The config of the image has it in lower case whatever is written.',
  how: 'write the protocol in lower case',
  origin: 'buildkit',
  *check({ stages }) {
    for (const { on, port } of ports(stages)) {
      const container = port.split(':').at(-1)!
      const slash = container.indexOf('/')
      const proto = slash < 0 ? '' : container.slice(slash + 1)
      if (proto !== proto.toLowerCase())
        yield { on, message: `Defined protocol '${port}' in EXPOSE instruction should be lowercase` }
    }
  },
})

/** Ports of the container only. */
export const exposeInvalidFormat = rule({
  name: 'ExposeInvalidFormat',
  summary: 'EXPOSE names ports of the container, without address or host port.',
  why: 'Where a port is published is said when a container is started; here it has no effect, and will be refused.',
  how: 'write just the port of the container',
  origin: 'buildkit',
  *check({ stages }): Generator<Draft> {
    for (const { on, port } of ports(stages)) {
      if (
        !port
          .split(':')
          .slice(0, -1)
          .some((piece) => piece !== '')
      )
        continue
      const message = `EXPOSE instruction should not define an IP address or host-port mapping, found '${port}'`
      yield { on, message }
    }
  },
})

function* ports(stages: Scene['stages']): Generator<{ on: Instruction; port: string }> {
  for (const { instruction, args } of stages.flatMap(({ steps }) => steps)) {
    if (instruction.keyword !== 'EXPOSE') continue
    for (const port of (args as { ports?: readonly string[] } | undefined)?.ports ?? []) yield { on: instruction, port }
  }
}
