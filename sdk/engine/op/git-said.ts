/** What git says: told as it comes, kept for errors, and never with a secret in it. */
import { ImgError } from '../../error.ts'
import type { Io } from '../ports.ts'

/** What git says, line by line, without secrets: told as it comes, and the end of it kept. */
export class Words {
  readonly #secret: readonly string[]
  readonly #io: Io & { readonly id?: string }
  #rest = ''
  #said = ''

  constructor(secret: readonly string[], io: Io & { readonly id?: string }) {
    this.#secret = [...secret].sort((one, other) => other.length - one.length)
    this.#io = io
  }

  add(piece: Buffer): void {
    const lines = (this.#rest + piece.toString('utf8')).split('\n')
    this.#rest = lines.pop()!.slice(-65_536)
    for (const line of lines) this.#tell(line)
  }

  end(): string {
    if (this.#rest !== '') this.#tell(this.#rest)
    return this.#said
  }

  #tell(line: string): void {
    // of a line that was written over and over, what stood there last
    let text = line.replace(/\r+$/, '').split('\r').at(-1)!
    for (const secret of this.#secret) text = text.replaceAll(secret, '***')
    this.#said = `${this.#said}${text}\n`.slice(-8192)
    const { id } = this.#io
    if (id !== undefined) this.#io.emit({ type: 'log', id, stream: 'stderr', bytes: Buffer.from(`${text}\n`) })
  }
}

const hints: readonly (readonly [RegExp, string])[] = [
  [/returned error: 30\d/, 'the server redirects, and a token is sent to no other address: name the one it leads to'],
  [
    /could not read Username|Authentication failed|returned error: 40[13]/,
    'the server wants a token: --secret id=GIT_AUTH_TOKEN,env=NAME',
  ],
  [/Permission denied \(/, 'the ssh agent has no key that the server takes: ssh-add -l'],
  [/Host key verification failed|HOST IDENTIFICATION HAS CHANGED/, 'the key of the ssh server is not the known one'],
  [/returned error: 404|not found|does not exist|not exported/i, 'check the address of the repository'],
  [
    /unable to access|unable to connect|Could not resolve|Connection (refused|timed out)/i,
    'check the address, the network, HTTPS_PROXY and NO_PROXY',
  ],
]

/** What a call that failed becomes: the line that says why, and what to do. */
export function failure(verb: string, status: number | string, said: string): ImgError {
  const lines = said.split('\n').filter((line) => line !== '')
  const last = lines.findLast((line) => /^(fatal|error|remote|ERROR)/.test(line)) ?? lines.at(-1)
  const reason = typeof status === 'string' ? status : (last ?? `it ended with status ${status}`)
  const hint = hints.find(([pattern]) => pattern.test(said))?.[1]
  return new ImgError('FETCH_FAILED', `git ${verb}: ${reason}`, { hint, detail: { status, said } })
}
