/** RUN: a command in a container, whose changes become a layer. */
import { ImgError } from '../error.ts'
import { choiceOf, wrongKind } from '../graph/given.ts'
import { toPlain, toShell } from '../graph/token.ts'
import { type ExecDraft, instruction, type LowerContext, repeated } from './define.ts'
import { shellOf, toExecWords } from './part/command-line.ts'
import { type InlineFile, isInlineFile } from './part/copying.ts'
import { type MountLike, mounting, toMount } from './part/mounting.ts'
import { choice } from './shape/choice.ts'
import { type Command, command } from './shape/command.ts'
import { device } from './shape/device.ts'
import { heredocToken } from './shape/heredoc.ts'
import { mount } from './shape/mount.ts'

/** The flags of RUN. */
export interface RunOptions {
  readonly mounts?: readonly MountLike[]
  readonly network?: 'default' | 'none' | 'host'
  readonly security?: 'sandbox' | 'insecure'
  /** CDI device names. */
  readonly devices?: readonly string[]
}

const networks = ['default', 'none', 'host'] as const
const securities = ['sandbox', 'insecure'] as const

/**
 * Runs a command in a container; what it changes becomes a layer.
 * A string is given to the shell, with newlines kept; a list is run as it is.
 *
 * @source Dockerfile reference, RUN
 */
export const run = instruction({
  keyword: 'RUN',
  summary: 'Runs a command in a container; what it changes becomes a layer.',
  flags: {
    mount: repeated(mount),
    network: choice(...networks),
    security: choice(...securities),
    device: repeated(device),
  },
  args: { command },
  heredocs: true,
  build: (command: string | readonly string[] | InlineFile, options: RunOptions = {}) => ({
    command: toCommand(command),
    ...(isSome('mounts', options.mounts) ? { mount: options.mounts.map(toMount) } : {}),
    ...(options.network === undefined || options.network === 'default'
      ? {}
      : { network: choiceOf(options.network, networks, '--network') }),
    ...(options.security === undefined || options.security === 'sandbox'
      ? {}
      : { security: choiceOf(options.security, securities, '--security') }),
    ...(isSome('devices', options.devices) ? { device: options.devices.map((name) => toPlain(name, '--device')) } : {}),
  }),
  lower(args, context) {
    if (args.device && args.device.length > 0) {
      throw new ImgError(
        'UNSUPPORTED',
        'RUN --device is not supported: the device feature is only in the labs channel of the reference frontend',
      )
    }
    const { words, script } = argv(args.command, context)
    const { mounts, secrets, ssh } = mounting(args.mount ?? [], context)
    const exec: ExecDraft['exec'] = {
      args: words,
      mounts: script === undefined ? mounts : [script, ...mounts],
      secrets,
      ssh,
      network: args.network === 'host' ? 1 : args.network === 'none' ? 2 : 0,
      security: args.security === 'insecure' ? 1 : 0,
      devices: [],
    }
    if (words.length === 0) throw new ImgError('ARGUMENT_VALUE', 'RUN [] has no program to run')
    return { draft: { exec }, history: `RUN ${[...declared(context), ...words].join(' ')} # buildkit` }
  },
  examples: [
    'RUN apt-get update && apt-get install -y curl',
    'RUN ["/bin/prepare", "--all"]',
    'RUN --mount=type=cache,target=/root/.npm npm ci',
  ],
})

// In JavaScript a single mount has no length, and would be taken for none.
function isSome<T>(name: string, list: readonly T[] | undefined): list is readonly T[] {
  if (list === undefined || Array.isArray(list)) return list !== undefined && list.length > 0
  throw new ImgError('ARGUMENT_VALUE', `RUN takes a list of ${name}`, { hint: `write { ${name}: [ … ] }` })
}

// Several lines end in a newline, as a here-document's do; so the text can be printed and read again.
function toCommand(command: string | readonly string[] | InlineFile): Command {
  if (Array.isArray(command)) return { form: 'exec', args: toExecWords(command, 'RUN') }
  if (typeof command !== 'string' && !isInlineFile(command))
    throw wrongKind(command, 'the command of RUN', 'text, a list of words, or a here-document')
  const text = toShell(typeof command === 'string' ? command : (command as InlineFile).text)
  if (!text.includes('\n')) return { form: 'shell', text: text.trim() }
  // A line that announces here-documents of the shell is kept with their bodies, as it stands.
  if (!text.endsWith('\n') && text.split('\n', 1)[0]!.split(/\s+/).some(heredocToken)) return { form: 'shell', text }
  const lines = text.endsWith('\n') ? text : `${text}\n`
  return lines.startsWith('#!')
    ? {
        form: 'script',
        name: delimiter(lines, typeof command === 'string' ? 'EOF' : (command as InlineFile).name),
        text: lines,
      }
    : { form: 'shell', text: lines }
}

function delimiter(lines: string, wanted: string): string {
  const taken = new Set(lines.split('\n'))
  let name = wanted
  for (let n = 1; taken.has(name); n++) name = `${wanted}${n}`
  return name
}

function argv(
  command: Command,
  context: LowerContext,
): { words: readonly string[]; script?: ExecDraft['exec']['mounts'][number] } {
  if (command.form === 'exec') return { words: command.args }
  if (command.form === 'shell' || context.os === 'windows') return { words: [...shellOf(context), command.text] }
  const source = { kind: 'inline', path: `/${command.name}`, mode: 0o755, data: command.text } as const
  return {
    words: [...shellOf(context), `/dev/pipes/${command.name}`],
    script: { target: '/dev/pipes/', source, selector: '/', readonly: true },
  }
}

// `|2 a=1 b=2`: the build arguments in force, each once, with the value that the command sees (conformance D4.2.9).
function declared({ declared, env }: LowerContext): string[] {
  const values = new Map<string, string>()
  for (const { name, value } of declared) values.set(name, env.get(name) ?? value ?? '')
  if (values.size === 0) return []
  return [`|${values.size}`, ...[...values].map(([name, value]) => `${name}=${value}`)]
}
