/** A job in a container of docker: what is refused by default, and what it takes to build there as anywhere else. */
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { cliFile, imgsdk } from '../helpers/cli.ts'
import { type Docker, startDocker } from '../helpers/docker.ts'
import { must } from '../helpers/program.ts'
import { busyboxRootfs } from '../helpers/rootfs.ts'
import { assert, projectRoot, suite } from '../helpers/suite.ts'
import { temporaryFolder } from '../helpers/temporary.ts'
import { flattenedTar } from './flattened.ts'

const container = suite('verb/in-container')
const needs = ['linux', 'root', 'busybox', 'dockerd', 'docker']

const dockerfile = `FROM scratch AS base
ADD root.tar /
RUN mkdir -m 700 /d && echo 1 > /d/f && chown 1000:1001 /d/f && rm /bin/wget
FROM base
RUN mv /d/f /d/g; rm -r /d && mkdir /d && ls -la / | grep -c d
COPY --from=base /d /from-base
`

let docker: Docker | undefined
let folder = ''
container.before(async () => {
  if (process.getuid?.() !== 0) return
  folder = temporaryFolder()
  for (const name of ['context', 'out', 'root']) mkdirSync(join(folder, name))
  writeFileSync(join(folder, 'context/Dockerfile'), dockerfile)
  cpSync(await busyboxRootfs(), join(folder, 'context/root.tar'))
})
container.after(async () => void (await docker?.stop()))

/** `imgsdk build` in a container that has this machine's programs. */
async function buildIn(options: readonly string[], to: string) {
  docker ??= await withImage()
  const kept = [...new Set(['/usr', '/etc/alternatives', dirname(process.execPath), projectRoot(), dirname(cliFile)])]
  const volumes = [...kept.map((path) => `${path}:${path}:ro`), `${folder}/context:/context:ro`, `${folder}/out:/out`]
  return docker.run([
    ...['run', '--rm', '--network=host', ...options, ...volumes.flatMap((volume) => ['-v', volume])],
    ...[
      'job:1',
      process.execPath,
      cliFile,
      'build',
      '/context',
      '--progress',
      'plain',
      '-o',
      `type=tar,dest=/out/${to}`,
    ],
  ])
}

async function withImage(): Promise<Docker> {
  const daemon = await startDocker()
  const root = join(folder, 'root')
  for (const name of ['usr', 'etc', 'tmp', 'root', 'run', 'var']) mkdirSync(join(root, name))
  for (const name of ['bin', 'sbin', 'lib', 'lib64']) symlinkSync(`usr/${name}`, join(root, name))
  writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n')
  await must('tar', ['-cf', join(folder, 'root.tar'), '-C', root, '.'])
  const { code, stderr } = await daemon.run(['import', join(folder, 'root.tar'), 'job:1'])
  assert.is(code, 0, stderr)
  return daemon
}

let expected: readonly string[] | undefined

/** What is built outside. */
async function ordinary(): Promise<readonly string[]> {
  if (expected) return expected
  const to = join(folder, 'own.tar')
  const { status, stderr } = await imgsdk(['build', join(folder, 'context'), '-o', `type=tar,dest=${to}`])
  assert.is(status, 0, stderr)
  expected = await flattenedTar(to)
  return expected
}

container.needs(needs, 'by default RUN is refused, and the hint is what opens the container', async () => {
  const { code, stderr } = await buildIn([], 'refused.tar')
  assert.is(code, 1, stderr)
  assert.match(stderr, /RUN_UNAVAILABLE {2}\S*Dockerfile:3:1\n {2}RUN needs namespaces/)
  assert.match(stderr, `hint: start this container with ${opened.join(' ')}`)
})

// as the hint has them
const opened = ['seccomp', 'apparmor', 'systempaths'].flatMap((rule) => ['--security-opt', `${rule}=unconfined`])

container.needs(needs, 'opened so, it builds by copies what is built outside', async () => {
  const { code, stderr } = await buildIn(opened, 'copied.tar')
  assert.is(code, 0, stderr)
  assert.match(stderr, 'RUN copies its root file system each time')
  assert.equal(await flattenedTar(join(folder, 'out/copied.tar')), await ordinary())
})

container.needs([...needs, 'fuse', 'fuse-overlayfs'], 'with /dev/fuse it need not copy', async () => {
  const { code, stderr } = await buildIn([...opened, '--device', '/dev/fuse'], 'fused.tar')
  assert.is(code, 0, stderr)
  assert.not.match(stderr, 'RUN copies')
  assert.equal(await flattenedTar(join(folder, 'out/fused.tar')), await ordinary())
})

container.needs(needs, 'with a volume for the store it stacks as anywhere else', async () => {
  mkdirSync(join(folder, 'volume'))
  const volume = ['-v', `${folder}/volume:/volume`, '-e', 'IMGSDK_STORE=/volume']
  const { code, stderr } = await buildIn([...opened, ...volume], 'volume.tar')
  assert.is(code, 0, stderr)
  assert.not.match(stderr, 'RUN copies')
  assert.equal(await flattenedTar(join(folder, 'out/volume.tar')), await ordinary())
})

container.needs([...needs, 'crun'], 'where cgroups are only to be read, crun makes none', async () => {
  const powers = [
    '--cap-add',
    'SYS_ADMIN',
    '--security-opt',
    'seccomp=unconfined',
    '--security-opt',
    'apparmor=unconfined',
  ]
  const { code, stderr } = await buildIn(powers, 'powers.tar')
  assert.is(code, 0, stderr)
  assert.not.match(stderr, 'No OCI runtime works here')
  assert.equal(await flattenedTar(join(folder, 'out/powers.tar')), await ordinary())
})

container.run()
