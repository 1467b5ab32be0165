/** Which images a platform can run, and which of them best. */
import { type Machine, normalizeArchitecture, normalizePlatform } from './platform.ts'
import type { Platform } from './types.ts'

/**
 * How well an image for `offered` serves `wanted`: 0 is best, -1 is not at all. amd64/vN runs amd64/v1…N, then 386; arm64/v8.N runs
 * lower ones, then arm/v8 down to v5; arm/vN runs down to v5.
 *
 * @source containerd/platforms: Only
 */
export function matchPlatform(wanted: Platform, offered: Platform): number {
  return matcher(wanted)(offered)
}

/**
 * The best of some candidates for a platform, the earlier of equals. Candidates without a platform come last: they may fit, which only
 * their config tells.
 */
export function rankPlatforms<T>(
  wanted: Platform,
  candidates: readonly T[],
  platformOf: (item: T) => Platform | undefined,
): T[] {
  const match = matcher(wanted)
  const ranked = candidates.map((item) => {
    const offered = platformOf(item)
    return {
      item,
      rank: offered ? match(offered) : Number.MAX_SAFE_INTEGER,
      features: offered?.['os.features']?.length ?? 0,
    }
  })
  const fitting = ranked.filter(({ rank }) => rank >= 0)
  return fitting.sort((a, b) => a.rank - b.rank || b.features - a.features).map(({ item }) => item)
}

function matcher(wanted: Platform): (offered: Platform) => number {
  const exact = normalizePlatform(wanted)
  const served = machinesServedBy(exact).map(({ architecture, variant }) => {
    const machine = normalizeArchitecture(architecture, variant)
    return `${machine.architecture}/${machine.variant}`
  })
  return (offered) => {
    const other = normalizePlatform(offered)
    if (other.os !== exact.os || !featuresFit(exact, other) || !versionFits(exact, other)) return -1
    return served.indexOf(`${other.architecture}/${other.variant ?? ''}`)
  }
}

/** What a machine runs, its own form first. */
function machinesServedBy({ architecture, variant = '' }: Platform): readonly Machine[] {
  const own = { architecture, variant }
  if (architecture === 'amd64') {
    const lower = countdown(numberOf(variant) - 1, 1).map((n) => ({ architecture, variant: `v${n}` }))
    return [own, ...lower, { architecture: '386', variant: '' }]
  }
  if (architecture === 'arm')
    return [own, ...countdown(numberOf(variant) - 1, 5).map((n) => ({ architecture, variant: `v${n}` }))]
  if (architecture !== 'arm64') return [own]
  const [, major, minor = '0'] = /^v([89])(?:\.(\d))?$/.exec(variant || 'v8') ?? []
  if (major === undefined) return [own]
  const step = (m: number) => (n: number) => ({ architecture, variant: n === 0 ? `v${m}` : `v${m}.${n}` })
  // ARMv9.N has everything of ARMv8.(N+5).
  const nines = major === '9' ? countdown(Number(minor), 0).map(step(9)) : []
  const eights = countdown(major === '9' ? Math.min(9, Number(minor) + 5) : Number(minor), 0).map(step(8))
  return [...nines, ...eights, ...machinesServedBy({ os: '', architecture: 'arm', variant: 'v8' })]
}

const numberOf = (variant: string): number => Number(/^v?(\d{1,2})$/.exec(variant)?.[1] ?? 0)
const countdown = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, from - to + 1) }, (_, i) => from - i)

function featuresFit(wanted: Platform, offered: Platform): boolean {
  const ignored = wanted.os === 'windows' ? 'win32k' : ''
  return (offered['os.features'] ?? []).every(
    (feature) => feature === ignored || wanted['os.features']?.includes(feature),
  )
}

/** Only Windows ties an image to the system's build: equal, or from Server 2022 on back to the long-term release before it. */
function versionFits(wanted: Platform, offered: Platform): boolean {
  const [host, image] = [windowsBuild(wanted['os.version']), windowsBuild(offered['os.version'])]
  if (wanted.os !== 'windows' || !host || !offered['os.version']) return true
  if (!image || host.major !== image.major || host.minor !== image.minor) return false
  if (host.build < 20348) return host.build === image.build
  const oldest = host.build > 26100 ? 26100 : 20348
  return oldest <= image.build && image.build <= host.build
}

function windowsBuild(version = ''): { major: number; minor: number; build: number } | undefined {
  const [, major, minor, build] = /^(\d+)\.(\d+)\.(\d+)/.exec(version) ?? []
  return major === undefined ? undefined : { major: Number(major), minor: Number(minor), build: Number(build) }
}
