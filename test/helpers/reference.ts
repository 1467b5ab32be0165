/** The reference pages, made from the tables that the product itself reads: instructions, error codes, verbs. */
import type { Command, Options } from '../../cli/command.ts'
import { environment } from '../../cli/environment.ts'
import { statuses, verbHelp } from '../../cli/help.ts'
import { verbs } from '../../cli/verbs.ts'
import { codes } from '../../sdk/codes.ts'
import type { AnyShape, Row } from '../../sdk/instruction/define.ts'
import { table } from '../../sdk/instruction/rows.ts'

const note = '<!-- Written by `npm run generate`; never edited by hand. -->\n'

/** The pages by path from the project's root. */
export async function referencePages(): Promise<Record<string, string>> {
  return {
    'docs/reference/instructions.md': instructions(),
    'docs/reference/errors.md': errors(),
    'docs/reference/cli.md': await commandLine(),
  }
}

function instructions(): string {
  const intro = [
    '# Instructions',
    note,
    'Each is a line in a Dockerfile and a method of a stage in `image.ts`, named as the keyword in lower case (FROM is the',
    'function `from`). Flags are options with the same name. What a method takes in detail is shown by the editor.',
    '',
  ].join('\n')
  return `${intro}${[...table.values()].map(section).join('')}`
}

function section({ keyword, summary, flags = {}, heredocs, noTrigger, examples }: Row): string {
  const rows = Object.entries(flags).map(([name, shape]) => `| \`--${name}\` | ${valueOf(shape)} |\n`)
  const facts = [
    ...(heredocs ? ['Here-documents may stand on its line.'] : []),
    ...(noTrigger ? ['It may not be an ONBUILD trigger.'] : []),
  ]
  return [
    `\n## ${keyword}\n\n${summary}\n`,
    ...(facts.length > 0 ? [`\n${facts.join(' ')}\n`] : []),
    ...(rows.length > 0 ? ['\n| flag | value |\n|---|---|\n', ...rows] : []),
    `\n\`\`\`dockerfile\n${examples.join('\n')}\n\`\`\`\n`,
  ].join('')
}

/** What a flag's value may be, as far as its schema says it in a few words. */
function valueOf({ schema, bare, repeatable }: AnyShape): string {
  const { enum: choices, type } = schema as { enum?: readonly string[]; type?: string }
  const value = choices ? choices.map((choice) => `\`${choice}\``).join(', ') : (named[String(type)] ?? 'text')
  return `${value}${bare === undefined || type === 'boolean' ? '' : '; may stand alone'}${repeatable ? '; may be repeated' : ''}`
}

const named: Readonly<Record<string, string>> = { boolean: 'none, `true` or `false`', integer: 'a whole number' }

function errors(): string {
  const rows = Object.entries(codes).map(([code, { summary, exit }]) => `| \`${code}\` | ${summary} | ${exit} |\n`)
  return [
    `# Error codes\n${note}\n`,
    'Every error has a code that stays the same from version to version; messages may change. `ImgError` carries it as `code`,\n',
    'with `at` (file and line), `hint` and `detail` where there is something to say. The last column is the exit status of\n',
    '`imgsdk`: 1 the build or a check failed, 2 the call was wrong, 70 a bug in imgsdk, 130 interrupted.\n\n',
    `| code | meaning | exit |\n|---|---|---|\n${rows.join('')}`,
  ].join('')
}

async function commandLine(): Promise<string> {
  const pages = await Promise.all(verbs.map(async (verb) => page(await verb.load())))
  const intro = [
    '`imgsdk VERB --help` shows the same.\n\n',
    'Where a verb fails it says so on standard error, and ends with a status other than 0. With `--json` one document goes to standard\n',
    'output in any case: the result, or `{"error": {"code": …, "message": …, "exit": …}}` as `schemas/failure.schema.json` describes it\n',
    '(`imgsdk/schemas/failure.schema.json` in the package). `lint` and `convert`, which take many files, report those that fail in their\n',
    'result. Where an output itself goes to standard output (`--output type=oci`), nothing else does.\n',
  ].join('')
  const rows = (of: readonly (readonly [string, string])[]) =>
    of.map(
      ([names, meaning]) =>
        `| ${names
          .split(', ')
          .map((name) => `\`${name}\``)
          .join(', ')} | ${meaning} |\n`,
    )
  const tables = [
    '\n| exit status | means |\n|---|---|\n',
    ...rows(statuses),
    '\n| environment variable | says |\n|---|---|\n',
    ...rows(environment),
  ].join('')
  return `# Command line\n${note}\n${intro}${tables}${pages.join('')}`
}

function page(verb: Command<Options>): string {
  return `\n## imgsdk ${verb.name}\n\n\`\`\`text\n${verbHelp(verb)}\`\`\`\n`
}
