/** The rule on secrets that end up in an image: keys written out, files of keys copied, mounted secrets written to disk. */
import type { StageRef } from '../../graph/graph.ts'
import type { Command } from '../../instruction/shape/command.ts'
import type { Pair } from '../../instruction/shape/pairs.ts'
import { type Draft, rule } from '../rule.ts'
import type { SceneStep } from '../scene.ts'
import { commandsOf, shippedStages } from './chain.ts'

/** What keys look like, by what issues them. Repeats are bounded: a text may be as long as it likes. */
const keys: readonly (readonly [what: string, form: RegExp])[] = [
  ['an AWS access key', /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/],
  ['a GitHub token', /\b(?:gh[pousr]_[0-9A-Za-z]{36,}|github_pat_[0-9A-Za-z_]{60,})/],
  ['a GitLab token', /\bglpat-[0-9A-Za-z_-]{20,}/],
  ['an npm token', /\bnpm_[0-9A-Za-z]{36}\b/],
  ['a Slack token', /\bxox[abprs]-[0-9A-Za-z-]{10,}/],
  ['a Google API key', /\bAIza[0-9A-Za-z_-]{35}\b/],
  ['a Stripe key', /\b[rs]k_live_[0-9A-Za-z]{16,}/],
  ['a private key', /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/],
  [
    'a token of a package registry',
    /(?:^|[:\s"'])_(?:authToken|auth|password)\s*[= ]\s*["']?(?![$<"'\s{])[^\s"'$]{6,}/,
  ],
  ['a password of .netrc', /\bmachine\s+\S+\s+login\s+\S+\s+password\s+["']?(?![$<"'\s{])[^\s"'$]+/],
  ['a password for curl', /\bcurl\s(?:[^\n;&|]{0,400}\s)?(?:-u|--user)[ =]?["']?[^\s"':$]+:(?![$<"'\s{])[^\s"'$]+/],
  ['a password in a URL', /\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s/:@$"']{1,200}:[^\s/:@$"'{}]{1,400}@[^\s/]/i],
]

/** Files that hold keys, by the end of their path. */
const keyFiles =
  /(?:^|\/)(?:\.env(?:\.(?!example$|sample$|template$|tmpl$|tpl$|dist$|defaults?$)[^/]*)?|\.npmrc|\.netrc|\.pypirc|\.git-credentials|\.pgpass|\.htpasswd|id_(?:rsa|dsa|ecdsa|ed25519)|\.ssh|\.aws(?:\/credentials)?|\.kube(?:\/config)?|\.docker\/config\.json|\.cargo\/credentials(?:\.toml)?|\.gem\/credentials|\.composer\/auth\.json|[^/]+\.(?:pem|key|p12|pfx|jks|keystore)|kubeconfig|credentials\.json|service-account[^/]*\.json|secrets?\.(?:ya?ml|json|env|txt))$/i

/** Of those, what everybody may have: certificates, keys that signatures are checked with. */
const publicFiles =
  /(?:^|[/_.-])(?:ca|cacerts?|certs?|certificates?|chain|fullchain|bundle|root|pub|public|trust(?:store)?|gpg|pgp|asc|archive|release|signing)(?=[-_.0-9])[^/]*$/i
/** Where package managers look for those. */
const publicFolders =
  /^\/?(?:etc\/(?:apt|pki\/rpm-gpg|apk\/keys|ssl\/certs)|usr\/share\/keyrings|usr\/local\/share\/ca-certificates)(?:\/|$)/

/** Nothing secret is written down. */
export const secretBakedIn = rule({
  name: 'SecretBakedIn',
  summary: 'No secret becomes part of an image.',
  why: 'A layer keeps what was ever in it, and history shows every command: whoever pulls the image has the secret.',
  how: 'hand it to the step that needs it: RUN --mount=type=secret,id=NAME; and take the one that was written down out of use',
  origin: 'imgsdk',
  *check(scene) {
    const shipped = new Set(shippedStages(scene))
    for (const stage of scene.stages) {
      const who = shipped.has(stage) ? 'the image' : 'this file, or the build cache,'
      for (const step of stage.steps) {
        const { instruction: on } = step
        const texts = textsOf(step)
        const what = keys.find(([, form]) => texts.some((text) => form.test(text)))?.[0]
        if (what) yield { on, message: `${on.keyword} holds ${what}, which everyone who has ${who} can read` }
        // files of a stage that only others copy from do not reach an image by being there
        if (!shipped.has(stage)) continue
        yield* copiedKeys(step)
        yield* writtenSecrets(step)
      }
    }
  },
})

/** What an instruction writes down. */
function textsOf({ instruction, args }: SceneStep): readonly string[] {
  if (!args) return []
  const { command, variables, labels, contents, sources } = args as {
    command?: Command
    sources?: readonly string[]
    variables?: readonly (Pair & { default?: unknown })[]
    labels?: readonly Pair[]
    contents?: readonly { data: string }[]
  }
  if (command) return command.form === 'exec' ? [command.args.join(' ')] : [command.text]
  if (instruction.keyword === 'ARG')
    return (variables ?? []).flatMap(({ default: value }) => (typeof value === 'string' ? value : []))
  return [
    ...[...(variables ?? []), ...(labels ?? [])].map(({ value }) => String(value)),
    ...(contents ?? []).map(({ data }) => data),
    ...(sources ?? []),
  ]
}

function* copiedKeys({ instruction, args }: SceneStep): Generator<Draft> {
  if ((instruction.keyword !== 'COPY' && instruction.keyword !== 'ADD') || !args) return
  const { sources, from, dest } = args as { sources: readonly string[]; from?: StageRef; dest: string }
  if (from || publicFolders.test(dest)) return
  for (const source of sources) {
    if (!keyFiles.test(source.replace(/\/+$/, '')) || publicFiles.test(source) || /^\w+:\/\//.test(source)) continue
    yield {
      on: instruction,
      message: `${instruction.keyword} puts "${source}" into a layer, and such files often hold secrets`,
      hint: 'mount it where it is needed: RUN --mount=type=secret,id=NAME,target=PATH; and name it in .dockerignore',
    }
  }
}

const readers: readonly string[] = ['cp', 'mv', 'install', 'ln', 'dd', 'tee', 'rsync']

/** A mounted secret whose content a command puts into a file of the layer. */
function* writtenSecrets(step: SceneStep): Generator<Draft> {
  const { instruction } = step
  const secrets = step.mounts.filter(({ type }) => type === 'secret')
  const temporary = step.mounts.flatMap(({ type, target }) => (type === 'tmpfs' && target ? target : []))
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
