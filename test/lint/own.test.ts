import { assert, suite } from '../helpers/suite.ts'
import { findings, linesOf } from './findings.ts'

const own = suite('lint/own')
const key = 'AKIA' + 'ABCDEFGHIJKLMNOP'

own('SecretBakedIn: keys that are written out', () => {
  assert.equal(linesOf('SecretBakedIn', `FROM a\nRUN login ${key}\nENV K=${key}\nARG A=${key}\nRUN true\n`), [2, 3, 4])
  assert.equal(
    linesOf(
      'SecretBakedIn',
      'FROM a\nRUN git clone https://me:pw@example.com/x\nRUN git clone https://me:$PW@example.com/x\n',
    ),
    [2],
  )
})

own('SecretBakedIn: files of keys that are copied', () => {
  const copies = ['.npmrc', '.env', 'keys/id_rsa', 'id_rsa.pub', '.env.example', 'src', 'tls.pem']
  const text = `FROM a\n${copies.map((file) => `COPY ${file} /x/\n`).join('')}`
  assert.equal(linesOf('SecretBakedIn', text), [2, 3, 4, 8])
  assert.equal(linesOf('SecretBakedIn', 'FROM a AS b\nFROM a\nCOPY --from=b .npmrc /\n'), [])
})

own(
  'SecretBakedIn: a file copied into a stage that is left behind is no secret of the image, a key in the text is one',
  () => {
    const text = `FROM a AS b\nCOPY .npmrc ./\nRUN login ${key}\nFROM a\nCOPY --from=b /x /x\n`
    assert.equal(linesOf('SecretBakedIn', text), [3])
    assert.match(
      findings(text).find(({ rule }) => rule === 'SecretBakedIn')!.message,
      'who has this file, or the build cache,',
    )
  },
)

own('SecretBakedIn: certificates and keys that everybody may have are none', () => {
  const copies = ['ca.pem', 'rds-ca-bundle.pem', 'my_root.pem', 'truststore.jks', 'nginx_signing.key', 'x.gpg.key']
  assert.equal(linesOf('SecretBakedIn', `FROM a\n${copies.map((file) => `COPY ${file} /x/\n`).join('')}`), [])
  assert.equal(linesOf('SecretBakedIn', 'FROM a\nCOPY vendor.key /etc/apt/trusted.gpg.d/\n'), [])
  assert.equal(linesOf('SecretBakedIn', 'FROM a\nCOPY scaling.pem secrets.yml server.key /x/\n'), [2, 2, 2])
  assert.equal(linesOf('SecretBakedIn', 'FROM a\nADD https://e.com/x.key /x\n'), [])
})

own('SecretBakedIn: passwords where programs look for them', () => {
  const lines = (step: string) => linesOf('SecretBakedIn', `FROM a\n${step}\n`)
  for (const step of [
    'RUN echo "//registry.npmjs.org/:_authToken=abcdef123456" > .npmrc',
    'RUN npm config set //e.com/:_authToken abcdef123456',
    'RUN echo "machine e.com login me password s3cret" > ~/.netrc',
    'RUN curl -fsSL -u me:s3cret https://e.com -o x',
    'RUN ["curl", "--user", "me:s3cret", "https://e.com"]',
    'ADD https://me:s3cret@e.com/x /x',
    'COPY <<E /root/.netrc\nmachine e.com login me password s3cret\nE',
  ])
    assert.equal(lines(step), [2], step)
  for (const step of [
    'RUN echo "//registry.npmjs.org/:_authToken=${TOKEN}" > .npmrc',
    'RUN echo "machine e.com login me password $PW" > ~/.netrc',
    'RUN curl -u "$ME:$PW" https://e.com',
    'RUN curl -u me:$PW https://e.com',
    'RUN curl --user-agent "a: b" https://e.com',
  ])
    assert.equal(lines(step), [], step)
})

own('SecretBakedIn: a mounted secret that is written to the layer', () => {
  const lines = (command: string) => linesOf('SecretBakedIn', `FROM a\nRUN --mount=type=secret,id=t ${command}\n`)
  assert.equal(lines('cat /run/secrets/t > /root/.token'), [2])
  assert.equal(lines('cp /run/secrets/t /root/'), [2])
  assert.equal(lines('curl -H "A: $(cat /run/secrets/t)" https://e.com -o x'), [])
  assert.equal(linesOf('SecretBakedIn', 'FROM a\nRUN --mount=type=secret,id=t,env=T echo "x=$T" > ~/.npmrc\n'), [2])
})

own('LatestBase: no tag, or latest; BaseWithoutDigest: everything without one', () => {
  const digest = `sha256:${'0'.repeat(64)}`
  const text = `ARG V=latest\nFROM a\nFROM a:1\nFROM a:$V\nFROM a@${digest}\nFROM scratch AS s\nFROM s\nCOPY --from=b/c /x /y\n`
  assert.equal(linesOf('LatestBase', text), [2, 4, 8])
  assert.equal(linesOf('BaseWithoutDigest', text), [2, 3, 4, 8])
  assert.not.ok(findings(text).some(({ rule }) => rule === 'BaseWithoutDigest'))
})

own('RunsAsRoot: the last user of what becomes an image', () => {
  assert.equal(linesOf('RunsAsRoot', 'FROM a:1\nUSER app\nUSER root\n'), [3])
  assert.equal(linesOf('RunsAsRoot', 'FROM a:1\nUSER 0:0\n'), [2])
  assert.equal(linesOf('RunsAsRoot', 'FROM a:1\nUSER root\nRUN x\nUSER app\n'), [])
  assert.equal(linesOf('RunsAsRoot', 'FROM a:1 AS base\nUSER app\nFROM base\n'), [])
  assert.equal(linesOf('RunsAsRoot', 'FROM a:1 AS build\nFROM b:1\nCOPY --from=build /x /\nUSER 1000\n'), [])
  assert.equal(linesOf('RunsAsRoot', 'FROM a:1\nRUN x\n'), [1])
  assert.equal(linesOf('RunsAsRoot', 'FROM gcr.io/distroless/static:nonroot\n'), [])
  assert.equal(linesOf('RunsAsRoot', 'FROM scratch\nCOPY a /\n'), [])
  assert.equal(linesOf('RunsAsRoot', 'FROM mcr.microsoft.com/windows/servercore:ltsc2022\nCMD ["x"]\n'), [])
  assert.equal(linesOf('RunsAsRoot', 'FROM cgr.dev/chainguard/node:1\n'), [])
  assert.equal(linesOf('RunsAsRoot', 'FROM a:1\nENTRYPOINT ["gosu", "app", "x"]\n'), [])
  assert.equal(linesOf('RunsAsRoot', 'FROM a:1\nRUN apk add su-exec\nENTRYPOINT ["/entry.sh"]\n'), [])
  assert.equal(linesOf('RunsAsRoot', 'FROM a:1\nARG WHO\nUSER $WHO\n'), [3])
  assert.equal(linesOf('RunsAsRoot', 'FROM a:1\nUSER $SET_BY_BASE\n'), [])
  assert.equal(linesOf('RunsAsRoot', 'FROM scratch\nUSER $NOWHERE\n'), [2])
  assert.equal(linesOf('RunsAsRoot', 'FROM a:1\nARG WHO=app\nUSER $WHO\n'), [])
  assert.equal(linesOf('RunsAsRoot', 'FROM a:1\nARG WHO=app\nUSER $WHO\n', { buildArgs: { WHO: 'root' } }), [3])
})

own('a stage that nothing uses is an image where it starts something; one of tests is none', () => {
  const last = 'FROM a:1\nUSER 1\n'
  assert.equal(linesOf('RunsAsRoot', `FROM a:1 AS test\nRUN apt-get update\n${last}`), [])
  assert.equal(linesOf('AptListsLeft', `FROM a:1 AS test\nRUN apt-get update\n${last}`), [])
  assert.equal(linesOf('RunsAsRoot', `FROM a:1 AS worker\nCMD ["x"]\n${last}`), [1])
  assert.equal(linesOf('RunsAsRoot', `FROM a:1 AS test\nRUN x\n${last}`, { target: 'test' }), [1])
})

own('LatestBase: tags that are moved with each release count as latest', () => {
  const lines = (tag: string) => linesOf('LatestBase', `FROM a:${tag}\n`)
  for (const tag of ['alpine', 'edge', 'sid-slim', 'lts-alpine', 'stable', 'main']) assert.equal(lines(tag), [1], tag)
  for (const tag of ['1-alpine', 'bookworm-slim', '3.20', 'noble', 'nonroot', 'v2']) assert.equal(lines(tag), [], tag)
})

own('CacheMountMissing: for each manager, unless what it fetches is kept', () => {
  const lines = (command: string) => linesOf('CacheMountMissing', `FROM a\nRUN ${command}\n`)
  for (const command of [
    'apt-get install -y curl',
    'npm ci',
    'cd x && npm install',
    'pip install x',
    'python -m pip install x',
    'go build ./...',
    'yarn',
    '["npm","ci"]',
    'if true; then cargo build; fi',
    'apk add curl',
    'FOO=1 mvn -B package',
  ])
    assert.equal(lines(command), [2], command)
  for (const command of [
    'echo npm ci',
    'apk add --no-cache curl',
    'pip install --no-cache-dir x',
    'npm run build',
    'apt-get update',
    '--mount=type=cache,target=/root/.npm npm ci',
    '--mount=type=cache,target=/var/cache/apt apt-get install x',
  ])
    assert.equal(lines(command), [], command)
  assert.equal(lines('--mount=type=cache,target=/root/.npm pip install x'), [2])
})

own('CopyDefeatsCache: the whole context before an install', () => {
  const lines = (...steps: string[]) => linesOf('CopyDefeatsCache', `FROM a\n${steps.join('\n')}\n`)
  assert.equal(lines('COPY . .', 'RUN npm ci'), [2])
  assert.equal(lines('ADD ./ /x', 'RUN apt-get update && apt-get install -y x'), [2])
  assert.equal(lines('COPY package.json ./', 'RUN npm ci', 'COPY . .', 'RUN npm run build && npm ci'), [])
  assert.equal(lines('COPY . .', 'RUN go build'), [])
  assert.equal(lines('COPY . .', 'RUN pip install .'), [])
  assert.equal(lines('COPY src src', 'RUN npm ci'), [])
  assert.equal(lines('RUN apt-get install -y x', 'COPY . .', 'RUN apt-get install -y y'), [3])
  assert.equal(lines('COPY . .', 'RUN apt-get install -y ./x.deb $(cat packages)'), [])
  assert.equal(lines('COPY . .', 'RUN go mod tidy', 'RUN cargo install --path .'), [])
  assert.equal(lines('COPY . .', 'RUN go mod download', 'RUN cargo install x'), [2, 2])
})

/** What is run, how it is called, where it keeps what it fetched, and what must be copied before it; undefined where all is. */
const installs: readonly (readonly [run: string, named: string, cache: string, manifests?: string])[] = [
  ['apt-get -y install x', 'apt-get install', '/var/cache/apt,sharing=locked', ''],
  ['apt dist-upgrade', 'apt dist-upgrade', '/var/cache/apt,sharing=locked', ''],
  ['aptitude install install', 'aptitude install', '/var/cache/apt,sharing=locked', ''],
  ['apk --update add x', 'apk add', '/var/cache/apk', ''],
  ['dnf -y install x', 'dnf install', '/var/cache/dnf', ''],
  ['yum groupinstall x', 'yum groupinstall', '/var/cache/dnf', ''],
  ['microdnf update', 'microdnf update', '/var/cache/dnf', ''],
  ['npm i', 'npm i', '/root/.npm', 'package.json package-lock.json'],
  ['npm --quiet ci', 'npm ci', '/root/.npm', 'package.json package-lock.json'],
  ['npm install .', 'npm install', '/root/.npm'],
  ['npm install ../x', 'npm install', '/root/.npm'],
  ['yarn --frozen-lockfile', 'yarn install', '/usr/local/share/.cache/yarn', 'package.json yarn.lock'],
  ['yarnpkg add x', 'yarnpkg add', '/usr/local/share/.cache/yarn', 'package.json yarn.lock'],
  ['pnpm add x', 'pnpm add', '/root/.local/share/pnpm/store', 'package.json pnpm-lock.yaml'],
  ['pip3 install -r r.txt', 'pip3 install', '/root/.cache/pip', 'requirements.txt'],
  ['pipx install x', 'pipx install', '/root/.cache/pip', 'requirements.txt'],
  ['python3 -m pip -q install x', 'python3 -m pip install', '/root/.cache/pip', 'requirements.txt'],
  ['pip install -e x', 'pip install', '/root/.cache/pip'],
  ['pip install ./x', 'pip install', '/root/.cache/pip'],
  ['poetry install', 'poetry install', '/root/.cache/pypoetry'],
  ['poetry install --no-root', 'poetry install', '/root/.cache/pypoetry', 'pyproject.toml poetry.lock'],
  ['poetry install --only main', 'poetry install', '/root/.cache/pypoetry', 'pyproject.toml poetry.lock'],
  ['uv sync', 'uv sync', '/root/.cache/uv'],
  ['uv pip install x', 'uv pip install', '/root/.cache/uv', 'requirements.txt'],
  ['uv sync --no-install-project', 'uv sync', '/root/.cache/uv', 'pyproject.toml uv.lock'],
  ['bundle', 'bundle install', '/usr/local/bundle/cache', 'Gemfile Gemfile.lock'],
  ['bundle install -j4', 'bundle install', '/usr/local/bundle/cache', 'Gemfile Gemfile.lock'],
  ['composer require x', 'composer require', '/tmp/cache'],
  ['composer install --no-scripts', 'composer install', '/tmp/cache', 'composer.json composer.lock'],
  ['composer install --no-autoloader', 'composer install', '/tmp/cache', 'composer.json composer.lock'],
  ['go mod download', 'go mod download', '/go/pkg/mod', 'go.mod go.sum'],
  ['go get x', 'go get', '/go/pkg/mod'],
  ['cargo fetch', 'cargo fetch', '/usr/local/cargo/registry', 'Cargo.toml Cargo.lock'],
  ['cargo build', 'cargo build', '/usr/local/cargo/registry'],
  ['mvn -B dependency:go-offline', 'mvn dependency:go-offline', '/root/.m2', 'pom.xml'],
  ['mvnw -q verify', 'mvnw verify', '/root/.m2'],
  ['gradle dependencies', 'gradle dependencies', '/root/.gradle', 'build.gradle settings.gradle'],
  ['gradlew -q build', 'gradlew build', '/root/.gradle'],
  ['dotnet restore', 'dotnet restore', '/root/.nuget/packages', '*.csproj'],
  ['dotnet publish', 'dotnet publish', '/root/.nuget/packages'],
]

own('CacheMountMissing, CopyDefeatsCache: what each package manager keeps, and needs to have before it', () => {
  const said = (name: string, text: string) => findings(text).filter(({ rule }) => rule === name)
  for (const [run, named, cache, manifests] of installs) {
    const [missing] = said('CacheMountMissing', `FROM a\nRUN ${run}\n`)
    assert.ok(missing?.message.startsWith(`"${named}" has no cache mount`), `${run}: ${missing?.message}`)
    assert.is(missing?.hint?.split('; ')[0], `add a cache mount: --mount=type=cache,target=${cache}`, run)
    assert.equal(said('CacheMountMissing', `FROM a\nRUN --mount=type=cache,target=${cache} ${run}\n`), [], run)
    assert.is(
      said('CacheMountMissing', `FROM a\nRUN --mount=type=tmpfs,target=${cache.split(',')[0]} ${run}\n`).length,
      1,
    )
    const hint = manifests
      ? `before this, COPY ${manifests} and run the install`
      : 'move the install above this instruction'
    assert.equal(
      said('CopyDefeatsCache', `FROM a\nCOPY . .\nRUN ${run}\n`).map((found) => found.hint),
      manifests === undefined ? [] : [hint],
      run,
    )
  }
  for (const run of [
    'yarn build',
    'bundle exec x',
    'mvn repackage',
    'mvn packages',
    'gradle',
    'gradle -q',
    'python pip install',
    'python x.py install',
    'uv sync --no-cache',
    'pip list',
    'go version',
    'npm',
  ])
    assert.equal(said('CacheMountMissing', `FROM a\nRUN ${run}\n`), [], run)
})

own('AptListsLeft: in stages that become an image', () => {
  const update = 'RUN apt-get update && apt-get install -y x'
  assert.equal(linesOf('AptListsLeft', `FROM a AS b\n${update}\nFROM a\n${update}\nCOPY --from=b /x /\n`), [4])
  for (const end of [' && rm -rf /var/lib/apt/lists/*', ' && rm -rf /var/lib/apt/lists', '; rm -rf /var/lib/apt/*'])
    assert.equal(linesOf('AptListsLeft', `FROM a\n${update}${end}\n`), [], end)
  assert.equal(
    linesOf('AptListsLeft', `FROM a\n${update.replace('RUN', 'RUN --mount=type=cache,target=/var/lib/apt')}\n`),
    [],
  )
  assert.equal(linesOf('AptListsLeft', 'FROM a\nRUN <<E\napt-get update\nrm -rf /var/lib/apt/lists/*\nE\n'), [])
  for (const end of [
    ' && rm -rf /var/lib/{apt,dpkg,cache}/',
    ' && cd /var/lib/apt/lists && rm -rf *',
    ' && rm -f /var/lib/apt/lists/*_*',
    ' && find /var/lib/apt/lists -type f -delete',
    ' && apt-get distclean',
  ])
    assert.equal(linesOf('AptListsLeft', `FROM a\n${update}${end}\n`), [], end)
  for (const end of [' && apt-get clean', ' && rm -rf /var/lib/apt/lists/* && apt-get update', ' && rm -rf /tmp/*'])
    assert.equal(linesOf('AptListsLeft', `FROM a\n${update}${end}\n`), [2], end)
})

own('AptListsLeft: a later step that removes them is told in the same finding', () => {
  const said = (text: string) =>
    findings(text)
      .filter(({ rule }) => rule === 'AptListsLeft' || rule === 'DeletedLater')
      .map(({ at, message }) => `${at?.line}: ${message.replace(/^.* stay in the layer/, '')}`)
  assert.equal(said('FROM a\nRUN apt-get update\nRUN rm -rf /var/lib/apt/lists/*\n'), [
    '2: : line 3 removes them too late',
  ])
  const both = 'FROM a\nRUN apt-get update\nRUN apt-get update && rm -rf /var/lib/apt/lists/*\n'
  assert.equal(said(both), ['2: '])
})

own('DeletedLater: what an earlier layer has', () => {
  const lines = (...steps: string[]) => linesOf('DeletedLater', `FROM a\n${steps.join('\n')}\n`)
  assert.equal(lines('COPY x.tgz /tmp/', 'RUN tar xf /tmp/x.tgz', 'RUN rm /tmp/x.tgz'), [4])
  assert.equal(lines('WORKDIR /w', 'COPY a b ./', 'RUN cd /w && rm -rf b'), [4])
  assert.equal(lines('RUN curl -fsSLo /x.tgz https://e.com/x', 'RUN rm -f /*.tgz'), [3])
  assert.equal(lines('RUN wget https://e.com/x.tgz', 'RUN rm x.tgz'), [3])
  assert.equal(lines('RUN curl -o /x https://e.com/x && rm /x', 'RUN rm /x'), [])
  assert.equal(lines('RUN --mount=type=cache,target=/c echo > /c/x', 'RUN rm -rf /c/x'), [])
  assert.equal(linesOf('DeletedLater', 'FROM a AS b\nCOPY x /x\nFROM b\nRUN rm /x\n'), [4])
  assert.equal(linesOf('DeletedLater', 'FROM a AS b\nCOPY x /x\nRUN rm /x\nFROM a\nCOPY --from=b /y /y\n'), [])
  assert.equal(lines('RUN git clone --depth 1 https://e.com/x.git', 'RUN make -C x && rm -rf /x'), [3])
  assert.equal(lines('RUN git clone https://e.com/x.git /src && rm -rf /src', 'RUN rm -rf /src'), [])
  assert.equal(lines('RUN cd /tmp && curl -O https://e.com/x.tgz', 'RUN rm /tmp/{x,y}.tgz'), [3])
})

own('DeletedLater: packages and caches too, but not what the deleting step makes for itself', () => {
  const lines = (...steps: string[]) => linesOf('DeletedLater', `FROM a\n${steps.join('\n')}\n`)
  assert.equal(lines('RUN apt-get install -y gcc make', 'RUN make', 'RUN apt-get purge -y --auto-remove gcc=4*'), [4])
  assert.equal(lines('RUN apk add --virtual .deps gcc', 'RUN apk del .deps'), [3])
  assert.equal(lines('RUN apk add gcc && make && apk del gcc', 'RUN apk del gcc'), [])
  assert.equal(lines('RUN yum install -y gcc', 'RUN yum clean all'), [3])
  assert.equal(lines('RUN yum install -y gcc && yum clean all', 'RUN yum clean all'), [])
  assert.equal(lines('RUN pip install x', 'RUN rm -rf ~/.cache /root/.cache'), [3])
  assert.equal(lines('RUN pip install --no-cache-dir x', 'RUN rm -rf /root/.cache'), [])
  assert.equal(lines('RUN npm ci', 'RUN npm i -g x && npm cache clean --force'), [])
  assert.equal(lines('RUN curl -o /tmp/x https://e.com', 'RUN curl -o /tmp/x https://e.org && rm /tmp/x'), [])
})

own('commands are found in shells, wrappers, substitutions and scripts, and not in the text of files', () => {
  const lines = (command: string) => linesOf('CacheMountMissing', `FROM a\nRUN ${command}\n`)
  for (const command of [
    'bash -euo pipefail -c "cd x && npm ci"',
    '["/bin/bash", "-o", "pipefail", "-c", "npm ci"]',
    "su app -c 'npm ci'",
    'sudo -E -u app npm ci',
    'env -u X A=b npm ci',
    'timeout -k 5 60 npm ci',
    'xargs -n 1 npm install < list',
    'x="$(npm ci | tail -1)"',
    'echo `npm ci`',
    '<<EOF\nset -e\ncat > /x <<-EOT\n\tapk add no\n\tEOT\nnpm ci\nEOF',
    'bash <<EOF\nnpm ci\nEOF',
    'npm --prefix client ci',
    'yarn --cwd client install',
    'python3.11 -m pip install x',
    'uv pip install x',
    'bun install',
    'zypper --non-interactive install x',
    'gem install x',
  ])
    assert.equal(lines(command), [2], command)
  for (const command of [
    'cat > /x <<EOF\nnpm ci\nEOF',
    'tee /x <<-"EOF" && true\n\tnpm ci\n\tEOF',
    "echo 'a; npm ci'",
    'bash script.sh -c "npm ci"',
    'yarn --version',
    'bundle --version',
    'go mod init x',
    'go build -mod=vendor ./...',
    'dotnet publish --no-restore',
    'mvn -o package',
    'PIP_NO_CACHE_DIR=1 pip install x',
    '--mount=type=cache,target=/root/.cache go build',
    '--mount=type=cache,target=/var/cache apt-get install x',
  ])
    assert.equal(lines(command), [], command)
  assert.equal(linesOf('CacheMountMissing', 'FROM a\nENV PIP_NO_CACHE_DIR=1\nRUN pip install x\n'), [])
})

own('a manager that is told to keep no cache still installs', () => {
  const rules = (...steps: string[]) =>
    findings(`FROM a:1\n${steps.join('\n')}\nUSER 1\n`).map(({ rule, at }) => `${rule}:${at?.line}`)
  assert.equal(rules('COPY . .', 'RUN apk add --no-cache curl'), ['CopyDefeatsCache:2'])
  assert.equal(rules('ENV PIP_NO_CACHE_DIR=1', 'COPY . .', 'RUN pip install x'), ['CopyDefeatsCache:3'])
  assert.equal(rules('RUN apk add --no-cache gcc', 'RUN apk del gcc'), ['DeletedLater:3'])
  assert.equal(rules('RUN apk add gcc && rm -rf /var/cache/apk/*'), [])
})

own('texts made to take long do not', () => {
  const began = performance.now()
  for (const script of [
    'a.'.repeat(30_000),
    'curl '.repeat(12_000),
    '$('.repeat(30_000),
    `rm /x${'{a,b}'.repeat(24)}`,
    'sh -c "'.repeat(8_000),
    'cat <<X\n'.repeat(10_000),
    'curl -o /x https://e.com\nrm /y\n'.repeat(4_000),
  ])
    findings(`FROM a:1\nRUN <<E\n${script}\nE\nRUN rm /z\nUSER 1\n`)
  // far less on an idle machine; without bounds the braces alone take minutes
  assert.ok(performance.now() - began < 20_000)
})

own('variables are those of the step, not of a later one', () => {
  const lines = (...steps: string[]) => linesOf('CacheMountMissing', `FROM a\n${steps.join('\n')}\n`)
  assert.equal(lines('ENV T=/root/.npm', 'RUN --mount=type=cache,target=$T npm ci', 'ENV T=/x'), [])
  assert.equal(lines('ENV T=/x', 'RUN --mount=type=cache,target=$T npm ci', 'ENV T=/root/.npm'), [3])
  assert.equal(lines('RUN pip install x', 'ENV PIP_NO_CACHE_DIR=1'), [2])
})

own('CacheMountMissing: one finding for a RUN, whatever it installs with', () => {
  const [finding, ...more] = findings('FROM a:1\nRUN yarn || npm ci\nUSER 1\n')
  assert.is(
    finding!.message,
    '"yarn install" and "npm ci" have no cache mounts, so they fetch every package again each time they run',
  )
  assert.match(finding!.hint!, /target=\/usr\/local\/share\/.cache\/yarn; add .*target=\/root\/.npm$/)
  assert.equal(more, [])
})

own('CacheMountMissing: what lies in a layer below is not fetched again, what lay in a mount is', () => {
  const lines = (...steps: string[]) => linesOf('CacheMountMissing', `FROM a AS b\n${steps.join('\n')}\n`)
  assert.equal(lines('RUN go mod download', 'RUN go build ./a', 'RUN go build ./b'), [2])
  assert.equal(lines('RUN go mod download', 'FROM b', 'RUN go build'), [2])
  assert.equal(lines('RUN --mount=type=cache,target=/go/pkg/mod go mod download', 'RUN go build'), [3])
  assert.equal(lines('RUN npm ci', 'RUN npm i -g x'), [2, 3])
})

own('CacheMountMissing: the hint names the home of the user, both caches of go, and what would empty the mount', () => {
  const hint = (...steps: string[]) =>
    findings(`FROM a\n${steps.join('\n')}\n`).find(({ rule }) => rule === 'CacheMountMissing')?.hint
  assert.is(
    hint('RUN go build'),
    'add a cache mount: --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build',
  )
  assert.is(
    hint('USER node', 'RUN npm ci'),
    'add a cache mount: --mount=type=cache,target=/home/node/.npm,uid=UID of node',
  )
  assert.match(hint('RUN dnf install x && dnf clean all')!, /; leave out "dnf clean", which empties it$/)
  assert.match(hint('RUN apt-get install x')!, /,sharing=locked; .*docker-clean/)
})

own('a finding on a shared stage is told once', () => {
  const text =
    'FROM a AS b\nCOPY . .\nRUN curl -o /x https://e.com\nFROM b\nRUN npm ci\nCMD x\nFROM b\nRUN npm ci\nCMD x\n'
  assert.equal(linesOf('CopyDefeatsCache', text), [2])
  assert.equal(linesOf('RunsAsRoot', text), [4, 7])
  assert.equal(linesOf('RunsAsRoot', text.replace('COPY', 'USER root\nCOPY')), [2])
})

own('a comment above the instruction switches it off, and odd shells do not end the walk', () => {
  assert.equal(linesOf('LatestBase', '# check=skip=LatestBase\n\nFROM a\nFROM b\n'), [])
  assert.equal(linesOf('LatestBase', 'ARG X\n# check=skip=LatestBase\nFROM a\nFROM b\n'), [4])
  for (const odd of ['a <(b) > x', '$((1<2))', "'", '"$(', '<<', '>', '&>', '2>&1 |& x', '\\'])
    assert.equal(linesOf('CacheMountMissing', `FROM a\nRUN ["sh", "-c", ${JSON.stringify(odd)}]\n`), [], odd)
})

own.run()
