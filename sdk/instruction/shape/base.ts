/** The shape of what FROM names: a base, and a name for the stage. */
import { expand } from '../../graph/expand.ts'
import type { StageRef } from '../../graph/graph.ts'
import { lexWord } from './lex-word.ts'
import { objectSchema, stageSchema } from './schema.ts'
import type { Shape } from './shape.ts'
import { inexpressible, spellWord } from './spell.ts'
import { splitBlanks } from './tokens.ts'

/** The positional part of FROM. */
export interface Base {
  readonly base: StageRef
  /** Lower case. */
  readonly name?: string
}

/** What a stage may be called, in lower case. */
export const stageName = /^[a-z][a-z0-9_.-]*$/

/** Source: D4.1.1, D4.1.2, D4.1.5. */
export const base: Shape<Base> = {
  read(source) {
    const [image, as, name, ...more] = splitBlanks(source.text)
    const named = as?.text.toUpperCase() === 'AS' && name !== undefined && more.length === 0
    if (!image || (as && !named)) {
      const comment = as?.text.startsWith('#')
        ? 'a comment must stand on a line of its own'
        : 'write FROM image, or FROM image AS name'
      return source.fail('DOCKERFILE_SYNTAX', 'FROM requires either one or three arguments', {
        hint: comment,
        offset: as?.offset ?? 0,
      })
    }
    const ref: StageRef = { image: lexWord(image.text, source.escape) }
    if (image.text.includes('$')) source.note(`base:${image.text}`)
    if (!as || !name) return { base: ref }
    if (as.text !== 'AS') source.note(`as:${as.text}`)
    const lower = name.text.toLowerCase()
    if (lower !== name.text) source.note(`name:${name.text}`)
    if (!stageName.test(lower)) {
      const message = `invalid name for build stage: "${name.text}"`
      const hint = "start it with a letter, and use letters, digits, '-', '_' and '.' only"
      source.fail('DOCKERFILE_SYNTAX', message, { hint, offset: name.offset, length: name.text.length })
    }
    return { base: ref, name: lower }
  },
  write(value, style) {
    const { name } = value
    const ref =
      'stage' in value.base
        ? nameOf(value.base.stage, style.stageName(value.base.stage))
        : spellImage(value.base.image, style.escape)
    if (name === undefined) return ref
    if (!stageName.test(name)) throw inexpressible(`a stage called "${name}"`)
    return `${ref} AS ${name}`
  },
  expand: (value, lookup) =>
    'stage' in value.base ? value : { ...value, base: { image: expand(value.base.image, lookup) } },
  schema: objectSchema({ base: stageSchema, name: { type: 'string', pattern: stageName.source } }, ['base']),
}

function spellImage(image: Parameters<typeof spellWord>[0], escape: string): string {
  return spellWord(image, { escape, tight: true, fits: (text) => splitBlanks(text).length === 1 })
}

function nameOf(index: number, name: string): string {
  if (stageName.test(name)) return name
  throw inexpressible(`FROM the stage at position ${index}, which has no name of its own`, `give that stage a name`)
}
