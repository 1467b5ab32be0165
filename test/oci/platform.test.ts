/** Platforms: chapter 10 of the conformance reference. */
import { ImgError } from '../../sdk/error.ts'
import {
  formatPlatform,
  formatPlatformFull,
  normalizePlatform,
  parsePlatform,
  samePlatform,
} from '../../sdk/oci/platform.ts'
import { matchPlatform, rankPlatforms } from '../../sdk/oci/platform-match.ts'
import { assert, suite } from '../helpers/suite.ts'

const platform = suite('oci/platform')
const host = { os: 'linux', architecture: 'amd64' }
const parse = (text: string) => parsePlatform(text, host)

platform('D10.1 reads every form of a specifier, filling what is missing from the host', () => {
  assert.equal(parse('linux'), { os: 'linux', architecture: 'amd64' })
  assert.equal(parse('arm64'), { os: 'linux', architecture: 'arm64' })
  assert.equal(parse('windows(10.0.17763+win32k)/amd64'), {
    os: 'windows',
    architecture: 'amd64',
    'os.version': '10.0.17763',
    'os.features': ['win32k'],
  })
  assert.equal(parsePlatform('linux', { os: 'linux', architecture: 'arm', variant: 'v6' }), {
    os: 'linux',
    architecture: 'arm',
    variant: 'v6',
  })
  for (const wrong of [
    '',
    '*',
    'linux/*',
    'linux/amd64/v1/x',
    'nonsense',
    'linux/',
    'li nux',
    'linux(%)',
    'a.b/amd64',
  ]) {
    assert.throws(
      () => parse(wrong),
      (error: unknown) => error instanceof ImgError && error.code === 'PLATFORM_INVALID',
      wrong,
    )
  }
})

platform('D10.2 D10.3 normalises names and variants', () => {
  const table: [asked: string, parsed: string, normal: string][] = [
    ['macOS/x86_64', 'darwin/amd64', 'darwin/amd64'],
    ['linux/x86-64', 'linux/amd64', 'linux/amd64'],
    ['linux/aarch64', 'linux/arm64', 'linux/arm64'],
    ['linux/i386', 'linux/386', 'linux/386'],
    ['linux/armhf', 'linux/arm', 'linux/arm/v7'],
    ['linux/armel', 'linux/arm/v6', 'linux/arm/v6'],
    ['linux/arm', 'linux/arm', 'linux/arm/v7'],
    ['linux/arm/7', 'linux/arm/v7', 'linux/arm/v7'],
    ['linux/arm/5', 'linux/arm/v5', 'linux/arm/v5'],
    ['linux/amd64/v1', 'linux/amd64', 'linux/amd64'],
    ['linux/amd64/v2', 'linux/amd64/v2', 'linux/amd64/v2'],
    ['linux/arm64/v8', 'linux/arm64/v8', 'linux/arm64'],
    ['linux/arm64/8', 'linux/arm64/v8', 'linux/arm64'],
    ['linux/arm64/9.0', 'linux/arm64/v9', 'linux/arm64/v9'],
    ['linux/arm64/v8.0', 'linux/arm64/v8', 'linux/arm64'],
    ['linux/arm64/9', 'linux/arm64/v9', 'linux/arm64/v9'],
    ['linux/arm64/v9.0', 'linux/arm64/v9', 'linux/arm64/v9'],
    ['linux/arm64/v8.5', 'linux/arm64/v8.5', 'linux/arm64/v8.5'],
    ['linux/arm/6', 'linux/arm/v6', 'linux/arm/v6'],
    ['linux/arm/8', 'linux/arm/v8', 'linux/arm/v8'],
    ['linux/armel/v7', 'linux/arm/v6', 'linux/arm/v6'],
    ['linux/armhf/v6', 'linux/arm/v7', 'linux/arm/v7'],
    ['linux/amd64/1', 'linux/amd64/1', 'linux/amd64/1'],
    ['LINUX/RISCV64', 'linux/riscv64', 'linux/riscv64'],
  ]
  for (const [asked, parsed, normal] of table) {
    assert.is(formatPlatform(parse(asked)), parsed, asked)
    assert.is(formatPlatform(normalizePlatform(parse(asked))), normal, asked)
  }
  assert.ok(samePlatform(parse('linux/arm64'), parse('linux/arm64/v8')))
  assert.not.ok(samePlatform(parse('linux/arm/v7'), parse('linux/arm/v6')))
})

platform('D10.4 D10.10 prints with and without the system version', () => {
  const windows = parse('windows(10.0.17763+b+a)/amd64')
  assert.is(formatPlatform(windows), 'windows/amd64')
  assert.is(formatPlatformFull(windows), 'windows(10.0.17763+a+b)/amd64')
  assert.is(formatPlatformFull({ os: 'linux', architecture: 'amd64', 'os.version': 'a+b' }), 'linux(a%2Bb)/amd64')
  assert.is(formatPlatformFull(host), 'linux/amd64')
  assert.is(formatPlatform({ os: '', architecture: '' }), 'unknown')
})

platform('D10.5 falls back to what the machine also runs, best first', () => {
  const rank = (wanted: string, ...offered: string[]) => rankPlatforms(parse(wanted), offered, parse)
  assert.equal(
    rank('linux/amd64/v3', '386', 'linux/amd64', 'linux/amd64/v4', 'linux/amd64/v2', 'linux/amd64/v3', 'arm64'),
    ['linux/amd64/v3', 'linux/amd64/v2', 'linux/amd64', '386'],
  )
  assert.equal(rank('linux/arm/v7', 'linux/arm/v5', 'linux/arm/v8', 'linux/arm/v6', 'linux/arm', 'arm64'), [
    'linux/arm',
    'linux/arm/v6',
    'linux/arm/v5',
  ])
  assert.equal(rank('linux/arm64', 'linux/arm/v7', 'linux/arm64/v8', 'linux/arm/v8', 'linux/arm64/v9'), [
    'linux/arm64/v8',
    'linux/arm/v8',
    'linux/arm/v7',
  ])
  assert.equal(rank('linux/arm64/v9', 'linux/arm64', 'linux/arm64/v8.6', 'linux/arm64/v8.5', 'linux/arm64/v9'), [
    'linux/arm64/v9',
    'linux/arm64/v8.5',
    'linux/arm64',
  ])
  assert.equal(rank('linux/s390x', 'linux/amd64', 'windows/s390x'), [])
  assert.is(matchPlatform(host, host), 0)
  assert.is(matchPlatform(host, { os: 'unknown', architecture: 'unknown' }), -1)
})

platform('keeps candidates without a platform for last', () => {
  const candidates = [{ n: 1 }, { n: 2, platform: host }, { n: 3, platform: { os: 'linux', architecture: 'arm64' } }]
  assert.equal(
    rankPlatforms(host, candidates, (c) => c.platform).map((c) => c.n),
    [2, 1],
  )
})

platform('ties Windows images to builds that the host can run', () => {
  const windows = (build: number) => ({ os: 'windows', architecture: 'amd64', 'os.version': `10.0.${build}.1` })
  assert.is(matchPlatform(windows(17763), windows(17763)), 0)
  assert.is(matchPlatform(windows(17763), windows(20348)), -1)
  assert.is(matchPlatform(windows(26100), windows(20348)), 0)
  assert.is(matchPlatform(windows(26200), windows(20348)), -1)
})

platform.run()
