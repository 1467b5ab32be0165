/** Reads a verb's arguments by its option table. */
import { ImgError } from '../sdk/error.ts'
import { didYouMean, typed } from '../sdk/instruction/shape/nearest.ts'
import type { Command, Option, Options, ValuesOf } from './command.ts'

/** What was given. */
export interface Arguments<O extends Options> {
  readonly values: ValuesOf<O>
  readonly positionals: readonly string[]
  readonly help: boolean
}

/**
 * Options may stand anywhere before `--`; a value follows after a blank or `=`; `-t x`, `-tx`; `--no-NAME` clears a flag.
 * @throws USAGE
 */
export function parseArguments<O extends Options>(verb: Command<O>, argv: readonly string[]): Arguments<O> {
  const values: Record<string, boolean | string | string[] | undefined> = {}
  for (const [name, option] of Object.entries(verb.options)) {
    values[name] = option.kind === 'flag' ? false : option.kind === 'list' ? [] : undefined
  }
  const positionals: string[] = []
  const rest = [...argv]
  let help = false
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--') {
      positionals.push(...rest.splice(0))
    } else if (word === '--help' || word === '-h') {
      help = true
    } else if (word === '-' || !word.startsWith('-')) {
      positionals.push(word)
    } else {
      read(word)
    }
  }
  if (!help) checkCount(verb, positionals)
  return { values: values as ValuesOf<O>, positionals, help }

  function read(word: string): void {
    const { name, value, clear } = split(verb, word)
    const option = verb.options[name]!
    if (option.kind === 'flag') {
      if (value !== undefined && value !== 'true' && value !== 'false') {
        throw usage(verb, `--${name} takes no value, but "${value}" was given`)
      }
      values[name] = !clear && value !== 'false'
      return
    }
    const given = value ?? rest.shift()
    if (given === undefined) throw usage(verb, `${word} needs a value: ${option.value}`)
    if (option.kind === 'value' && option.choices && !option.choices.includes(given)) {
      throw usage(
        verb,
        `--${name} is ${option.choices.join(', ')}, not "${given}"`,
        didYouMean(given, option.choices, { nearness: typed }),
      )
    }
    if (option.kind === 'list') (values[name] as string[]).push(given)
    else values[name] = given
  }
}

/** The option that a word names, and the value that is joined to it. */
function split(verb: Command<Options>, word: string): { name: string; value?: string; clear?: boolean } {
  if (!word.startsWith('--')) {
    const found = Object.entries(verb.options).find(([, option]) => option.short === word[1])
    if (found === undefined) throw unknown(verb, word.slice(0, 2))
    const [name, option] = found
    if (word.length === 2) return { name }
    const joined = word.slice(word[2] === '=' ? 3 : 2)
    if (option.kind === 'flag') throw usage(verb, `-${option.short} takes no value, but "${joined}" was given`)
    return { name, value: joined }
  }
  const equals = word.indexOf('=')
  const name = word.slice(2, equals < 0 ? undefined : equals)
  const value = equals < 0 ? {} : { value: word.slice(equals + 1) }
  if (Object.hasOwn(verb.options, name)) return { name, ...value }
  const positive = name.startsWith('no-') ? name.slice(3) : ''
  if (verb.options[positive]?.kind === 'flag' && equals < 0) return { name: positive, clear: true }
  throw unknown(verb, word.slice(0, equals < 0 ? undefined : equals))
}

function unknown(verb: Command<Options>, word: string): ImgError {
  const names = Object.entries(verb.options).flatMap(([name, option]: [string, Option]) => [
    `--${name}`,
    ...(option.short ? [`-${option.short}`] : []),
  ])
  const instead = verb.elsewhere?.[word.replace(/^--?/, '')]
  return usage(
    verb,
    `imgsdk ${verb.name} has no option ${word}`,
    instead ?? didYouMean(word, names, { nearness: typed }),
  )
}

function checkCount(verb: Command<Options>, positionals: readonly string[]): void {
  const [least, most] = verb.arguments
  if (positionals.length < least) throw usage(verb, `imgsdk ${verb.name} needs an argument: ${verb.usage[0]}`)
  if (positionals.length > most) {
    const stranger = positionals[most]
    throw usage(verb, `imgsdk ${verb.name} does not know what to do with "${stranger}"; expected: ${verb.usage[0]}`)
  }
}

function usage(verb: Command<Options>, message: string, hint?: string): ImgError {
  return new ImgError('USAGE', message, { hint: hint ?? `imgsdk ${verb.name} --help tells what it takes` })
}
