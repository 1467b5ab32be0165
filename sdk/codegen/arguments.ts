/** What each method of the builder is called with to mean an instruction. */
import { type Instruction, type StageRef, written } from '../graph/graph.ts'
import type { Template } from '../graph/template.ts'
import type { Command } from '../instruction/shape/command.ts'
import { spellDuration } from '../instruction/shape/duration.ts'
import type { Healthtest } from '../instruction/shape/healthtest.ts'
import type { Mount } from '../instruction/shape/mount.ts'
import type { ArgDeclaration } from '../instruction/shape/names.ts'
import type { Pair } from '../instruction/shape/pairs.ts'
import type { SourcesAndDest } from '../instruction/shape/sources-and-dest.ts'
import { commandValue, heredocValue, type Value } from './command.ts'
import { array, type Doc, member, object } from './doc.ts'
import { commandLiteral, memberName, quote } from './literal.ts'
import { mountValue, stageValue } from './mounting.ts'
import type { Scope } from './scope.ts'
import { textCode } from './text.ts'

/** The arguments of the call; undefined where the method cannot say it. */
export function argumentsOf({ keyword, args, ...beside }: Instruction, scope: Scope): readonly Value[] | undefined {
  const make = makers[keyword]
  const values = make?.(args as never, scope, beside[written]?.breaks ?? [])
  return values && complete(values)
}

type Parts = readonly (Value | undefined)[]
type Flags = Readonly<Record<string, unknown>>
type Maker = (args: never, scope: Scope, breaks: readonly number[]) => Parts | undefined

const makers: Readonly<Record<string, Maker>> = {
  ADD: copying,
  ARG: declaring,
  CMD: ({ command }: { command: Command }, scope, breaks) => [commandValue(command, scope, breaks)],
  COPY: copying,
  ENTRYPOINT: ({ command }: { command: Command }, scope, breaks) => [commandValue(command, scope, breaks)],
  ENV: ({ variables }: { variables: readonly Pair[] }, scope) => [pairsValue(variables, scope)],
  EXPOSE: ({ ports }: { ports: readonly Template[] }, scope) => ports.map((port) => portValue(port, scope)),
  HEALTHCHECK: checking,
  LABEL: ({ labels }: { labels: readonly Pair[] }, scope) => [pairsValue(labels, scope)],
  MAINTAINER: ({ name }: { name: string }) => [plainValue(name)],
  ONBUILD: ({ trigger }: { trigger: string }, _scope, breaks) => [
    { doc: commandLiteral(trigger, breaks), value: trigger },
  ],
  RUN: running,
  SHELL: ({ shell }: { shell: readonly string[] }) => [{ doc: array(shell.map(quote)), value: shell }],
  STOPSIGNAL: ({ signal }: { signal: Template }, scope) => [textValue(signal, scope)],
  USER: ({ user }: { user: Template }, scope) => [textValue(user, scope)],
  VOLUME: ({ paths }: { paths: readonly Template[] }, scope) => paths.map((path) => textValue(path, scope)),
  WORKDIR: ({ path }: { path: Template }, scope) => [textValue(path, scope)],
}

function running(
  args: { command: Command; mount?: readonly Mount[]; device?: readonly string[] } & Flags,
  scope: Scope,
  breaks: readonly number[],
): Parts {
  const options = optionsValue({
    mounts: option(args.mount, (mounts) => listValue(mounts.map((mount) => mountValue(mount, scope)))),
    network: option(args['network'], plainValue),
    security: option(args['security'], plainValue),
    devices: option(args.device, (names) => listValue(names.map(plainValue))),
  })
  return [commandValue(args.command, scope, breaks), ...options]
}

function copying(args: SourcesAndDest & Flags & { from?: StageRef; exclude?: readonly string[] }, scope: Scope): Parts {
  const contents = (args.contents ?? []).map(({ name, data }) => heredocValue(name, data, scope))
  const sources = [...args.sources.map((source) => textValue(source, scope)), ...contents]
  const text = (value: Template) => textValue(value, scope)
  const options = optionsValue({
    from: option(args.from, (from) => stageValue(from, scope)),
    chown: option(args['chown'] as Template, text),
    chmod: option(args['chmod'] as Template, text),
    link: option(args['link'], plainValue),
    parents: option(args['parents'], plainValue),
    exclude: option(args.exclude, (patterns) =>
      patterns.length === 1 ? plainValue(patterns[0]!) : listValue(patterns.map(plainValue)),
    ),
    keepGitDir: option(args['keep-git-dir'], plainValue),
    checksum: option(args['checksum'] as Template, text),
    unpack: option(args['unpack'], plainValue),
  })
  return [sources.length === 1 ? sources[0] : listValue(sources), text(args.dest), ...options]
}

function checking({ test, ...flags }: { test: Healthtest } & Flags, scope: Scope): Parts {
  const time = (name: string) => option(flags[name], (value) => plainValue(spellDuration(value as number)))
  const options = optionsValue({
    interval: time('interval'),
    timeout: time('timeout'),
    startPeriod: time('start-period'),
    startInterval: time('start-interval'),
    retries: option(flags['retries'], plainValue),
  })
  return [commandValue(test, scope), ...options]
}

function declaring({ variables }: { variables: readonly ArgDeclaration[] }, scope: Scope): Parts | undefined {
  const [only, ...more] = variables
  if (!only) return undefined
  const value = (declaration: ArgDeclaration) => option(declaration.default, (text) => textValue(text, scope))
  if (more.length === 0) {
    const constant = scope.args.get(only.name)
    const name = constant && !only.default ? { doc: constant.constant, value: constant.token } : plainValue(only.name)
    const given = value(only)
    return given === undefined ? [name] : [name, given ?? undefined]
  }
  const values = variables.map((declaration) => [declaration.name, value(declaration)] as const)
  if (values.some(([, given]) => given === null)) return undefined
  const members = values.map(([name, given]) => member(memberName(name), given?.doc ?? 'undefined'))
  return [{ doc: object(members), value: Object.fromEntries(values.map(([name, given]) => [name, given?.value])) }]
}

/** An object; where that would lose or move a name, a list of pairs. */
function pairsValue(pairs: readonly Pair[], scope: Scope): Value | undefined {
  const entries = pairs.map(({ key, value }) => [textValue(key, scope), textValue(value, scope)] as const)
  if (entries.some((entry) => entry.includes(undefined))) return undefined
  const known = entries as readonly (readonly [Value & { value: string }, Value])[]
  const names = known.map(([key]) => key.value)
  if (new Set(names).size < names.length || names.some((name) => /^\d+$/.test(name)))
    return listValue(known.map(listValue))
  const members = pairs.map(({ key }, i) => {
    const [name, value] = known[i]!
    return member(typeof key === 'string' ? memberName(key) : `[${name.doc}]`, value.doc)
  })
  return { doc: object(members), value: Object.fromEntries(known.map(([key, value]) => [key.value, value.value])) }
}

function portValue(port: Template, scope: Scope): Value | undefined {
  const numeric = typeof port === 'string' && /^[1-9]\d{0,4}$/.test(port)
  return numeric ? plainValue(Number(port)) : textValue(port, scope)
}

function textValue(template: Template, scope: Scope): Value | undefined {
  const text = textCode(template, scope)
  return text && { doc: text.code, value: text.value }
}

function plainValue(value: unknown): Value {
  return { doc: typeof value === 'string' ? quote(value) : String(value), value }
}

function listValue(items: Parts): Value | undefined {
  const values = complete(items)
  return values && { doc: array(values.map(({ doc }) => doc)), value: values.map(({ value }) => value) }
}

/** An option that was given, as a value, or null where it has none; undefined where it was not given. */
function option<T>(given: T | undefined, make: (value: T) => Value | undefined): Value | null | undefined {
  return given === undefined ? undefined : (make(given) ?? null)
}

/** The object of the options that were given; nothing where none was, and undefined where one cannot be said. */
function optionsValue(options: Readonly<Record<string, Value | null | undefined>>): Parts {
  const given = Object.entries(options).filter(([, value]) => value !== undefined) as [string, Value | null][]
  if (given.length === 0) return []
  if (given.some(([, value]) => value === null)) return [undefined]
  const doc: Doc = object(given.map(([name, value]) => member(name, value!.doc)))
  return [{ doc, value: Object.fromEntries(given.map(([name, value]) => [name, value!.value])) }]
}

function complete(items: Parts): readonly Value[] | undefined {
  return items.includes(undefined) ? undefined : (items as readonly Value[])
}
