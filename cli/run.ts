/** Runs a verb: its arguments, Ctrl-C, errors, and the exit status. */
import process from 'node:process'
import { isAdministrator } from '../sdk/engine/privilege.ts'
import { ImgError, wrapError } from '../sdk/error.ts'
import { didYouMean, typed } from '../sdk/instruction/shape/nearest.ts'
import { parseArguments } from './argv.ts'
import type { Command, Options } from './command.ts'
import { openTerminal, type Terminal } from './terminal.ts'
import { type Verb, verbs } from './verbs.ts'

/** As it is before any user code is run, which may not. */
const exit = process.exit.bind(process)

/** Milliseconds. */
const together = 100

/** What ends a verb early, and the exit status then. Source: POSIX shell, 128 and the number of the signal. */
const interrupts = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const
type Interrupt = keyof typeof interrupts

/** Runs `imgsdk ARGV…` and ends the process with the verb's exit status. */
export async function runVerb(argv: readonly string[]): Promise<never> {
  const terminal = openTerminal()
  let status: number
  try {
    status = await dispatch(argv, terminal)
  } catch (thrown) {
    status = await report(wrapError(thrown), argv, terminal)
  }
  await terminal.flush()
  process.exit(status)
}

async function dispatch(argv: readonly string[], terminal: Terminal): Promise<number> {
  const [name, ...rest] = argv
  if (name === undefined || name === '--help' || name === '-h' || (name === 'help' && rest.length === 0)) {
    const { globalHelp } = await import('./help.ts')
    terminal.out(globalHelp(verbs))
    return name === undefined ? 2 : 0
  }
  if (name === 'help') return dispatch([rest[0]!, '--help'], terminal)
  const found = await find(name)
  const again = found.layers && process.platform === 'linux' && !isAdministrator() ? await rerun() : undefined
  if (again !== undefined) return again
  const verb = await found.load()
  const { values, positionals, help } = parseArguments(verb, rest)
  if (help) {
    const { verbHelp } = await import('./help.ts')
    terminal.out(verbHelp(verb))
    return 0
  }
  return runCommand(verb, { values, positionals, terminal })
}

/** Does it all as root of a user namespace, where the user has one to himself; its exit status. */
async function rerun(): Promise<number | undefined> {
  const { rerunAsRoot } = await import('../sdk/engine/index.ts')
  const ended = await rerunAsRoot()
  if (ended === undefined || 'status' in ended) return ended?.status
  process.kill(process.pid, ended.signal)
  return 128
}

/** Runs a verb with its values; its exit status, or that of the signal that came while it ran, however it ended then. */
export async function runCommand(
  verb: Command<Options>,
  call: Pick<Parameters<Command['run']>[0], 'values' | 'positionals' | 'terminal'>,
): Promise<number> {
  const stop = new AbortController()
  let listening = false
  let first: { readonly at: number; readonly status: number } | undefined
  const onSignal = (signal: Interrupt) => {
    // The second one does not wait for anything; one that comes with the first is the same, sent to a group and passed on.
    if (first && Date.now() - first.at > together) exit(interrupts[signal])
    if (first) return
    first = { at: Date.now(), status: interrupts[signal] }
    call.terminal.err('\ninterrupted: cleaning up (once more to stop at once)\n')
    stop.abort(new ImgError('BUILD_CANCELLED', 'interrupted'))
  }
  const interruptible = () => {
    if (!listening) for (const signal of Object.keys(interrupts)) process.on(signal, onSignal)
    listening = true
    return stop.signal
  }
  try {
    const status = (await verb.run({ ...call, interruptible })) ?? 0
    return first?.status ?? status
  } catch (error) {
    // Whatever fails after Ctrl-C failed because of it.
    if (first) return first.status
    throw error
  }
}

async function find(name: string): Promise<Verb> {
  const found = verbs.find((verb) => verb.name === name)
  if (found) return found
  const names = verbs.map((verb) => verb.name)
  const { dockerVerbs } = await import('./docker-verbs.ts')
  const instead = Object.hasOwn(dockerVerbs, name) ? dockerVerbs[name] : didYouMean(name, names, { nearness: typed })
  const what = name.startsWith('-') ? `imgsdk has no option ${name}` : `imgsdk has no verb "${name}"`
  throw new ImgError('USAGE', what, {
    hint: instead ?? `the verbs are ${names.join(', ')}`,
  })
}

/** For people on standard error; for programs that asked for JSON, as the one document on standard output. */
async function report(error: ImgError, argv: readonly string[], terminal: Terminal): Promise<number> {
  const { failureDocument, renderError } = await import('./render/error.ts')
  terminal.err(renderError(error, terminal.colour))
  const options = argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv
  if (options.includes('--json') && !terminal.taken) terminal.out(failureDocument(error))
  return error.exit
}
