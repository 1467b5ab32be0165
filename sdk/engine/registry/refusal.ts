/** Turns answers that say no into errors. Source: distribution-spec: Error Codes. */
import { ImgError } from '../../error.ts'

/** What a registry said. */
export interface Refusal {
  readonly status: number
  /** At most the first 64 KiB. */
  readonly body: Uint8Array
  /** `pull docker.io/library/alpine:latest` */
  readonly what: string
  readonly host: string
  readonly hint?: string | undefined
  readonly redact: (text: string) => string
}

/** The error for an answer: IMAGE_NOT_FOUND, or REGISTRY_REFUSED with the registry's own code in `detail`. */
export function refusal({ status, body, what, host, hint, redact }: Refusal): ImgError {
  const said = errorsIn(body)
  const [first] = said
  const words = said.map(({ code, message }) => clean(redact(message === '' ? code : `${code}: ${message}`))).join('; ')
  const detail = { status, registry: host, ...(first && { code: first.code }) }
  if (status === 404) {
    return new ImgError('IMAGE_NOT_FOUND', `cannot ${what}: registry "${host}" has no such thing${tail(words)}`, {
      hint,
      detail,
    })
  }
  const help = hint ?? hintFor(status, first?.code, host)
  return new ImgError('REGISTRY_REFUSED', `cannot ${what}: registry "${host}" answered ${status}${tail(words)}`, {
    hint: help,
    detail,
  })
}

const tail = (words: string): string => (words === '' ? '' : ` (${words})`)

function hintFor(status: number, code: string | undefined, host: string): string | undefined {
  if (status === 401 || code === 'UNAUTHORIZED')
    return `the image may not exist, or needs a login: docker login ${host}`
  if (status === 403 || code === 'DENIED') return `the account may not do this; another login: docker login ${host}`
  if (status === 429 || code === 'TOOMANYREQUESTS') return 'wait, log in for a higher limit, or use a mirror'
  return undefined
}

function errorsIn(body: Uint8Array): readonly { code: string; message: string }[] {
  try {
    const { errors } = JSON.parse(new TextDecoder().decode(body)) as { errors?: unknown }
    if (!Array.isArray(errors)) return []
    return errors.slice(0, 3).map((each: unknown) => {
      const { code, message } = (each ?? {}) as { code?: unknown; message?: unknown }
      return {
        code: clean(typeof code === 'string' ? code : 'UNKNOWN'),
        message: typeof message === 'string' ? message : '',
      }
    })
  } catch {
    return []
  }
}

/** One line of printable text, so that a registry cannot steer the terminal. */
function clean(text: string): string {
  return text
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, 200)
}
