/** Rules on forms that are out of use: MAINTAINER, `ENV key value`, empty continuation lines. */
import { rule } from '../rule.ts'
import { keywordOf, noteOf, written } from '../scene.ts'

/** No blank lines inside an instruction. */
export const noEmptyContinuation = rule({
  name: 'NoEmptyContinuation',
  summary: 'No empty line stands inside an instruction.',
  why: 'An empty line after a continuation will end the instruction one day.',
  how: 'remove the empty lines, or make them comments',
  origin: 'buildkit',
  fileWide: true,
  *check({ graph }) {
    for (const instruction of written(graph)) {
      const { at } = instruction
      const line = noteOf(instruction, 'empty-continuation')
      if (line === undefined) continue
      yield {
        on: instruction,
        ...(at ? { at: { file: at.file, line: Number(line) } } : {}),
        message: 'Empty continuation line',
        fix: { kind: 'blank-lines' },
      }
    }
  },
})

/** LABEL instead of MAINTAINER. */
export const maintainerDeprecated = rule({
  name: 'MaintainerDeprecated',
  summary: 'The author of an image is a label.',
  why: 'MAINTAINER is out of use since 2016; labels are what tools read.',
  how: 'write LABEL org.opencontainers.image.authors="…"',
  origin: 'buildkit',
  *check({ graph }) {
    for (const instruction of written(graph)) {
      if (instruction.keyword !== 'MAINTAINER') continue
      yield { on: instruction, message: 'Maintainer instruction is deprecated in favor of using label' }
    }
  },
})

/** `key=value`. */
export const legacyKeyValueFormat = rule({
  name: 'LegacyKeyValueFormat',
  summary: 'ENV and LABEL take key=value.',
  why: 'The form with a blank takes the whole rest of the line as one value, which surprises.',
  how: 'write key=value, with quotes around a value that has blanks',
  origin: 'buildkit',
  *check({ stages }) {
    for (const { steps } of stages) {
      for (const { instruction } of steps) {
        if (!instruction.notes?.includes('legacy')) continue
        const keyword = keywordOf(instruction)
        const message = `"${keyword} key=value" should be used instead of legacy "${keyword} key value" format`
        yield { on: instruction, message, fix: { kind: 'pairs' } }
      }
    }
  },
})
