/** Package managers of programming languages. Long because it is a table. */
import { asksNothing, isPath, type Manager, operands, pair, sub } from './manager.ts'

/** The rows. */
export const languageManagers: readonly Manager[] = [
  {
    name: 'npm',
    programs: ['npm'],
    cache: '/root/.npm',
    caches: /npm/,
    manifests: 'package.json package-lock.json',
    installs: sub('ci', 'install', 'i', 'add', 'clean-install', 'install-clean'),
    early: (words) => !words.some(isPath),
    cleans: pair('cache', 'clean'),
  },
  {
    name: 'yarn',
    programs: ['yarn', 'yarnpkg'],
    cache: '/usr/local/share/.cache/yarn',
    caches: /yarn/,
    manifests: 'package.json yarn.lock',
    installs(words) {
      if (operands(words).length === 0) return asksNothing(words) ? undefined : 'install'
      return sub('install', 'add')(words) ?? pair('global', 'add')(words) ?? pair('workspaces', 'focus')(words)
    },
    cleans: pair('cache', 'clean'),
  },
  {
    name: 'pnpm',
    programs: ['pnpm'],
    cache: '/root/.local/share/pnpm/store',
    caches: /pnpm|store/,
    manifests: 'package.json pnpm-lock.yaml',
    installs: sub('install', 'i', 'add', 'fetch'),
    cleans: pair('store', 'prune'),
  },
  {
    name: 'bun',
    programs: ['bun'],
    cache: '/root/.bun/install/cache',
    caches: /bun/,
    manifests: 'package.json bun.lock',
    installs: sub('install', 'i', 'add'),
    cleans: pair('pm', 'cache'),
  },
  {
    name: 'pip',
    programs: ['pip', 'pipx', 'python'],
    cache: '/root/.cache/pip',
    caches: /pip|\.cache\/?$/,
    manifests: 'requirements.txt',
    installs: pipInstall,
    early: (words) => !words.some((word) => isPath(word) || word === '-e' || word === '--editable'),
    cleans: (words) => pair('cache', 'purge')(pipWords(words)),
    noCache: ['PIP_NO_CACHE_DIR'],
  },
  {
    name: 'pipenv',
    programs: ['pipenv'],
    cache: '/root/.cache/pipenv',
    caches: /pip|\.cache\/?$/,
    manifests: 'Pipfile Pipfile.lock',
    installs: sub('install', 'sync'),
  },
  {
    name: 'poetry',
    programs: ['poetry'],
    cache: '/root/.cache/pypoetry',
    caches: /poetry|\.cache\/?$/,
    manifests: 'pyproject.toml poetry.lock',
    installs: sub('install', 'add', 'sync'),
    early: (words) => words.includes('--no-root') || words.includes('--only'),
    cleans: pair('cache', 'clear'),
  },
  {
    name: 'uv',
    programs: ['uv'],
    cache: '/root/.cache/uv',
    caches: /uv|\.cache\/?$/,
    manifests: (words) => (words[1] === 'pip' ? 'requirements.txt' : 'pyproject.toml uv.lock'),
    installs: (words) =>
      sub('sync', 'add')(words) ?? pair('pip', 'install', 'sync')(words) ?? pair('tool', 'install')(words),
    early: (words) =>
      words[1] === 'sync'
        ? words.includes('--no-install-project') || words.includes('--no-install-workspace')
        : !words.some((word) => isPath(word) || word === '-e'),
    cleans: (words) => sub('clean')(words) ?? pair('cache', 'clean', 'prune')(words),
    noCache: ['UV_NO_CACHE'],
  },
  {
    name: 'conda',
    programs: ['conda', 'mamba', 'micromamba'],
    cache: '/opt/conda/pkgs',
    caches: /pkgs|conda|mamba/,
    manifests: 'environment.yml',
    installs: (words) => sub('install', 'create', 'update')(words) ?? pair('env', 'create', 'update')(words),
    cleans: sub('clean'),
  },
  {
    name: 'gem',
    programs: ['gem'],
    cache: '/usr/local/bundle/cache',
    caches: /bundle|gem/,
    installs: sub('install'),
    early: (words) => !words.some((word) => isPath(word) || word.endsWith('.gem')),
  },
  {
    name: 'bundler',
    programs: ['bundle', 'bundler'],
    cache: '/usr/local/bundle/cache',
    caches: /bundle|gem/,
    manifests: 'Gemfile Gemfile.lock',
    installs: (words) =>
      operands(words).length === 0 ? (asksNothing(words) ? undefined : 'install') : sub('install')(words),
  },
  {
    name: 'composer',
    programs: ['composer', 'composer.phar'],
    cache: '/tmp/cache',
    caches: /composer|cache/,
    manifests: 'composer.json composer.lock',
    installs: (words) =>
      sub('install', 'require', 'update', 'create-project')(words) ?? pair('global', 'require')(words),
    early: (words) => words.includes('--no-autoloader') || words.includes('--no-scripts'),
    cleans: sub('clear-cache', 'clearcache', 'cc'),
  },
  {
    name: 'go',
    programs: ['go'],
    cache: '/go/pkg/mod',
    compiled: '/root/.cache/go-build',
    caches: /go\/pkg|go-build|\.cache\/?$/,
    manifests: 'go.mod go.sum',
    installs: (words) =>
      words.includes('-mod=vendor')
        ? undefined
        : (pair('mod', 'download', 'vendor', 'tidy')(words) ?? sub('build', 'install', 'get')(words)),
    early: (words) =>
      operands(words)[1] === 'download' ||
      (operands(words)[0] === 'install' && words.some((word) => /[^@]@[^@]/.test(word))),
    compiles: (words) =>
      operands(words)[0] === 'build' || (operands(words)[0] === 'install' && !words.some((word) => word.includes('@'))),
    cleans: (words) =>
      sub('clean')(words) && words.some((word) => /^-(?:mod)?cache$/.test(word)) ? 'clean' : undefined,
  },
  {
    name: 'cargo',
    programs: ['cargo'],
    cache: '/usr/local/cargo/registry',
    caches: /cargo|target/,
    manifests: 'Cargo.toml Cargo.lock',
    installs: (words) => pair('chef', 'cook')(words) ?? sub('build', 'install', 'fetch')(words),
    early: (words) =>
      sub('fetch')(words) !== undefined || (sub('install')(words) !== undefined && !words.includes('--path')),
    compiles: (words) => sub('build')(words) !== undefined,
  },
  {
    name: 'maven',
    programs: ['mvn', 'mvnw'],
    cache: '/root/.m2',
    caches: /\.m2|maven/,
    manifests: 'pom.xml',
    installs: (words) =>
      words.some((word) => word === '-o' || word === '--offline')
        ? undefined
        : words.slice(1).find((word) => /^(?:package|install|verify|compile|test|deploy|dependency:.*)$/.test(word)),
    early: (words) => words.some((word) => word.startsWith('dependency:')),
    compiles: (words) => !words.some((word) => word.startsWith('dependency:')),
  },
  {
    name: 'gradle',
    programs: ['gradle', 'gradlew'],
    cache: '/root/.gradle',
    caches: /gradle/,
    manifests: 'build.gradle settings.gradle',
    installs: (words) => operands(words)[0],
    early: (words) => words.includes('dependencies'),
    compiles: (words) => !words.includes('dependencies'),
  },
  {
    name: 'nuget',
    programs: ['dotnet'],
    cache: '/root/.nuget/packages',
    caches: /nuget/,
    manifests: '*.csproj',
    installs: (words) => (words.includes('--no-restore') ? undefined : sub('restore', 'build', 'publish')(words)),
    early: (words) => words[1] === 'restore',
    compiles: (words) => words[1] !== 'restore',
  },
  {
    name: 'cabal',
    programs: ['cabal'],
    cache: '/root/.cabal/packages',
    caches: /cabal/,
    manifests: '*.cabal',
    installs: sub('install', 'update', 'build'),
    early: (words) => sub('update')(words) !== undefined,
    compiles: (words) => sub('update')(words) === undefined,
  },
  {
    name: 'mix',
    programs: ['mix'],
    cache: '/root/.hex',
    caches: /hex|mix/,
    manifests: 'mix.exs mix.lock',
    installs: sub('deps.get'),
  },
]

function pipInstall(words: readonly string[]): string | undefined {
  const found = sub('install', 'wheel', 'download')(pipWords(words))
  return found !== undefined && words[1] === '-m' ? `-m pip ${found}` : found
}

/** `pip install`, `python -m pip install`, `pip3.11 install`. */
function pipWords(words: readonly string[]): readonly string[] {
  if (!words[0]!.startsWith('python')) return words
  return words[1] === '-m' && words[2] === 'pip' ? words.slice(2) : []
}
