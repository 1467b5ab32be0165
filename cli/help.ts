/** The help texts, made from the option tables. */
import type { Command, Option, Options } from './command.ts'
import { styleOf } from './render/style.ts'
import { table } from './render/table.ts'

/** The help of one verb. */
export function verbHelp(verb: Command<Options>, colour = false): string {
  const { bold } = styleOf(colour)
  const options = Object.entries(verb.options)
  const sections = [
    `${verb.usage.map((form) => `imgsdk ${verb.name}${form ? ` ${form}` : ''}`).join('\n')}\n\n${verb.description}\n`,
    ...(options.length > 0
      ? [`${bold('Options')}\n${table([...options.map(optionRow), ['  -h, --help', 'show this']])}`]
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
      '  imgsdk VERB --help      tells what a verb takes, with examples',
      '  imgsdk --version        shows the version',
      '',
    ].join('\n'),
    'Exit status: 0 done, 1 the build or a check failed, 2 the command line is wrong, 130 interrupted (143 by SIGTERM), 70 a bug in imgsdk.\n',
  ].join('\n')
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
