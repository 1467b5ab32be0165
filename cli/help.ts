/** The help texts, made from the option tables. */
import type { Command, Option, Options } from './command.ts'
import { environment } from './environment.ts'
import { styleOf } from './render/style.ts'
import { table } from './render/table.ts'

/** The help of one verb. */
export function verbHelp(verb: Command<Options>, colour = false): string {
  const { bold } = styleOf(colour)
  const options = Object.entries(verb.options)
  const sections = [
    `${verb.usage.map((form) => `imgsdk ${verb.name}${form ? ` ${form}` : ''}`).join('\n')}\n\n${verb.description}\n`,
    ...(options.length > 0
      ? [`${bold('Options')}\n${explained([...options.map(optionRow), ['  -h, --help', 'show this']])}`]
      : []),
    `${bold('Examples')}\n${verb.examples.map(([line, meaning]) => `  ${line}\n      ${meaning}\n`).join('')}`,
  ]
  return sections.join('\n')
}

/** The list of verbs. */
export function globalHelp(verbs: readonly { name: string; summary: string }[], colour = false): string {
  const { bold } = styleOf(colour)
  return [
    'imgsdk VERB [ARGUMENTS]\n\nContainer images from image.ts or a Dockerfile, without a daemon.\n',
    `${bold('Verbs')}\n${table(verbs.map(({ name, summary }) => [`  ${name}`, summary]))}`,
    [
      `${bold('Try')}`,
      '  imgsdk build            builds ./image.ts, or ./Dockerfile, into the local store',
      '  imgsdk VERB --help      tells what a verb takes, with examples; so does imgsdk help VERB',
      '  imgsdk --version        shows the version',
      '',
    ].join('\n'),
    `${bold('Environment')}\n${explained(environment.map(([names, meaning]) => [`  ${names}`, meaning]))}`,
    `${bold('Exit status')}\n${explained(statuses.map(([status, meaning]) => [`  ${status}`, meaning]))}`,
  ].join('\n')
}

/** How a verb ends, by exit status. */
export const statuses: readonly (readonly [status: string, meaning: string])[] = [
  ['0', 'done'],
  ['1', 'the build, or a check, failed'],
  ['2', 'the command line is wrong, or there is no such file'],
  ['70', 'a bug in imgsdk'],
  ['130', 'interrupted (143 by SIGTERM, 129 by SIGHUP): nothing half written is left'],
]

/** The help is never wider than this, unless a name is. */
const widest = 120

/** Names and what they mean, in lines that fit. */
function explained(rows: readonly (readonly string[])[]): string {
  const names = Math.max(...rows.map(([name = '']) => name.length))
  const lines = rows.flatMap(([name = '', meaning = '']) =>
    wrap(meaning, widest - names - 2).map((line, index) => [index === 0 ? name : '', line]),
  )
  return table(lines)
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word)
    else lines[lines.length - 1] = `${last} ${word}`
  }
  return lines
}

function optionRow([name, option]: readonly [string, Option]): string[] {
  const short = option.short ? `-${option.short}, ` : '    '
  const value = option.kind === 'flag' ? '' : ` ${option.value}`
  const notes = [
    ...(option.kind === 'value' && option.choices ? [option.choices.join(', ')] : []),
    ...(option.kind === 'list' ? ['may be repeated'] : []),
    ...(option.kind === 'value' && option.default !== undefined ? [`default: ${option.default}`] : []),
  ]
  return [`  ${short}--${name}${value}`, `${option.help}${notes.length > 0 ? ` (${notes.join('; ')})` : ''}`]
}
