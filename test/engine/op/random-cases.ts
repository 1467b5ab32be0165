/** Build contexts and instructions made by chance, for comparing what two builders make of them. */
import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { must } from '../../helpers/program.ts'
import type { Chance } from '../../laws/fuzz.ts'
import { gzip, type Member, tar } from './archive.ts'

const names = ['a', 'b', 'c.txt', 'd', 'e', 'ü', '.h', 'z[1]', 'f.md', 'S', 'b.txt']
const modes = [0o644, 0o644, 0o755, 0o600, 0o4755, 0o2711, 0o1755, 0o444, 0o640, 0o111]
const directoryModes = [0o755, 0o755, 0o700, 0o711, 0o1777, 0o2755, 0o750]
const targets = ['a', 'd', '../a', '/d', 'nope', '..', '.', 'd/a', '../../b', '/b.txt', '/']

/** Fills a folder. The paths of what is in it. */
export async function randomContext(random: Chance, folder: string): Promise<string[]> {
  const paths: string[] = []
  fill(random, { folder, below: '', depth: 0, paths })
  for (const [name, pack] of [
    ['A.tar', (bytes: Buffer) => bytes],
    ['B.tgz', gzip],
  ] as const) {
    writeFileSync(join(folder, name), pack(tar(...randomMembers(random))))
    paths.push(name)
  }
  writeFileSync(join(folder, 'n.gz'), gzip(Buffer.from('no archive')))
  writeFileSync(join(folder, 'empty.tar'), '')
  paths.push('n.gz', 'empty.tar')
  // Whole seconds: exporters round differently. The content tells the time: BuildKit takes a file of the same size and time
  // for the same, and what it finds in its cache keeps the time that it had there.
  await must('find', [folder, '-exec', 'touch', '-h', '-d', '@1000000000', '{}', '+'])
  for (const path of paths) if (lstatSync(join(folder, path)).isFile()) setTime(join(folder, path), path)
  return paths
}

function setTime(file: string, path: string): void {
  const text = path + readFileSync(file, 'latin1')
  const seconds = [...text].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)!) % 99_991, 7)
  utimesSync(file, 1_000_000_000, 1_000_000_000 + seconds)
}

interface Place {
  readonly folder: string
  readonly below: string
  readonly depth: number
  readonly paths: string[]
}

function fill(random: Chance, { folder, below, depth, paths }: Place): void {
  const taken = new Set(readdirSync(join(folder, below)))
  for (let count = 1 + random.below(depth === 0 ? 7 : 4); count > 0; count--) {
    const name = random.pick(names)
    if (taken.has(name)) continue
    taken.add(name)
    const path = below === '' ? name : `${below}/${name}`
    const full = join(folder, path)
    const kind = random.below(100)
    const files = paths.filter((one) => lstatSync(join(folder, one)).isFile())
    if (kind < 35 && depth < 3) {
      mkdirSync(full)
      fill(random, { folder, below: path, depth: depth + 1, paths })
      chmodSync(full, random.pick(directoryModes))
    } else if (kind < 53) symlinkSync(random.pick(targets), full)
    else if (kind < 63 && files.length > 0) linkSync(join(folder, random.pick(files)), full)
    else {
      writeFileSync(full, random.below(6) === 0 ? '' : `${path} ${random.below(1000)}\n`)
      chmodSync(full, random.pick(modes))
    }
    paths.push(path)
  }
}

function randomMembers({ below, pick }: Chance): Member[] {
  const members: Member[] = []
  const used = new Set<string>()
  const places = ['', './', 'd/', 'x/', 'd/deep/', 'l/', 'abs/']
  for (let count = 1 + below(6); count > 0; count--) {
    const name = pick(places) + pick(['a', 'b', 'd', 'l', 'k', '.h', 'x'])
    const plain = name.replace('./', '')
    if (used.has(plain)) continue
    used.add(plain)
    const owner = { uid: below(3), gid: below(3), mtime: 1_000_000_000 + below(1000) }
    const files = members.filter(({ type }) => type === undefined)
    const kind = below(100)
    if (kind < 25) members.push({ name: `${name}/`, type: 'directory', mode: pick(directoryModes), ...owner })
    else if (kind < 40) members.push({ name, type: 'symlink', link: pick(targets), ...owner })
    else if (kind < 48 && files.length > 0) members.push({ name, type: 'link', link: pick(files).name, ...owner })
    else members.push({ name, text: `in an archive ${below(100)}`, mode: pick(modes), ...owner })
  }
  return members
}

const destinations = ['@/x', '@/x/', '@/merge', '@/merge/', '@/real/', '@/abs', '@/abs/k', '@/rel/', '@/up/n', '@/lf']
const further = ['@/dangling', '@/n/m/', '@/merge/s', '@/merge/f', '@/file', '@', '@/', '@/x/../y', '@/d/d']
const wild = ['.', '*', '*.txt', '?', '[a-d]', '*/*', '*d*', 'nothere*', 'd*', '.*', '[^a]', 'S*', '*/?', 'd/*', './/']
const fromStage = [
  '/t',
  '/t/',
  '/t/f',
  '/t/s',
  '/t/*',
  '/to-t',
  '/to-t/f',
  '/to-*',
  '/deep',
  '/etc/passwd',
  '/t/l',
  '/*',
]
// An older builder leaves links out of an archive to their owners.
const owners = ['5', '5:6', ':7', '8:', 'app', 'app:staff', 'no:staff', 'odd', 'root:5', '3:staff']
const ownersOfLinked = ['5', '5:6', '8:', '0:3']

/** How a case is made. */
export interface CaseOptions {
  /** Flags and forms that the builder of Debian's docker.io does not know, or knows otherwise. */
  readonly newer: boolean
}

/** One to three lines; `@` is the directory of the case. */
export function randomCase(random: Chance, paths: readonly string[], { newer }: CaseOptions): string {
  return Array.from({ length: 1 + random.below(3) }, () => randomLine(random, paths, newer)).join('\n')
}

/** One line; `@` is the directory of the case. */
export function randomLine({ below, pick }: Chance, paths: readonly string[], newer: boolean): string {
  const chance = (percent: number) => below(100) < percent
  if (chance(7)) return `WORKDIR ${pick(['/@/w/q', '/@/abs/wd', '/@/merge', '/@/rel/../v', '/@/dangling'])}`
  if (newer && chance(6))
    return `COPY ${chance(30) ? '--chmod=640 ' : ''}<<${pick(['E', '-E', '"E"'])} ${pick(destinations)}\n\ttext $PATH \\\\ "q"\nE`
  const keyword = chance(25) ? 'ADD' : 'COPY'
  const staged = keyword === 'COPY' && chance(30)
  const linked = newer && chance(12)
  const parents = newer && keyword === 'COPY' && chance(15)
  const source = () => {
    const path = staged ? pick(fromStage) : chance(72) ? pick(paths).replace(/[[\]]/g, bracket) : pick(wild)
    return parents && chance(40) ? path.replace('/', '/./') : path
  }
  const sources = Array.from({ length: chance(80) ? 1 : 2 }, source)
  const flags = [
    staged ? '--from=src' : '',
    chance(20) && (newer || keyword === 'COPY') ? `--chown=${pick(linked ? ownersOfLinked : owners)}` : '',
    newer && chance(12) && !linked ? `--chmod=${pick(symbolicToo)}` : '',
    linked ? '--link' : '',
    parents ? '--parents' : '',
    newer && chance(12) ? `--exclude=${pick(['*.txt', '**/a', 'a', 'd', '**', '*', '!a', 'd/**', 'd/*', '.h'])}` : '',
    newer && keyword === 'ADD' && chance(12) ? pick(['--unpack', '--unpack=false']) : '',
  ].filter((flag) => flag !== '')
  const dest = newer && chance(3) ? '@/q/.' : pick(chance(60) ? destinations : further)
  return [keyword, ...flags, ...sources, dest].join(' ')
}

// An older builder keeps the setuid, setgid and sticky bits that a numeric mode takes away.
const symbolicToo = [
  ...['755', '600', '4755', '1777', '2711', '0', 'u=rwX,go=rX', 'g+s', '+x', 'a-w', 'u=g', 'go=u', 'u+s,g-x'],
  ...['o+t', '+t', 'a=X', 'u=rwu', '=', 'u=,g=rw', 'ug+rw-x', 'a+X', 'go-rwx,u+x', 'u=wg,o=ru', '+X-w', 'g=o+x'],
]

const bracket = (letter: string) => (letter === '[' ? '[[]' : letter)
