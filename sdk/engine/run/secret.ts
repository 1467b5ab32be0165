/** The secrets that an op asks for. */
import { ImgError } from '../../error.ts'
import type { ExecOp } from '../../plan/op.ts'
import type { Secrets } from '../ports.ts'

/** The bytes of a secret; undefined for an optional one that was not given. */
export async function secret(secrets: Secrets, { ID, optional }: { readonly ID: string; readonly optional?: boolean }) {
  const bytes = await secrets.get(ID)
  if (bytes || optional) return bytes
  throw new ImgError('MOUNT_FAILED', `RUN needs the secret "${ID}", which the build was not given`, {
    hint: `build with --secret id=${ID},src=FILE or --secret id=${ID},env=NAME`,
  })
}

/** `NAME=value` for each secret variable that there is. */
export async function secretVariables(op: ExecOp, secrets: Secrets): Promise<string[]> {
  const all = await Promise.all(
    (op.secretenv ?? []).map(async (want) => {
      const bytes = await secret(secrets, want)
      return bytes ? [`${want.name}=${Buffer.from(bytes).toString()}`] : []
    }),
  )
  return all.flat()
}
