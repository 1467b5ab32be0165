/** The last strokes of a plan: the config of the target, and which paths of the build context are used. */

import { goJson } from '../oci/go-json.ts'
import { normalizePlatform } from '../oci/platform.ts'
import type { ImageConfig, Platform } from '../oci/types.ts'
import type { LowerOptions } from './options.ts'
import { platformOfImage, withConfig } from './stage-state.ts'

/** The attributes of the build context. */
export function contextAttrs(paths: ReadonlySet<string>): Record<string, string> {
  return { ...usedPaths(paths), 'local.sharedkeyhint': 'context' }
}

/** Which paths of a folder are used; absent when all of it is. */
export function usedPaths(paths: ReadonlySet<string>): Record<string, string> {
  if (paths.size === 0 || paths.has('/')) return {}
  const list = [...paths].map((path) => path.slice(1)).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
  return { 'local.followpaths': goJson(list) }
}

/** The config of the target: labels of the request, and the platform that was asked for. Source: conformance D10.6. */
export function finishImage(image: ImageConfig, target: Platform, options: LowerOptions): ImageConfig {
  const labels = Object.entries(options.labels ?? {})
  const labelled =
    labels.length === 0 ? image : withConfig(image, { Labels: { ...image.config?.Labels, ...options.labels } })
  const { architecture, os, variant: _, 'os.version': __, ...rest } = labelled
  const own = platformOfImage(labelled)
  if (!options.platform) return { ...rest, ...normalizePlatform(own) }
  const same = target.os === os && target.architecture === architecture
  const kept = same ? own : { os, architecture }
  return { ...rest, ...normalizePlatform({ ...kept, ...target }) }
}
