/** A module of statements: ts-morph finds the names that must be imported, and checks that the text is TypeScript. */
import { type Node, Project, ScriptTarget, type SourceFile, SyntaxKind } from 'ts-morph'
import { ImgError } from '../error.ts'
import { quote } from './literal.ts'
import { importable } from './names.ts'
import { commentLine, type Statement } from './statement.ts'

/**
 * The text of the module.
 * @throws INTERNAL where it is no TypeScript: what is written here must never be handed on as if it had worked
 */
export function writeModule(statements: readonly Statement[], module: string): string {
  const compilerOptions = { target: ScriptTarget.ESNext }
  const project = new Project({ useInMemoryFileSystem: true, skipLoadingLibFiles: true, compilerOptions })
  const file = project.createSourceFile('image.ts', textOf(statements))
  const names = importsOf(file)
  if (names.length > 0) file.insertText(0, `import { ${names.join(', ')} } from ${quote(module)}\n\n`)
  const [problem] = project.getProgram().getSyntacticDiagnostics(file)
  if (!problem) return file.getFullText()
  const line = problem.getLineNumber()
  throw new ImgError(
    'INTERNAL',
    `the generated image.ts does not parse, at line ${line}: ${String(problem.getMessageText())}`,
    {
      at: { file: 'image.ts', line },
      source: file.getFullText(),
    },
  )
}

/** Build arguments stand together; anything else has a blank line before it. */
function textOf(statements: readonly Statement[]): string {
  const isArgument = (statement: Statement | undefined) => /^arg\(.*\)$/.test(statement?.code ?? '')
  return statements
    .map((statement, i) => {
      const { constant, comments, code } = statement
      const joined = i === 0 || (isArgument(statement) && isArgument(statements[i - 1]))
      const head = constant === undefined ? 'export default' : `const ${constant} =`
      return [...(joined ? [] : ['']), ...comments.map(commentLine), `${head} ${code}\n`].join('\n')
    })
    .join('')
}

/** The names of the builder that the file mentions, sorted; those of methods and members do not count. */
function importsOf(file: SourceFile): string[] {
  const mentioned = file.getDescendantsOfKind(SyntaxKind.Identifier).filter((identifier) => !isMemberName(identifier))
  const names = new Set(mentioned.map((identifier) => identifier.getText()))
  return importable.filter((name) => names.has(name))
}

function isMemberName(identifier: Node): boolean {
  const parent = identifier.getParentOrThrow()
  const access = parent.asKind(SyntaxKind.PropertyAccessExpression) ?? parent.asKind(SyntaxKind.PropertyAssignment)
  return access?.getNameNode() === identifier
}
