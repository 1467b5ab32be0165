/** The shape of `--from`: an edge of the graph. */
import type { StageRef } from '../../graph/graph.ts'
import { lexWord } from './lex-word.ts'
import { stageSchema } from './schema.ts'
import type { Shape } from './shape.ts'
import { inexpressible, shown } from './spell.ts'

/** Read as a name; linking the graph turns names and numbers of stages into positions. Source: D4.9.3, D9.4. */
export const stage: Shape<StageRef> = {
  read(source) {
    if (lexWord(source.text, source.wordEscape ?? source.escape) !== source.text) {
      source.fail('FLAG_VALUE', `variable expansion is not supported for --${source.flag}, which is "${source.text}"`, {
        hint: 'define a new stage with FROM using a global ARG, and name that',
      })
    }
    return { image: source.text }
  },
  write(value, style) {
    if ('stage' in value) return style.stageName(value.stage)
    if (typeof value.image !== 'string' || value.image === '') throw inexpressible(`--from=${shown(value.image)}`)
    return value.image
  },
  expand: (value) => value,
  schema: stageSchema,
  isAbsent: (value) => 'image' in value && value.image === '',
}
