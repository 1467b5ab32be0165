/** The annotations of `--output`, by the document that they stand on. */
import { formatPlatform } from '../oci/platform.ts'
import type { Platform } from '../oci/types.ts'
import type { Annotation } from './attributes.ts'

type Annotations = Readonly<Record<string, string>>

/** Those of one platform's manifest, and of the descriptor that points to it: as `assemble` takes them. */
export function manifestAnnotations(annotations: readonly Annotation[], platform: Platform) {
  const name = formatPlatform(platform)
  const fitting = annotations.filter((each) => each.platform === undefined || each.platform === name)
  return { ...on('manifest', fitting, 'manifest'), ...on('manifest-descriptor', fitting, 'descriptor') }
}

/** Those of the index, as `assembleIndex` takes them. */
export function indexAnnotations(annotations: readonly Annotation[]): Annotations | undefined {
  return on('index', annotations, 'index').index
}

function on<K extends string>(document: Annotation['on'], annotations: readonly Annotation[], member: K) {
  const pairs = annotations.filter((each) => each.on === document).map(({ key, value }) => [key, value])
  return (pairs.length > 0 ? { [member]: Object.fromEntries(pairs) } : {}) as { readonly [_ in K]?: Annotations }
}
