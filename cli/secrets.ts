/** `--secret` and `--ssh`: where secrets come from. Values are read when a RUN asks for them, and never kept. */
import { readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import process from 'node:process'
import type { Secrets } from '../sdk/engine/index.ts'
import { ImgError, reasonOf } from '../sdk/error.ts'

/** The forms of docker buildx: `id=ID[,src=FILE|,env=NAME]`, and `ID[=SOCKET]` or `default`. */
export function readSecrets(secrets: readonly string[], agents: readonly string[]): Secrets {
  const files = new Map(secrets.map(readSecret))
  const sockets = new Map(agents.map(readAgent))
  return {
    async get(id) {
      const source = files.get(id)
      if (!source) return undefined
      if ('env' in source) {
        const value = process.env[source.env]
        if (value === undefined)
          throw new ImgError('USAGE', `--secret id=${id}: the environment has no variable ${source.env}`)
        return Buffer.from(value)
      }
      try {
        return readFileSync(source.file)
      } catch (cause) {
        throw new ImgError('USAGE', `--secret id=${id}: "${source.file}" cannot be read: ${reasonOf(cause)}`, {
          cause,
        })
      }
    },
    agent: async (id) => sockets.get(id === '' ? 'default' : id),
  }
}

type Source = { readonly file: string } | { readonly env: string }

function readSecret(text: string): [string, Source] {
  const fields = new Map(
    text.split(',').map((field): [string, string] => {
      const at = field.indexOf('=')
      return at < 0 ? [field, ''] : [field.slice(0, at), field.slice(at + 1)]
    }),
  )
  const id = fields.get('id')
  if (!id)
    throw new ImgError('USAGE', '--secret needs an id', {
      hint: 'write --secret id=NAME,src=FILE or --secret id=NAME,env=VARIABLE',
    })
  const unknown = [...fields.keys()].find((name) => !['id', 'src', 'source', 'env', 'type'].includes(name))
  if (unknown !== undefined)
    throw new ImgError('USAGE', `--secret id=${id} has the unknown key "${unknown}"; expected src or env`)
  const file = fields.get('src') ?? fields.get('source')
  const env = fields.get('env') ?? (fields.get('type') === 'env' ? (file ?? id) : undefined)
  if (env !== undefined) return [id, { env }]
  if (file !== undefined) return [id, { file: present(id, file) }]
  // As buildx does: a variable of that name, else a file of that name.
  return [id, process.env[id] === undefined ? { file: present(id, id) } : { env: id }]
}

/** Looked for before anything runs, as buildx does: a step that needs it may come late. */
function present(id: string, file: string): string {
  const path = resolve(file)
  if (statSync(path, { throwIfNoEntry: false })) return path
  throw new ImgError('USAGE', `--secret id=${id}: there is no file "${path}"`, {
    hint: 'write --secret id=NAME,src=FILE or --secret id=NAME,env=VARIABLE',
  })
}

function readAgent(text: string): [string, string] {
  const at = text.indexOf('=')
  const [id, path] = at < 0 ? [text, process.env['SSH_AUTH_SOCK']] : [text.slice(0, at), text.slice(at + 1)]
  if (!path)
    throw new ImgError('USAGE', `--ssh ${text}: there is no agent`, {
      hint: 'start ssh-agent, or write --ssh ID=/path/to/socket',
    })
  if (!statSync(path, { throwIfNoEntry: false })?.isSocket())
    throw new ImgError('USAGE', `--ssh ${id}: "${path}" is not an agent's socket`)
  return [id, resolve(path)]
}
