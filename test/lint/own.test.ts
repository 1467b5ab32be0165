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
})

own('DeletedLater: what an earlier layer has', () => {
  const lines = (...steps: string[]) => linesOf('DeletedLater', `FROM a\n${steps.join('\n')}\n`)
  assert.equal(lines('COPY x.tgz /tmp/', 'RUN tar xf /tmp/x.tgz', 'RUN rm /tmp/x.tgz'), [4])
  assert.equal(lines('WORKDIR /w', 'COPY a b ./', 'RUN cd /w && rm -rf b'), [4])
  assert.equal(lines('RUN curl -fsSLo /x.tgz https://e.com/x', 'RUN rm -f /*.tgz'), [3])
  assert.equal(lines('RUN wget https://e.com/x.tgz', 'RUN rm x.tgz'), [3])
  assert.equal(lines('RUN curl -o /x https://e.com/x && rm /x', 'RUN rm /x'), [])
  assert.equal(lines('RUN --mount=type=cache,target=/c echo > /c/x', 'RUN rm -rf /c/x'), [])
  assert.equal(lines('RUN apt-get update', 'RUN rm -rf /var/lib/apt/lists/*'), [3])
  assert.equal(linesOf('DeletedLater', 'FROM a AS b\nCOPY x /x\nFROM b\nRUN rm /x\n'), [4])
  assert.equal(linesOf('DeletedLater', 'FROM a AS b\nCOPY x /x\nRUN rm /x\nFROM a\nCOPY --from=b /y /y\n'), [])
})

own('a comment above the instruction switches it off, and odd shells do not end the walk', () => {
  assert.equal(linesOf('LatestBase', '# check=skip=LatestBase\n\nFROM a\nFROM b\n'), [])
  assert.equal(linesOf('LatestBase', 'ARG X\n# check=skip=LatestBase\nFROM a\nFROM b\n'), [4])
  for (const odd of ['a <(b) > x', '$((1<2))', "'", '"$(', '<<', '>', '&>', '2>&1 |& x', '\\'])
    assert.equal(linesOf('CacheMountMissing', `FROM a\nRUN ["sh", "-c", ${JSON.stringify(odd)}]\n`), [], odd)
})

own.run()
