/** What progress calls a step: `[build 2/5] RUN make`. */
import type { Instruction } from '../graph/graph.ts'
import type { ExecDraft, Lowering } from '../instruction/define.ts'
import type { StageState } from './stage-state.ts'

/** Whether an instruction is a step that progress counts. */
export function makesLayer({ keyword }: Instruction): boolean {
  return keyword === 'RUN' || keyword === 'COPY' || keyword === 'ADD' || keyword === 'WORKDIR'
}

/** A base image is a step; another stage, or nothing, is not. */
export function baseSteps(stage: StageState): number {
  return stage.base || stage.baseName === 'scratch' ? 0 : 1
}

/** The steps of a stage, its base image counted. */
export function countSteps(stage: StageState): number {
  return baseSteps(stage) + stage.instructions.filter(makesLayer).length
}

/** `[build 2/5] `: which stage, which of its steps. */
export function prefix({ total, implicit, name }: StageState, step: number): string {
  if (total === 0 || implicit) return ''
  return `[${name === '' ? '' : `${name} `}${step}/${total}] `
}

/** What progress calls a step: the history entry, without the shell and build arguments of RUN. */
export function title({ history = '', draft }: Lowering): string {
  if (!draft || !('exec' in draft)) return history.replace(/ # buildkit$/, '')
  return `RUN ${commandTitle(draft.exec)}`
}

function commandTitle({ args }: ExecDraft['exec']): string {
  const text = args[1] === '-c' && args.length === 3 ? args[2]! : args.join(' ')
  const lines = text.trim().split('\n')
  return lines.length > 1 ? `${lines[0]}…` : lines[0]!
}
