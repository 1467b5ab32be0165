/** Stages that were made and that nobody took: most likely somebody thought that a call changes the stage that it is made of. */
import type { Location } from '../error.ts'
import { statesIn } from './cut.ts'
import { chainOf, onBirth, type State } from './state.ts'

/** A watch over the stages that are made from now on. */
export interface StageWatch {
  /** Where those were made that are not among the ones kept, and that nothing goes on from. Ends the watch. */
  untaken(kept: Iterable<State>): readonly Location[]
}

/** Begins such a watch; one at a time. */
export function watchStages(): StageWatch {
  const born: State[] = []
  onBirth((state) => born.push(state))
  return {
    untaken(kept) {
      onBirth(undefined)
      const taken = new Set<State>(kept)
      for (const state of born) {
        const { previous, root, link, arrangement } = chainOf(state)
        if (previous) taken.add(previous)
        if (root && 'state' in root.base) taken.add(root.base.state)
        for (const used of [...(link ? statesIn(link.instruction.args) : []), ...(arrangement?.stages ?? [])])
          taken.add(used)
      }
      return born.filter((state) => !taken.has(state)).flatMap((state) => chainOf(state).site?.location() ?? [])
    },
  }
}
