/** Reads the project's TypeScript with ts-morph, as far as the tests of structure need it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix, sep } from 'node:path'
import { Node, Project, type SourceFile, SyntaxKind } from 'ts-morph'
import { projectRoot } from './suite.ts'

/** One import, export-from or dynamic import. `to` is a path from the project root, or a package name. */
export interface Edge {
  readonly to: string
  readonly local: boolean
  readonly typeOnly: boolean
  /** `import()`: loaded when it is needed. */
  readonly lazy: boolean
  readonly line: number
}

/** What the tests of structure know of a file. `path` is relative to the project root. */
export interface Source {
  readonly path: string
  readonly lines: number
  /** The comment that opens the file. */
  readonly header: string
  readonly edges: readonly Edge[]
  /** Globals that reach the world: `process`, `Date.now`, …, each with its line. */
  readonly globals: readonly { readonly name: string; readonly line: number }[]
  /** Exported declarations without a doc comment. */
  readonly undocumented: readonly { readonly name: string; readonly line: number; readonly type: boolean }[]
  readonly lastStatement: string
}

/** All `.ts` files below some folders of the project. */
export function readSources(folders: readonly string[]): Source[] {
  const project = new Project({ skipFileDependencyResolution: true, skipAddingFilesFromTsConfig: true })
  const root = projectRoot()
  return folders
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
    )
    .filter((path) => path.endsWith('.ts') && !path.includes('node_modules'))
    .map((path) => path.split(sep).join('/'))
    .sort()
    .map((path) => {
      const file = project.createSourceFile(`/${path}`, readFileSync(join(root, path), 'utf8'))
      const source = readSource(file, path)
      // What is not needed any more must not be kept in memory, nor looked at again with the next file.
      project.removeSourceFile(file)
      return source
    })
}

function readSource(file: SourceFile, path: string): Source {
  const text = file.getFullText()
  return {
    path,
    lines: text.split('\n').length - 1,
    header: /^(?:#!.*\n)?\/\*\*[\s\S]*?\*\//.exec(text)?.[0] ?? '',
    edges: edgesOf(file, path),
    globals: globalsOf(file),
    undocumented: undocumentedOf(file),
    lastStatement: file.getStatements().at(-1)?.getText() ?? '',
  }
}

function edgesOf(file: SourceFile, path: string): Edge[] {
  const edge = (node: Node, specifier: string, options: { typeOnly?: boolean; lazy?: boolean }): Edge => {
    const local = specifier.startsWith('.')
    const to = local ? posix.join(dirname(path), specifier) : specifier
    return {
      to,
      local,
      typeOnly: options.typeOnly ?? false,
      lazy: options.lazy ?? false,
      line: node.getStartLineNumber(),
    }
  }
  const edges: Edge[] = []
  for (const declaration of [...file.getImportDeclarations(), ...file.getExportDeclarations()]) {
    const specifier = declaration.getModuleSpecifierValue()
    if (specifier !== undefined)
      edges.push(edge(declaration, specifier, { typeOnly: declaration.isTypeOnly() || onlyTypes(declaration) }))
  }
  // Walking every node takes a hundred times as long as reading the text.
  const text = file.getFullText()
  const calls = text.includes('import(') ? file.getDescendantsOfKind(SyntaxKind.CallExpression) : []
  for (const call of calls) {
    const argument = call.getArguments()[0]
    if (call.getExpression().getKind() !== SyntaxKind.ImportKeyword || !Node.isStringLiteral(argument)) continue
    edges.push(edge(call, argument.getLiteralText(), { lazy: true }))
  }
  const types = text.includes('import(') ? file.getDescendantsOfKind(SyntaxKind.ImportType) : []
  for (const type of types) {
    const text = type.getArgument().getText().slice(1, -1)
    edges.push(edge(type, text, { typeOnly: true }))
  }
  return edges
}

function onlyTypes(declaration: Node): boolean {
  if (!Node.isImportDeclaration(declaration) || declaration.getDefaultImport() || declaration.getNamespaceImport())
    return false
  const names = declaration.getNamedImports()
  return names.length > 0 && names.every((name) => name.isTypeOnly())
}

const worldlyGlobals = ['process', 'fetch', 'console', 'setTimeout', 'setInterval', 'setImmediate', 'performance']

const mentionsWorld = new RegExp(`\\b(${worldlyGlobals.join('|')}|Date|Math\\.random)\\b`)

function globalsOf(file: SourceFile): Source['globals'] {
  const found: { name: string; line: number }[] = []
  if (!mentionsWorld.test(file.getFullText())) return found
  for (const identifier of file.getDescendantsOfKind(SyntaxKind.Identifier)) {
    const parent = identifier.getParentOrThrow()
    const member = Node.isPropertyAccessExpression(parent) ? `${identifier.getText()}.${parent.getName()}` : ''
    const isName =
      (Node.isPropertyAccessExpression(parent) && parent.getNameNode() === identifier) ||
      ((Node.isPropertyAssignment(parent) || Node.isPropertySignature(parent) || Node.isMethodDeclaration(parent)) &&
        parent.getNameNode() === identifier)
    if (isName) continue
    const clock = member === 'Date.now' || member === 'Math.random' || isNewDateNow(identifier, parent)
    if (clock) found.push({ name: member || 'new Date()', line: identifier.getStartLineNumber() })
    else if (worldlyGlobals.includes(identifier.getText())) {
      found.push({ name: identifier.getText(), line: identifier.getStartLineNumber() })
    }
  }
  return found
}

function isNewDateNow(identifier: Node, parent: Node): boolean {
  return Node.isNewExpression(parent) && identifier.getText() === 'Date' && parent.getArguments().length === 0
}

/** By syntax alone: the checker would read the whole project for each file. */
function undocumentedOf(file: SourceFile): Source['undocumented'] {
  const seen = new Map<string, { name: string; line: number; type: boolean; documented: boolean }>()
  for (const statement of file.getStatements()) {
    if (!Node.isExportable(statement) || !statement.hasExportKeyword()) continue
    const documented = Node.isJSDocable(statement) && statement.getJsDocs().length > 0
    const names = Node.isVariableStatement(statement)
      ? statement.getDeclarations().map((one) => one.getName())
      : [nameOf(statement)]
    const type = Node.isInterfaceDeclaration(statement) || Node.isTypeAliasDeclaration(statement)
    for (const name of names) {
      const before = seen.get(name)
      // Of overloads one comment is enough.
      seen.set(name, {
        name,
        line: statement.getStartLineNumber(),
        type,
        documented: documented || before?.documented === true,
      })
    }
  }
  return [...seen.values()].filter((one) => !one.documented)
}

function nameOf(statement: Node): string {
  return Node.hasName(statement) ? statement.getName() : 'default'
}
