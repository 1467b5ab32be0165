/** Reads image configs member by member. Source: image-spec, config.md; Docker image spec. */
import { type Digest, isDigest } from './digest.ts'
import { list, type Member, map, member, members, pick, text, wrong } from './document.ts'
import type { ContainerConfig, Healthcheck, History, ImageConfig } from './types.ts'

/** An image config from parsed JSON. Throws IMAGE_INVALID. */
export function readConfig(root: Member): ImageConfig {
  const optional = pick<Omit<ImageConfig, 'architecture' | 'os' | 'rootfs'>>(root, {
    created: text,
    author: text,
    variant: text,
    'os.version': text,
    'os.features': texts,
    config: readContainer,
    history: (at) => list(at, readHistory),
  })
  const [architecture, os, rootfs] = [member(root, 'architecture'), member(root, 'os'), member(root, 'rootfs')]
  const type = member(rootfs, 'type')
  if (text(type) !== 'layers') throw wrong(type, '"layers"')
  const ids = member(rootfs, 'diff_ids')
  const diff_ids = ids.value === undefined ? [] : list(ids, readDiffId)
  return { ...optional, architecture: text(architecture), os: text(os), rootfs: { type: 'layers', diff_ids } }
}

function readDiffId(at: Member): Digest {
  const id = text(at)
  if (isDigest(id)) return id
  throw wrong(at, 'sha256: and 64 hexadecimal digits')
}

function readContainer(at: Member): ContainerConfig {
  return pick<ContainerConfig>(at, {
    User: text,
    ExposedPorts: names,
    Env: texts,
    Entrypoint: texts,
    Cmd: texts,
    Volumes: names,
    WorkingDir: text,
    Labels: (labels) => map(labels, text),
    StopSignal: text,
    ArgsEscaped: flag,
    Healthcheck: readHealthcheck,
    OnBuild: texts,
    Shell: texts,
  } as { readonly [K in keyof ContainerConfig]-?: (element: Member) => NonNullable<ContainerConfig[K]> })
}

function readHealthcheck(at: Member): Healthcheck {
  return pick<Healthcheck>(at, {
    Test: texts,
    Interval: whole,
    Timeout: whole,
    StartPeriod: whole,
    StartInterval: whole,
    Retries: whole,
  } as { readonly [K in keyof Healthcheck]-?: (element: Member) => NonNullable<Healthcheck[K]> })
}

function readHistory(at: Member): History {
  return pick<History>(at, {
    created: text,
    created_by: text,
    author: text,
    comment: text,
    empty_layer: flag,
  } as { readonly [K in keyof History]-?: (element: Member) => NonNullable<History[K]> })
}

const texts = (at: Member): readonly string[] => list(at, text)

/** A set, written as an object of empty objects. */
function names(at: Member): Readonly<Record<string, Record<string, never>>> {
  return Object.fromEntries(Object.keys(members(at)).map((name) => [name, {}]))
}

function flag(at: Member): boolean {
  if (typeof at.value === 'boolean') return at.value
  throw wrong(at, 'true or false')
}

/**
 * A 64-bit integer, as Go has it. Nanoseconds above 2^53 (104 days) are taken where they are whole seconds, which a number
 * holds to the digit; another would be written into the new config as a neighbour of it.
 */
function whole(at: Member): number {
  const { value } = at
  if (Number.isSafeInteger(value)) return value as number
  const isSeconds = Number.isInteger(value) && Math.abs(value as number) < 2 ** 63 && (value as number) % 1e9 === 0
  if (isSeconds) return value as number
  throw wrong(at, 'a whole number, and above 2^53 a multiple of 1000000000')
}
