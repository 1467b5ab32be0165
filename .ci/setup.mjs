/**
 * Brings a fresh clone to the point where it compiles and tests: npm packages, and with `--system` the programs that
 * tests drive (Debian as root only; elsewhere those tests skip, saying so). Plain Node, for there is nothing else yet.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const packages = {
  runc: 'runc',
  crun: 'crun',
  bwrap: 'bubblewrap',
  'docker-registry': 'docker-registry',
  skopeo: 'skopeo',
  umoci: 'umoci',
  busybox: 'busybox-static',
  mmdebstrap: 'mmdebstrap',
  dockerd: 'docker.io',
  buildah: 'buildah',
  getfattr: 'attr',
  git: 'git',
  newuidmap: 'uidmap',
  slirp4netns: 'slirp4netns',
  'fuse-overlayfs': 'fuse-overlayfs',
}

installNodeModules()
if (process.argv.includes('--system')) installPrograms()

function installNodeModules() {
  if (nodeModulesMatchLock()) return
  console.log('setup: npm ci')
  run('npm', ['ci', '--ignore-scripts', '--no-fund', '--no-audit'], { exitOnFailure: true })
}

/** Whether every package of the lock file is there in its version; optional ones may be for other platforms. */
function nodeModulesMatchLock() {
  const installed = readJson('node_modules/.package-lock.json')?.packages
  const wanted = readJson('package-lock.json')?.packages
  if (!installed || !wanted) return false
  return Object.entries(wanted).every(
    ([path, { version, optional }]) =>
      path === '' || optional || (installed[path]?.version === version && existsSync(root + path)),
  )
}

function installPrograms() {
  const missing = Object.keys(packages).filter((program) => !hasProgram(program))
  if (missing.length === 0) return
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version') || !hasProgram('apt-get')) {
    console.log(
      `setup: not installing ${missing.join(', ')} (that needs Debian and root); tests that need them will skip`,
    )
    return
  }
  const names = missing.map((program) => packages[program])
  console.log(`setup: apt-get install ${names.join(' ')}`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  run('apt-get', ['-qq', 'update'], { env })
  // All at once, and one by one when one of them does not exist here. Daemons must not start: tests start their own.
  const install = ['-qq', '-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=120', 'install']
  const quiet = { ...env, RUNLEVEL: '1' }
  if (run('apt-get', [...install, ...names], { env: quiet, quiet: true })) return
  for (const name of names) {
    if (!run('apt-get', [...install, name], { env: quiet, quiet: true }))
      console.log(`setup: could not install ${name}`)
  }
}

function run(program, args, { env = process.env, exitOnFailure = false, quiet = false } = {}) {
  const stdio = quiet ? ['ignore', 'ignore', 'inherit'] : ['ignore', 'inherit', 'inherit']
  const { status, error } = spawnSync(program, args, { cwd: root, env, stdio, shell: process.platform === 'win32' })
  if (status === 0) return true
  if (exitOnFailure) {
    console.error(`setup: ${program} ${args.join(' ')} failed${error ? `: ${error.message}` : ''}`)
    process.exit(1)
  }
  return false
}

function hasProgram(name) {
  const folders = [...(process.env.PATH ?? '').split(':'), '/usr/local/sbin', '/usr/sbin', '/sbin']
  return folders.some((folder) => folder !== '' && existsSync(`${folder}/${name}`))
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(root + path, 'utf8'))
  } catch {
    return undefined
  }
}
