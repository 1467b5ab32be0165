/** Checks a whole image that we made: its documents must agree in every respect, not only be readable. */
import { ImgError } from '../error.ts'
import { normalizePlatform } from './platform.ts'
import { type ImageConfig, type Manifest, mediaTypes } from './types.ts'
import { checkBytes, checkConfigOf, checkImageManifest, parseConfig, parseManifest } from './validate.ts'

/** The two documents of an image for one platform, as bytes. */
export interface ImageBytes {
  readonly manifest: Uint8Array
  readonly config: Uint8Array
}

/**
 * Reads the documents of an image and checks them against each other: config digest and size; as many layers as diff IDs and as
 * non-empty history entries; media types of one family; times, environment, paths and ports of the right form.
 *
 * @throws IMAGE_INVALID  `errors` has every fault
 * @source image-spec, manifest.md, config.md; D11.4, D11.14
 */
export function validateImage(image: ImageBytes, what = 'the image'): { manifest: Manifest; config: ImageConfig } {
  const manifest = parseManifest(image.manifest, `the manifest of ${what}`)
  const config = parseConfig(image.config, `the config of ${what}`)
  checkBytes(image.config, manifest.config, `the config of ${what}`)
  checkImageManifest(manifest, what)
  checkConfigOf(manifest, config, what)
  const faults = [...familyFaults(manifest), ...historyFaults(config), ...configFaults(config)]
  if (faults.length === 0) return { manifest, config }
  throw new ImgError('IMAGE_INVALID', `${what} is invalid: ${faults.join('; ')}`, {
    errors: faults.map((fault) => new ImgError('IMAGE_INVALID', fault)),
  })
}

function familyFaults(manifest: Manifest): string[] {
  const docker = manifest.mediaType === mediaTypes.dockerManifest
  const [family, config] = docker ? ['docker', mediaTypes.dockerConfig] : ['oci', mediaTypes.ociConfig]
  const foreign = manifest.layers.filter(({ mediaType }) => !mediaType.startsWith(`application/vnd.${family}.`))
  return [
    ...(manifest.mediaType === undefined ? ['the manifest has no mediaType'] : []),
    ...(manifest.config.mediaType === config
      ? []
      : [`config.mediaType is "${manifest.config.mediaType}"; expected "${config}"`]),
    ...foreign.map(({ mediaType }) => `the manifest is ${family}, a layer "${mediaType}"`),
  ]
}

function historyFaults({ history, rootfs }: ImageConfig): string[] {
  if (history === undefined) return []
  const filled = history.filter(({ empty_layer }) => empty_layer !== true).length
  const undated = history.findIndex(({ created }) => created !== undefined && !isTime(created))
  return [
    ...(filled === rootfs.diff_ids.length
      ? []
      : [`${filled} history entries have layers, but there are ${rootfs.diff_ids.length}`]),
    ...(undated < 0
      ? []
      : [`history[${undated}].created is "${history[undated]?.created}", which is no RFC 3339 time`]),
  ]
}

function configFaults(image: ImageConfig): string[] {
  const { config = {}, created } = image
  const names = (config.Env ?? []).map((entry) => entry.split('=', 1)[0]!)
  const ports = Object.keys(config.ExposedPorts ?? {}).filter((port) => !/^\d{1,5}\/(tcp|udp|sctp)$/.test(port))
  const normal = normalizePlatform(image)
  return [
    ...(created === undefined || isTime(created) ? [] : [`created is "${created}", which is no RFC 3339 time`]),
    ...(image.os === '' || image.architecture === '' ? ['os or architecture is empty'] : []),
    ...(normal.os === image.os && normal.architecture === image.architecture
      ? []
      : ['os and architecture are not normalised']),
    ...(config.Env ?? [])
      .filter((entry) => !/^[^=]+=/s.test(entry))
      .map((entry) => `Env has "${entry}", which is no name=value`),
    ...names.filter((name, i) => names.indexOf(name) !== i).map((name) => `Env has "${name}" twice`),
    ...ports.map((port) => `ExposedPorts has "${port}", which is no port/protocol`),
    ...(image.os === 'windows' || /^(\/|$)/.test(config.WorkingDir ?? '')
      ? []
      : [`WorkingDir is "${config.WorkingDir}", which is relative`]),
  ]
}

const isTime = (text: string): boolean =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text))
