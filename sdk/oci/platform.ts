/** Platforms: reading, normalising and printing them. */
import { ImgError } from '../error.ts'
import type { Platform } from './types.ts'

const osForm = /^([A-Za-z0-9_-]+)(?:\(([A-Za-z0-9_.%-]*)((?:\+[A-Za-z0-9_.%-]+)*)\))?$/
const componentForm = /^[A-Za-z0-9_.-]+$/

const systems = new Set(
  'aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9 solaris windows zos'.split(
    ' ',
  ),
)
const architectures = new Set(
  (
    '386 amd64 amd64p32 arm armbe arm64 arm64be ppc64 ppc64le loong64 mips mipsle mips64 mips64le mips64p32 mips64p32le ppc ' +
    'riscv riscv64 s390 s390x sparc sparc64 wasm'
  ).split(' '),
)

/**
 * Reads `os`, `arch`, `os/arch`, `os/arch/variant`, where `os` may be `os(version+feature…)`. Names are brought to their usual
 * spelling, but `arm64/v8` keeps its variant and `arm` gets none: that is `normalizePlatform`'s work.
 *
 * @param host  fills the part that is missing
 * @throws PLATFORM_INVALID
 * @source containerd/platforms: Parse
 */
export function parsePlatform(text: string, host: Platform): Platform {
  const parts = text.split('/', 4)
  const [first = '', architecture, variant = ''] = parts
  const options = osForm.exec(first)
  if (text.includes('*')) throw invalid(text, 'wildcards are not allowed')
  if (!options) throw invalid(text, `"${first}" is not an operating system or architecture`)
  const wrong = parts.slice(1).find((part) => !componentForm.test(part))
  if (wrong !== undefined) throw invalid(text, `"${wrong}" is not a part of a platform`)
  if (parts.length > 3) throw invalid(text, 'it has more than three parts')

  const [, name = '', version = '', features = ''] = options
  const os = normalizeOs(name)
  const system = {
    os,
    version: decode(text, version),
    features: features
      .split('+')
      .slice(1)
      .map((feature) => decode(text, feature))
      .filter(Boolean),
  }
  if (architecture === undefined) return parseOne(text, system, host)
  const machine = normalizeArchitecture(architecture, variant)
  if (parts.length === 3) {
    return platform(
      system,
      machine.architecture,
      machine.architecture === 'arm64' ? machine.variant || 'v8' : machine.variant,
    )
  }
  return platform(system, machine.architecture, withoutDefault(machine))
}

/**
 * The canonical spelling: `linux/aarch64/v8` is `linux/arm64`, `linux/arm` is `linux/arm/v7`, `linux/amd64/v1` is `linux/amd64`.
 * @source containerd/platforms: Normalize
 */
export function normalizePlatform(value: Platform): Platform {
  const { architecture, variant } = normalizeArchitecture(value.architecture, value.variant ?? '')
  const features = [...new Set(value['os.features'] ?? [])].sort()
  return platform({ os: normalizeOs(value.os), version: value['os.version'] ?? '', features }, architecture, variant)
}

/** `os/arch[/variant]`; empty parts are left out. */
export function formatPlatform(value: Platform): string {
  return [value.os, value.architecture, value.variant].filter(Boolean).join('/') || 'unknown'
}

/** As formatPlatform, with version and features in parentheses: `windows(10.0.17763+win32k)/amd64`. */
export function formatPlatformFull(value: Platform): string {
  const features = [...new Set(value['os.features'] ?? [])].filter(Boolean).sort()
  const options = [value['os.version'] ?? '', ...features].map(encode).join('+')
  return formatPlatform(options === '' ? value : { ...value, os: `${value.os}(${options})` })
}

/** Whether two platforms are the same once normalised. Versions and features of the system do not count. */
export function samePlatform(a: Platform, b: Platform): boolean {
  return formatPlatform(normalizePlatform(a)) === formatPlatform(normalizePlatform(b))
}

interface System {
  readonly os: string
  readonly version: string
  readonly features: readonly string[]
}

function platform(system: System, architecture: string, variant: string): Platform {
  return {
    os: system.os,
    architecture,
    ...(variant !== '' && { variant }),
    ...(system.version !== '' && { 'os.version': system.version }),
    ...(system.features.length > 0 && { 'os.features': system.features }),
  }
}

function parseOne(text: string, system: System, host: Platform): Platform {
  if (systems.has(system.os)) {
    const variant = host.architecture === 'arm' && host.variant !== 'v7' ? (host.variant ?? '') : ''
    return platform(system, host.architecture, variant)
  }
  const machine = normalizeArchitecture(text, '')
  if (!architectures.has(machine.architecture)) throw invalid(text, 'unknown operating system or architecture')
  return platform({ ...system, os: host.os }, machine.architecture, withoutDefault(machine))
}

/** An architecture with its variant, '' for none. */
export interface Machine {
  readonly architecture: string
  readonly variant: string
}

/** `arm` alone means v7 and says so only when normalised. */
const withoutDefault = (machine: Machine): string =>
  machine.architecture === 'arm' && machine.variant === 'v7' ? '' : machine.variant

function normalizeOs(os: string): string {
  const lower = os.toLowerCase()
  return lower === 'macos' ? 'darwin' : lower
}

/** The usual spelling of a machine's name and variant. */
export function normalizeArchitecture(architecture: string, variant: string): Machine {
  const [name, version] = [architecture.toLowerCase(), variant.toLowerCase()]
  switch (name) {
    case 'i386':
      return { architecture: '386', variant: '' }
    case 'x86_64':
    case 'x86-64':
    case 'amd64':
      return { architecture: 'amd64', variant: version === 'v1' ? '' : version }
    case 'aarch64':
    case 'arm64':
      return { architecture: 'arm64', variant: arm64Variants[version] ?? version }
    case 'armhf':
      return { architecture: 'arm', variant: 'v7' }
    case 'armel':
      return { architecture: 'arm', variant: 'v6' }
    case 'arm':
      return { architecture: 'arm', variant: armVariants[version] ?? version }
    default:
      return { architecture: name, variant: version }
  }
}

const arm64Variants: Readonly<Record<string, string>> = {
  '8': '',
  v8: '',
  'v8.0': '',
  '9': 'v9',
  '9.0': 'v9',
  'v9.0': 'v9',
}
const armVariants: Readonly<Record<string, string>> = { '': 'v7', '7': 'v7', '5': 'v5', '6': 'v6', '8': 'v8' }

function decode(text: string, option: string): string {
  try {
    return decodeURIComponent(option)
  } catch {
    throw invalid(text, `"${option}" has a broken %-escape`)
  }
}

const encode = (option: string): string =>
  option.replace(/[%+()/]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)

function invalid(text: string, reason: string): ImgError {
  return new ImgError('PLATFORM_INVALID', `"${text.slice(0, 100)}" is not a platform: ${reason}`, {
    hint: 'write os/arch or os/arch/variant, e.g. linux/amd64',
  })
}
