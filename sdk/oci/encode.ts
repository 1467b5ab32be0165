/** The bytes of configs, manifests and indexes, with the member order and the blanks that BuildKit gives them. */
import { type GoJson, goJson, goTime, members, sortedMembers } from './go-json.ts'
import type {
  ContainerConfig,
  Descriptor,
  Healthcheck,
  History,
  ImageConfig,
  ImageIndex,
  Manifest,
  Platform,
} from './types.ts'

/**
 * An image config: compact, top-level members sorted, the others in the order of Go's structs, empty ones left out.
 * `created` is always there: null for an image that nothing dates.
 *
 * @source D11.11; docker image-spec, v1: DockerOCIImage
 */
export function encodeConfig(config: ImageConfig): Uint8Array {
  const platform = members([
    ['os', config.os],
    ['os.features', config['os.features']],
    ['os.version', config['os.version']],
  ])
  const rootfs = new Map<string, GoJson>([
    ['type', 'layers'],
    ['diff_ids', config.rootfs.diff_ids],
  ])
  return bytes(
    new Map<string, GoJson>([
      ['architecture', config.architecture],
      ...members([['author', config.author]]),
      ['config', container(config.config ?? {})],
      ['created', config.created === undefined ? null : goTime(config.created)],
      ['history', (config.history ?? []).map(historyEntry)],
      ...platform,
      ['rootfs', rootfs],
      ...members([['variant', config.variant]]),
    ]),
  )
}

/** A manifest, indented with two spaces. Source: D11.14; image-spec, v1: Manifest. */
export function encodeManifest(manifest: Manifest): Uint8Array {
  return bytes(
    new Map<string, GoJson>([
      ['schemaVersion', manifest.schemaVersion],
      ...members([
        ['mediaType', manifest.mediaType],
        ['artifactType', manifest.artifactType],
      ]),
      ['config', descriptor(manifest.config)],
      ['layers', manifest.layers.map(descriptor)],
      ...members([
        ['subject', manifest.subject && descriptor(manifest.subject)],
        ['annotations', manifest.annotations && sortedMembers(manifest.annotations)],
      ]),
    ]),
    '  ',
  )
}

/** An image index, indented with two spaces; `indent` '' for the compact form that `index.json` of a layout has. */
export function encodeIndex(index: ImageIndex, indent = '  '): Uint8Array {
  return bytes(
    new Map<string, GoJson>([
      ['schemaVersion', index.schemaVersion],
      ...members([['mediaType', index.mediaType]]),
      ['manifests', index.manifests.map(descriptor)],
      ...members([['annotations', index.annotations && sortedMembers(index.annotations)]]),
    ]),
    indent,
  )
}

function bytes(value: GoJson, indent = ''): Uint8Array {
  return Buffer.from(goJson(value, indent))
}

function descriptor(from: Descriptor): GoJson {
  return new Map<string, GoJson>([
    ['mediaType', from.mediaType],
    ['digest', from.digest],
    ['size', from.size],
    ...members([
      ['urls', from.urls],
      ['annotations', from.annotations && sortedMembers(from.annotations)],
      ['platform', from.platform && platformMembers(from.platform)],
      ['artifactType', from.artifactType],
    ]),
  ])
}

function platformMembers(from: Platform): GoJson {
  return new Map<string, GoJson>([
    ['architecture', from.architecture],
    ['os', from.os],
    ...members([
      ['os.version', from['os.version']],
      ['os.features', from['os.features']],
      ['variant', from.variant],
    ]),
  ])
}

function container(from: ContainerConfig): GoJson {
  const health = from.Healthcheck
  const start = members([
    ['User', from.User],
    ['ExposedPorts', from.ExposedPorts && sortedMembers(from.ExposedPorts)],
    ['Env', from.Env],
    ['Entrypoint', from.Entrypoint],
    ['Cmd', from.Cmd],
    ['Volumes', from.Volumes && sortedMembers(from.Volumes)],
    ['WorkingDir', from.WorkingDir],
    ['Labels', from.Labels && sortedMembers(from.Labels)],
    ['StopSignal', from.StopSignal],
    ['ArgsEscaped', from.ArgsEscaped],
  ])
  const end = members([
    ['OnBuild', from.OnBuild],
    ['Shell', from.Shell],
  ])
  // A pointer in Go: kept where it points to nothing but defaults.
  return new Map([...start, ...(health ? [['Healthcheck', healthcheck(health)] as const] : []), ...end])
}

function healthcheck(from: Healthcheck): GoJson {
  return members([
    ['Test', from.Test],
    ['Interval', from.Interval],
    ['Timeout', from.Timeout],
    ['StartPeriod', from.StartPeriod],
    ['StartInterval', from.StartInterval],
    ['Retries', from.Retries],
  ])
}

function historyEntry(from: History): GoJson {
  return members([
    ['created', from.created === undefined ? undefined : goTime(from.created)],
    ['created_by', from.created_by],
    ['author', from.author],
    ['comment', from.comment],
    ['empty_layer', from.empty_layer],
  ])
}
