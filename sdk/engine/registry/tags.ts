/** The tags of a repository, and which of them was perhaps meant. */
import { ImgError } from '../../error.ts'
import { nearest, typed } from '../../instruction/shape/nearest.ts'
import { isDigest } from '../../oci/digest.ts'
import { readBounded } from './body.ts'
import type { Session } from './session.ts'

const longestPage = 4 * 1024 * 1024
const mostPages = 1000

/**
 * All tags, page by page, in the registry's order.
 * @throws IMAGE_NOT_FOUND, REGISTRY_ANSWER and the errors of a session
 * @source distribution-spec: Listing tags
 */
export async function listTags(
  session: Session,
  repository: string,
  signal?: AbortSignal,
  most = mostPages,
): Promise<readonly string[]> {
  const what = `list the tags of ${session.host}/${repository}`
  const scopes = [`repository:${repository}:pull`]
  const tags: string[] = []
  let url: string | URL | undefined = `/v2/${repository}/tags/list?n=1000`
  for (let page = 0; url !== undefined; page++) {
    if (page >= most) throw new ImgError('REGISTRY_ANSWER', `cannot ${what}: there are more than ${most} pages`)
    const call = { method: 'GET', url, scopes, expect: [200], what, signal } as const
    const read = await session.retrying(async () => {
      const answer = await session.once(call)
      const bytes = await readBounded(answer.body, longestPage, `registry "${session.host}"`).catch(
        (error: unknown) => {
          throw session.broken(error, what, false)
        },
      )
      return { answer, bytes }
    }, signal)
    tags.push(...parse(read.bytes, what))
    url = nextPage(read.answer.headers['link'], read.answer.url)
  }
  return tags
}

/**
 * A "no such image" with the tag that comes nearest, where the repository has one like it. Any other error stays as it is.
 */
export async function hintForTag(
  session: Session,
  repository: string,
  reference: string,
  error: unknown,
  signal?: AbortSignal,
): Promise<unknown> {
  if (
    !(error instanceof ImgError) ||
    error.code !== 'IMAGE_NOT_FOUND' ||
    isDigest(reference) ||
    error.hint !== undefined
  )
    return error
  const limit = AbortSignal.any([AbortSignal.timeout(5000), ...(signal ? [signal] : [])])
  const tags = await listTags(session, repository, limit, 3).catch(() => [])
  const candidates = tags.slice(0, 3000).filter(({ length }) => length <= 128)
  const tag = nearest(reference, candidates, typed)
  const hint =
    tag === undefined
      ? tags.length > 0
        ? undefined
        : 'check the name of the repository'
      : `did you mean "${repository}:${tag}"?`
  const { message, detail, cause } = error
  return hint === undefined ? error : new ImgError(error.code, message, { hint, detail, cause })
}

function parse(bytes: Uint8Array, what: string): readonly string[] {
  try {
    const { tags } = JSON.parse(new TextDecoder().decode(bytes)) as { tags?: unknown }
    if (Array.isArray(tags) && tags.every((tag) => typeof tag === 'string')) return tags
    if (tags === null || tags === undefined) return []
  } catch {
    // said below
  }
  throw new ImgError('REGISTRY_ANSWER', `cannot ${what}: the answer is no list of tags`)
}

/** The next page, on the same host only. Source: RFC 8288. */
function nextPage(link: string | undefined, from: URL): URL | undefined {
  const [, target] = /<([^>]*)>\s*;[^,]*rel="?next"?/.exec(link ?? '') ?? []
  if (target === undefined || !URL.canParse(target, from.href)) return undefined
  const url = new URL(target, from)
  return url.host === from.host ? new URL(url.pathname + url.search, from) : undefined
}
