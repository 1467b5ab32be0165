/** What is known of package managers: which commands install, and where they keep what they fetched. Long because it is a table. */
import type { Invocation } from './shell.ts'

/** A command that fetches packages. */
export interface Install {
  readonly manager: string
  /** The command as a person would name it: `apt-get install`. */
  readonly command: string
  /** A directory to keep between builds. */
  readonly cache: string
  /** It only needs the manifests, not the sources. */
  readonly early: boolean
  /** What to copy before it. */
  readonly manifests?: string
  /** Targets of mounts that keep what it fetches. */
  readonly caches: RegExp
}

interface Manager {
  readonly name: string
  readonly programs: readonly string[]
  readonly cache: string
  readonly caches: RegExp
  readonly manifests?: string
  /** The subcommand that the words are, where they install. */
  installs(words: readonly string[]): string | undefined
  /** Whether it can go before the sources are there. @default true */
  early?(words: readonly string[]): boolean
}

const sub =
  (...names: readonly string[]) =>
  (words: readonly string[]): string | undefined =>
    words.slice(1).find((word) => !word.startsWith('-')) === undefined
      ? undefined
      : names.find((name) => words.slice(1).find((word) => !word.startsWith('-')) === name)

const managers: readonly Manager[] = [
  {
    name: 'apt',
    programs: ['apt-get', 'apt', 'aptitude'],
    cache: '/var/cache/apt',
    caches: /\/var\/(cache|lib)\/apt/,
    installs: (words) =>
      words.slice(1).find((word) => ['install', 'upgrade', 'dist-upgrade', 'build-dep'].includes(word)),
  },
  {
    name: 'apk',
    programs: ['apk'],
    cache: '/var/cache/apk',
    caches: /\/(var|etc)\/.*apk/,
    // --no-cache says that none is wanted
    installs: (words) => (words.includes('--no-cache') ? undefined : words.slice(1).find((word) => word === 'add')),
  },
  {
    name: 'dnf',
    programs: ['dnf', 'yum', 'microdnf'],
    cache: '/var/cache/dnf',
    caches: /\/var\/cache\/(dnf|yum|libdnf5)/,
    installs: (words) => words.slice(1).find((word) => ['install', 'upgrade', 'update', 'groupinstall'].includes(word)),
  },
  {
    name: 'npm',
    programs: ['npm'],
    cache: '/root/.npm',
    caches: /npm/,
    manifests: 'package.json package-lock.json',
    installs: sub('ci', 'install', 'i', 'clean-install'),
    early: (words) => !words.some((word) => word === '.' || /^\.{0,2}\//.test(word)),
  },
  {
    name: 'yarn',
    programs: ['yarn', 'yarnpkg'],
    cache: '/usr/local/share/.cache/yarn',
    caches: /yarn/,
    manifests: 'package.json yarn.lock',
    installs: (words) =>
      words.slice(1).every((word) => word.startsWith('-')) ? 'install' : sub('install', 'add')(words),
  },
  {
    name: 'pnpm',
    programs: ['pnpm'],
    cache: '/root/.local/share/pnpm/store',
    caches: /pnpm|store/,
    manifests: 'package.json pnpm-lock.yaml',
    installs: sub('install', 'i', 'add', 'fetch'),
  },
  {
    name: 'pip',
    programs: ['pip', 'pip3', 'pipx', 'python', 'python3'],
    cache: '/root/.cache/pip',
    caches: /pip|\.cache\/?$/,
    manifests: 'requirements.txt',
    installs: pipInstall,
    early: (words) => !words.some((word) => word === '.' || word === '-e' || /^\.\/?\[|^\.\//.test(word)),
  },
  {
    name: 'poetry',
    programs: ['poetry'],
    cache: '/root/.cache/pypoetry',
    caches: /poetry|\.cache\/?$/,
    manifests: 'pyproject.toml poetry.lock',
    installs: sub('install'),
    early: (words) => words.includes('--no-root') || words.includes('--only'),
  },
  {
    name: 'uv',
    programs: ['uv'],
    cache: '/root/.cache/uv',
    caches: /uv|\.cache\/?$/,
    manifests: 'pyproject.toml uv.lock',
    installs: (words) => (words.includes('--no-cache') ? undefined : sub('sync', 'pip')(words)),
    early: (words) => words.includes('--no-install-project'),
  },
  {
    name: 'bundler',
    programs: ['bundle'],
    cache: '/usr/local/bundle/cache',
    caches: /bundle|gem/,
    manifests: 'Gemfile Gemfile.lock',
    installs: (words) => (words.slice(1).every((word) => word.startsWith('-')) ? 'install' : sub('install')(words)),
  },
  {
    name: 'composer',
    programs: ['composer'],
    cache: '/tmp/cache',
    caches: /composer|cache/,
    manifests: 'composer.json composer.lock',
    installs: sub('install', 'require'),
    early: (words) => words.includes('--no-autoloader') || words.includes('--no-scripts'),
  },
  {
    name: 'go',
    programs: ['go'],
    cache: '/go/pkg/mod',
    caches: /go\/pkg|go-build/,
    manifests: 'go.mod go.sum',
    installs: sub('mod', 'build', 'install', 'get'),
    early: (words) => words[1] === 'mod',
  },
  {
    name: 'cargo',
    programs: ['cargo'],
    cache: '/usr/local/cargo/registry',
    caches: /cargo|target/,
    manifests: 'Cargo.toml Cargo.lock',
    installs: sub('build', 'install', 'fetch'),
    early: (words) => words[1] === 'fetch',
  },
  {
    name: 'maven',
    programs: ['mvn', 'mvnw'],
    cache: '/root/.m2',
    caches: /\.m2|maven/,
    manifests: 'pom.xml',
    installs: (words) =>
      words.slice(1).find((word) => /^(?:package|install|verify|compile|deploy|dependency:.*)$/.test(word)),
    early: (words) => words.some((word) => word.startsWith('dependency:')),
  },
  {
    name: 'gradle',
    programs: ['gradle', 'gradlew'],
    cache: '/root/.gradle',
    caches: /gradle/,
    manifests: 'build.gradle settings.gradle',
    installs: (words) => words.slice(1).find((word) => !word.startsWith('-')),
    early: (words) => words.includes('dependencies'),
  },
  {
    name: 'nuget',
    programs: ['dotnet'],
    cache: '/root/.nuget/packages',
    caches: /nuget/,
    manifests: '*.csproj',
    installs: sub('restore', 'build', 'publish'),
    early: (words) => words[1] === 'restore',
  },
]

const byProgram = new Map(managers.flatMap((manager) => manager.programs.map((program) => [program, manager] as const)))

/** What a command installs with; undefined where it installs nothing. */
export function installOf({ words }: Invocation): Install | undefined {
  const manager = byProgram.get(words[0] ?? '')
  const subcommand = manager?.installs(words)
  if (!manager || subcommand === undefined) return undefined
  const { name, cache, caches, manifests, early } = manager
  return {
    manager: name,
    command: `${words[0]} ${subcommand}`,
    cache,
    caches,
    early: early?.(words) ?? true,
    ...(manifests ? { manifests } : {}),
  }
}

/** `pip install`, `python -m pip install`; asked for no cache, it keeps none. */
function pipInstall(words: readonly string[]): string | undefined {
  if (words.includes('--no-cache-dir')) return undefined
  const rest = words[0]!.startsWith('python')
    ? words[1] === '-m' && words[2] === 'pip'
      ? words.slice(3)
      : []
    : words.slice(1)
  return rest.find((word) => !word.startsWith('-')) === 'install' ? 'install' : undefined
}
