/** Stages for Dockerfiles of many cases, each of which has a directory of its own. */
import type { Member } from './archive.ts'

/** What stands below the directory of each case before its lines run. Absolute links point into the same directory. */
export const base = (root: string): Member[] => [
  { name: `${root}/`, type: 'directory' },
  { name: `${root}/real/`, type: 'directory', mode: 0o750, uid: 5, gid: 6 },
  { name: `${root}/real/old`, text: 'old', uid: 5, mode: 0o600 },
  { name: `${root}/abs`, type: 'symlink', link: `/${root}/real` },
  { name: `${root}/rel`, type: 'symlink', link: 'real' },
  { name: `${root}/up`, type: 'symlink', link: `../../../../${root}/real` },
  { name: `${root}/lf`, type: 'symlink', link: 'real/old' },
  { name: `${root}/dangling`, type: 'symlink', link: 'made/here' },
  { name: `${root}/merge/`, type: 'directory', mode: 0o777, uid: 1, gid: 1 },
  { name: `${root}/merge/s/`, type: 'directory', mode: 0o700, uid: 1, gid: 1 },
  { name: `${root}/merge/s/mine`, text: 'mine' },
  { name: `${root}/merge/f`, type: 'symlink', link: '../real/old' },
  { name: `${root}/file`, text: 'a file' },
]

/** The stage that COPY --from takes from. No device and no FIFO: BuildKit's tar exporter of that age loses them. */
export const source: Member[] = [
  { name: 'etc/', type: 'directory' },
  { name: 'etc/passwd', text: 'root:x:0:0::/:/bin/sh\napp:x:1000:1001::/:\nodd:x:7\n' },
  { name: 'etc/group', text: 'root:x:0:\nstaff:x:50:\n' },
  { name: 't/', type: 'directory', mode: 0o2750, uid: 3, gid: 4, mtime: 77 },
  { name: 't/f', text: 'from', mode: 0o4755, uid: 3, gid: 4, mtime: 78 },
  { name: 't/s/', type: 'directory', mode: 0o711, uid: 8, gid: 9 },
  { name: 't/s/x', text: 'x' },
  { name: 't/s/hard', type: 'link', link: 't/s/x' },
  { name: 't/l', type: 'symlink', link: 's/x', uid: 3, gid: 3 },
  { name: 'to-t', type: 'symlink', link: '/t' },
  { name: 'deep/a/b/c', text: 'c' },
]

/** The lines of a case: `@` is its own directory. */
export const linesOf = (text: string, index: number): string => text.replaceAll('/@', '@').replaceAll('@', `/${index}`)
