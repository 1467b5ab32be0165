/** Finds out how a registry is spoken to: https, or plain http where that is allowed. */
import { ImgError } from '../../error.ts'
import { bareHost, isLoopback } from './address.ts'
import { discard } from './body.ts'
import type { Transport } from './transport.ts'

/** The root of a registry. */
export interface Root {
  readonly url: URL
  /** Its certificate is not looked at. */
  readonly anyCertificate: boolean
}

/**
 * https for all but two kinds of hosts: those on this machine, which mostly speak plain http, and those listed as insecure. These
 * are asked once which of the two they speak.
 */
export async function findRegistry(host: string, insecure: boolean, transport: Transport): Promise<Root> {
  const name = host === 'docker.io' ? 'registry-1.docker.io' : host
  if (!URL.canParse(`https://${name}/`)) throw new ImgError('REFERENCE_INVALID', `"${host}" is not a registry host`)
  const secure = { url: new URL(`https://${name}/`), anyCertificate: false }
  const local = isLoopback(bareHost(secure.url))
  if (!local && !insecure) return secure
  const plain = { url: new URL(`http://${name}/`), anyCertificate: false }
  const unchecked = { ...secure, anyCertificate: true }
  const [first, second] = local ? [plain, unchecked] : [unchecked, plain]
  return (await speaks(first, transport)) ? first : second
}

/** Whether anything answers that is not the complaint of a server that was spoken to in the wrong way. */
async function speaks({ url, anyCertificate }: Root, transport: Transport): Promise<boolean> {
  try {
    const answer = await transport.request({ method: 'GET', url: new URL('/v2/', url), anyCertificate })
    await discard(answer.body)
    return answer.status !== 400
  } catch (error) {
    // where nobody listens the other way would fail too, and its message would mislead
    return (error as { cause?: { code?: string } }).cause?.code === 'ECONNREFUSED'
  }
}
