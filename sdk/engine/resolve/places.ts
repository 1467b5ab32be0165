/** Remembers where blobs were seen: which repositories of which registries have them. */
import type { Digest } from '../../oci/digest.ts'
import type { Records } from '../ports.ts'

/** A repository of a registry. */
export interface Place {
  readonly registry: string
  readonly repository: string
}

/** Records of this kind have the places of one blob, the latest first. */
const kind = 'blob-source'
const most = 4

/** Where a blob was seen, the latest first. It may be gone from there: a place is a hint, and a wrong one must do no harm. */
export async function placesOf(records: Pick<Records, 'get'>, digest: Digest): Promise<readonly Place[]> {
  const known = await records.get<readonly Place[]>(kind, digest)
  // an older version kept one place, by itself
  return Array.isArray(known) ? known : []
}

/** Remembers that a blob is at a place; the oldest of more than four places is forgotten. */
export async function rememberPlace(
  records: Pick<Records, 'get' | 'put'>,
  digest: Digest,
  { registry, repository }: Place,
): Promise<void> {
  const known = await placesOf(records, digest)
  if (known.some((each) => each.registry === registry && each.repository === repository)) return
  await records.put(kind, digest, [{ registry, repository }, ...known].slice(0, most))
}
