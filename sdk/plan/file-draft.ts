/** From the drafts of COPY, ADD and WORKDIR to FileOps with their inputs linked. */
import type { CopyDraft, FileActionDraft, FileDraft } from '../instruction/define.ts'
import type { ChownOpt, UserOpt } from '../instruction/part/chown.ts'
import { cleanPath } from '../instruction/part/path.ts'
import type { CopyAction, FileAction } from './op.ts'
import { type Beside, Inputs, type Output } from './ops.ts'
import { type Linker, originOutput, output } from './origin.ts'
import type { StageState } from './stage-state.ts'

/** COPY, ADD and WORKDIR: one op whose actions follow each other. */
export function fileOutput(
  drafts: FileDraft['file'],
  base: Output,
  stage: StageState,
  linker: Linker,
  beside: Beside,
): Output {
  const inputs = new Inputs()
  const input = inputs.position(base)
  const sources = drafts.map((draft) =>
    'copy' in draft ? inputs.position(originOutput(draft.copy.source, stage, linker, beside.name)) : -1,
  )
  const actions = drafts.map(
    (draft, index): FileAction => ({
      input: index === 0 ? input : inputs.list.length + index - 1,
      secondaryInput: sources[index]!,
      output: index === drafts.length - 1 ? 0 : -1,
      Action: action(draft, input),
    }),
  )
  return output(linker.pool.add({ file: { actions } }, inputs.list, undefined, beside))
}

/** COPY --link: the files alone, merged on top of the stage. */
export function linkedOutput(draft: FileDraft, stage: StageState, linker: Linker, beside: Beside): Output {
  const files = fileOutput(draft.file, undefined, stage, linker, beside)
  if (!stage.output) return files
  // Two inputs, also where they are the same op.
  const inputs = [stage.output, files].filter((part) => part !== undefined)
  const merge = inputs.map((_, input) => (input === 0 ? {} : { input }))
  return output(
    linker.pool.add({ merge: { inputs: merge } }, inputs, undefined, {
      ...beside,
      name: beside.name.replace('] ', '] LINK '),
    }),
  )
}

function action(draft: FileActionDraft, base: number): FileAction['Action'] {
  if ('mkdir' in draft) {
    const { path, mode, parents, owner, timestamp } = draft.mkdir
    const makeParents = parents ? { makeParents: true } : {}
    return {
      mkdir: {
        path: cleanPath(path),
        mode,
        ...makeParents,
        ...(owner ? { owner: withInput(owner, base) } : {}),
        timestamp,
      },
    }
  }
  return { copy: copyAction(draft.copy, base) }
}

function copyAction(draft: CopyDraft, base: number): CopyAction {
  const { src, dest, mode, modeStr, owner, includePatterns, excludePatterns, requiredPaths } = draft
  return {
    src,
    dest,
    mode,
    timestamp: -1,
    createDestPath: true,
    ...(modeStr === undefined ? {} : { modeStr }),
    ...(owner ? { owner: withInput(owner, base) } : {}),
    ...(draft.paths
      ? { followSymlink: true, dirCopyContents: true, allowWildcard: true, allowEmptyWildcard: true }
      : {}),
    ...(draft.unpack ? { attemptUnpackDockerCompatibility: true } : {}),
    ...(includePatterns ? { includePatterns } : {}),
    ...(excludePatterns ? { excludePatterns } : {}),
    ...(requiredPaths ? { requiredPaths } : {}),
  }
}

/** Names are looked up in the op's base input. */
function withInput(owner: ChownOpt, base: number): ChownOpt {
  const part = (one: UserOpt | undefined): UserOpt | undefined =>
    one && 'byName' in one.User && base !== 0 ? { User: { byName: { ...one.User.byName, input: base } } } : one
  const [user, group] = [part(owner.user), part(owner.group)]
  return { ...(user ? { user } : {}), ...(group ? { group } : {}) }
}
