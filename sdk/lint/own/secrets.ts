/** The rule on secrets that end up in an image: keys written out, files of keys copied, mounted secrets written to disk. */
import type { StageRef } from '../../graph/graph.ts'
import type { Command } from '../../instruction/shape/command.ts'
import type { Pair } from '../../instruction/shape/pairs.ts'
import type { LoweredInstruction } from '../../plan/options.ts'
import { type Draft, rule } from '../rule.ts'
import { commandsOf, mountsOf } from './chain.ts'

/** What keys look like, by what issues them. */
const keys: readonly (readonly [what: string, form: RegExp])[] = [
  ['an AWS access key', /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/],
  ['a GitHub token', /\b(?:gh[pousr]_[0-9A-Za-z]{36,}|github_pat_[0-9A-Za-z_]{60,})/],
  ['a GitLab token', /\bglpat-[0-9A-Za-z_-]{20,}/],
  ['an npm token', /\bnpm_[0-9A-Za-z]{36}\b/],
  ['a Slack token', /\bxox[abprs]-[0-9A-Za-z-]{10,}/],
  ['a Google API key', /\bAIza[0-9A-Za-z_-]{35}\b/],
  ['a Stripe key', /\b[rs]k_live_[0-9A-Za-z]{16,}/],
  ['a private key', /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/],
  ['a password in a URL', /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@$"']+:[^\s/:@$"'{}]+@[^\s/]/i],
]

/** Files that hold keys, by the end of their path. */
const keyFiles =
  /(?:^|\/)(?:\.env(?:\.(?!example$|sample$|template$|dist$)[^/]*)?|\.npmrc|\.netrc|\.pypirc|\.git-credentials|\.pgpass|id_(?:rsa|dsa|ecdsa|ed25519)|\.ssh|\.aws(?:\/credentials)?|\.kube(?:\/config)?|\.docker\/config\.json|[^/]+\.(?:pem|key|p12|pfx|jks|keystore)|kubeconfig|credentials\.json|service-account[^/]*\.json)$/i

/** Nothing secret is written down. */
export const secretBakedIn = rule({
  name: 'SecretBakedIn',
  summary: 'No secret becomes part of an image.',
  why: 'A layer keeps what was ever in it, and history shows every command: whoever pulls the image has the secret.',
  how: 'hand it to the step that needs it: RUN --mount=type=secret,id=NAME; and take the one that was written down out of use',
  origin: 'imgsdk',
  *check({ stages }) {
    for (const step of stages.flatMap(({ steps }) => steps)) {
      const { instruction: on } = step
      const what = keys.find(([, form]) => textsOf(step).some((text) => form.test(text)))?.[0]
      if (what) yield { on, message: `${on.keyword} holds ${what}, which everyone who has the image can read` }
      yield* copiedKeys(step)
      yield* writtenSecrets(step)
    }
  },
})

/** What an instruction writes down. */
function textsOf({ instruction, args }: LoweredInstruction): readonly string[] {
  if (!args) return []
  const { command, variables, labels, contents } = args as {
    command?: Command
    variables?: readonly (Pair & { default?: unknown })[]
    labels?: readonly Pair[]
    contents?: readonly { data: string }[]
  }
  if (command) return command.form === 'exec' ? command.args : [command.text]
  if (instruction.keyword === 'ARG')
    return (variables ?? []).flatMap(({ default: value }) => (typeof value === 'string' ? value : []))
  return [
    ...[...(variables ?? []), ...(labels ?? [])].map(({ value }) => String(value)),
    ...(contents ?? []).map(({ data }) => data),
  ]
}

function* copiedKeys({ instruction, args }: LoweredInstruction): Generator<Draft> {
  if ((instruction.keyword !== 'COPY' && instruction.keyword !== 'ADD') || !args) return
  const { sources, from } = args as { sources: readonly string[]; from?: StageRef }
  if (from) return
  for (const source of sources) {
    if (!keyFiles.test(source.replace(/\/+$/, '')) || /\.pub$/.test(source)) continue
    yield {
      on: instruction,
      message: `${instruction.keyword} puts "${source}" into a layer, and such files hold secrets`,
      hint: 'mount it where it is needed: RUN --mount=type=secret,id=NAME,target=PATH; and name it in .dockerignore',
    }
  }
}

const readers: readonly string[] = ['cp', 'mv', 'install', 'ln', 'dd', 'tee', 'rsync']

/** A mounted secret whose content a command puts into a file of the layer. */
function* writtenSecrets(step: LoweredInstruction): Generator<Draft> {
  const { instruction } = step
  const secrets = mountsOf(step).filter(({ type }) => type === 'secret')
  const temporary = mountsOf(step).flatMap(({ type, target }) => (type === 'tmpfs' && target ? target : []))
  for (const secret of secrets) {
    const id = secret.id ?? secret.source
    const file = secret.target ?? (secret.env === undefined ? `/run/secrets/${id}` : undefined)
    const names = [file, secret.env === undefined ? undefined : `$${secret.env}`, secret.env && `\${${secret.env}}`]
    const holds = (word: string) => names.some((name) => name && word.includes(name))
    for (const { words, writes } of commandsOf(step)) {
      const outside = writes.filter(
        (path) => !path.startsWith('/dev/') && !temporary.some((folder) => path.startsWith(folder)),
      )
      const mentioned = words.slice(1).some(holds)
      const copies = readers.includes(words[0]!) && mentioned && !(words[0] === 'ln' && words.includes('-s'))
      if (!mentioned || (outside.length === 0 && !copies)) continue
      if (words[0] !== 'echo' && words[0] !== 'printf' && words[0] !== 'cat' && !copies) continue
      yield {
        on: instruction,
        message: `RUN writes the secret "${id ?? secret.env}" to ${outside[0] ?? words.at(-1)}, which stays in the layer`,
        hint: 'read the secret where it is mounted, or write it to a mount of type=tmpfs',
      }
      break
    }
  }
}
