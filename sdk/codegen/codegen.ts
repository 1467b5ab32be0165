/** The instruction graph as the source of an image.ts. */
import { ImgError } from '../error.ts'
import type { FromArgs, Graph, Instruction, Stage } from '../graph/graph.ts'
import { makeToken } from '../graph/token.ts'
import type { ArgDeclaration } from '../instruction/shape/names.ts'
import { callOf } from './call.ts'
import { call, type Doc, layout, member, object } from './doc.ts'
import { quote } from './literal.ts'
import { createNames, type Names } from './names.ts'
import { keepsArgs, keepsStages } from './order.ts'
import { type ArgConstant, inexpressible, type Scope, type StageConstant, stageMarkOf } from './scope.ts'
import { commentLine, commentsOf, type Statement } from './statement.ts'
import { textCode } from './text.ts'

/** Options of `codegen`. */
export interface CodegenOptions {
  /** What the builder is imported from. @default 'imgsdk' */
  readonly module?: string
}

/**
 * Writes the source of an image.ts that, evaluated, gives the graph again: readable, importing only what it uses.
 * Comments are kept above the call that they stood above. The graph must fit its schema.
 *
 * @throws UNSUPPORTED where a stage is too long; PRINT_INEXPRESSIBLE, located, where an instruction before or at the head of a stage has no code
 */
export async function codegen(graph: Graph, options: CodegenOptions = {}): Promise<string> {
  const { writeModule } = await import('./write.ts')
  const statements = statementsOf(graph)
  try {
    return writeModule(statements, options.module ?? 'imgsdk')
  } catch (thrown) {
    // thousands of calls in one chain are nested as deep for whoever reads TypeScript
    if (!(thrown instanceof RangeError)) throw thrown
    throw new ImgError('UNSUPPORTED', 'a stage has more instructions than an expression of TypeScript can hold calls', {
      hint: 'split the stage, or keep this one as a Dockerfile',
      cause: thrown,
    })
  }
}

/** The statements of a graph, in order. */
export function statementsOf(graph: Graph): Statement[] {
  const names = createNames()
  const globals = globalsOf(graph, names)
  const stages = graph.stages.map((stage, index): StageConstant => {
    const { name } = stage.from.args
    return {
      constant: names.take(
        name ?? imageName(stage) ?? (index === graph.stages.length - 1 ? 'result' : `stage${index}`),
        'Stage',
      ),
      index,
      mark: stageMarkOf(index),
      name,
    }
  })
  const declared = new Map<number, ReadonlySet<string>>()
  const chains = graph.stages.map((stage, index) => {
    const { base } = stage.from.args
    const inherited = 'stage' in base ? declared.get(base.stage) : undefined
    const scope: Scope = { args: globals.byName, stages, stage: index, declared: new Set(inherited) }
    const chain = chainOf(stage, scope)
    declared.set(index, scope.declared)
    return chain
  })
  const simple =
    graph.escape === undefined &&
    keepsStages(graph) &&
    keepsArgs(
      graph,
      chains.flatMap(({ values }) => values),
    )
  const constants = chains.map(({ code }, index): Statement => {
    const last = simple && index === chains.length - 1
    return {
      constant: last ? undefined : stages[index]!.constant,
      comments: commentsOf(graph.stages[index]!.from),
      code,
    }
  })
  if (simple) return [...globals.statements, ...constants]
  return [
    ...globals.statements,
    ...constants,
    { constant: undefined, comments: [], code: imageCall(graph, globals.lists, stages) },
  ]
}

interface Globals {
  readonly statements: readonly Statement[]
  /** One list per ARG instruction. */
  readonly lists: readonly (readonly ArgConstant[])[]
  readonly byName: ReadonlyMap<string, ArgConstant>
}

/** A constant for each build argument before the first stage. */
function globalsOf({ args }: Graph, names: Names): Globals {
  const statements: Statement[] = []
  const byName = new Map<string, ArgConstant>()
  const repeated = new Set<string>()
  const lists = args.map((instruction) => {
    const { variables } = instruction.args as { variables: readonly ArgDeclaration[] }
    return variables.map((variable, index): ArgConstant => {
      const scope: Scope = { args: byName, stages: [], stage: 0, declared: new Set(byName.keys()) }
      const value = variable.default === undefined ? undefined : textCode(variable.default, scope)
      if (variable.default !== undefined && !value)
        throw inexpressible('the default of this build argument', instruction)
      const use = { name: variable.name, ...(value ? { default: value.value } : {}) }
      const token = makeToken({ var: variable.name }, use)
      const constant = { constant: names.take(variable.name, 'Arg'), name: variable.name, token }
      const items = [quote(variable.name), ...(value ? [value.code] : [])]
      const comments = index === 0 ? commentsOf(instruction) : []
      statements.push({ constant: constant.constant, comments, code: layout(call('arg', items), 0) })
      if (byName.has(variable.name)) repeated.add(variable.name)
      byName.set(variable.name, constant)
      return constant
    })
  })
  for (const name of repeated) byName.delete(name)
  return { statements, lists, byName }
}

/** A stage as a chain of calls, one to a line, and the values that it is made with. */
function chainOf({ from, instructions }: Stage, scope: Scope): { code: string; values: readonly unknown[] } {
  const head = headOf(from, scope)
  const lines = [head.code]
  const values: unknown[] = [...head.values]
  for (const instruction of instructions) {
    const { doc, params } = callOf(instruction, scope)
    for (const comment of commentsOf(instruction)) lines.push(`  ${commentLine(comment)}`)
    lines.push(`  ${layout(doc, 2)}`)
    values.push(params)
    if (instruction.keyword === 'ARG') {
      for (const { name } of (instruction.args as { variables: readonly ArgDeclaration[] }).variables)
        scope.declared.add(name)
    }
  }
  return { code: lines.join('\n'), values }
}

/** `from(…)` or `scratch()`, and the name of the stage. FROM sees every build argument that stands before it. */
function headOf(from: Instruction<FromArgs>, scope: Scope): { code: string; values: readonly unknown[] } {
  const { base, platform, name } = from.args
  const global: Scope = { ...scope, declared: new Set(scope.args.keys()) }
  const option = platform === undefined ? undefined : textCode(platform, global)
  const image = 'stage' in base || base.image === '' ? undefined : textCode(base.image, global)
  const start = 'stage' in base ? scope.stages[base.stage]?.constant : image?.code
  if (start === undefined || (platform !== undefined && !option)) throw inexpressible('this FROM', from)
  const items: Doc[] = [start, ...(option ? [object([member('platform', option.code)])] : [])]
  const empty = 'image' in base && base.image === 'scratch' && !option
  const code = layout(empty ? call('scratch', []) : call('from', items), 0)
  return { code: name === undefined ? code : `${code}.as(${quote(name)})`, values: [image?.value, option?.value] }
}

/** `image({ … })`: for what the export of the last stage does not say. */
function imageCall(graph: Graph, lists: Globals['lists'], stages: readonly StageConstant[]): string {
  const list = (items: readonly Doc[]): Doc => ({ kind: 'list', open: '[', items, close: ']' })
  const args = lists.map((constants): Doc => {
    const items = constants.map(({ constant }) => constant)
    return items.length === 1 ? items[0]! : list(items)
  })
  const members = [
    ...(args.length > 0 ? [member('args', list(args))] : []),
    member('stages', list(stages.map(({ constant }) => constant))),
    ...(graph.escape === undefined ? [] : [member('escape', quote(graph.escape))]),
  ]
  return layout(call('image', [object(members)]), 0)
}

/** A constant's name for a stage without one: what its image is called, if that is a name. */
function imageName({ from }: Stage): string | undefined {
  const { base } = from.args
  const image = 'image' in base && typeof base.image === 'string' ? base.image : ''
  const name = image.replace(/@.*$/s, '').split('/').at(-1)!.replace(/:.*$/s, '')
  return /^[A-Za-z]/.test(name) && name !== 'scratch' ? name : undefined
}
