/**
 * What Node has no call for: extended attributes and device nodes. By koffi where it is installed, which calls libc directly (20,000 lookups
 * in 33 ms); else by the programs getfattr, setfattr and mknod, a batch at a time. Long because the two ways are kept side by side: a change
 * to one is a change to the other.
 */
import { execFile } from 'node:child_process'
import { constants } from 'node:os'
import { ImgError } from '../../error.ts'
import { decodeName, encodeName } from '../name.ts'
import { keepXattr } from './xattr.ts'

/** Attributes by full name. */
export type Xattrs = Readonly<Record<string, Uint8Array>>

/** A device, or a fifo (without numbers), to be made. `mode` has no type bits. */
export interface NodeToMake {
  readonly path: string
  readonly type: 'character-device' | 'block-device' | 'fifo'
  readonly major: number
  readonly minor: number
  readonly mode: number
}

/** Paths are of files that the caller has made himself in a folder that is his alone; links are not followed. */
export interface Native {
  /** The attributes that a layer carries, and overlayfs' marks, of files and directories below a folder: path from there → attributes. */
  readXattrs(folder: string, paths: readonly string[]): Promise<Map<string, Xattrs>>
  writeXattrs(files: readonly { readonly path: string; readonly xattrs: Xattrs }[]): Promise<void>
  makeNodes(nodes: readonly NodeToMake[]): Promise<void>
}

/** The marks of overlayfs that a directory is opaque. Source: kernel, filesystems/overlayfs. */
export const opaqueMarks = ['trusted.overlay.opaque', 'user.overlay.opaque'] as const

let loaded: Promise<Native> | undefined

/** The way that works here, looked for once. */
export function native(): Promise<Native> {
  loaded ??= loadLibc().then((libc) => libc ?? programs)
  return loaded
}

const wanted = (name: string) => keepXattr(name) || (opaqueMarks as readonly string[]).includes(name)

/** What is used of koffi. */
interface Koffi {
  load(path: string | null): { func(signature: string): (...args: unknown[]) => number }
  errno(): number
}

/** libc through koffi; undefined where koffi is not installed, or not for this system. */
export async function loadLibc(): Promise<Native | undefined> {
  if (process.platform !== 'linux') return undefined
  const name = 'koffi' // a variable: the package is optional, and the compiler must not look for it
  try {
    const koffi = ((await import(name)) as { default: Koffi }).default
    return libcNative(koffi)
  } catch {
    return undefined
  }
}

function libcNative(koffi: Koffi): Native {
  const libc = koffi.load(null)
  const llistxattr = libc.func('int64_t llistxattr(const void *path, void *list, uint64_t size)')
  const lgetxattr = libc.func('int64_t lgetxattr(const void *path, const char *name, void *value, uint64_t size)')
  const lsetxattr = libc.func(
    'int lsetxattr(const void *path, const char *name, void *value, uint64_t size, int flags)',
  )
  const mknod = libc.func('int mknod(const void *path, unsigned int mode, uint64_t device)')
  const list = Buffer.alloc(64 << 10) // bytes; the kernel's own limit, for names and for a value
  const value = Buffer.alloc(64 << 10)
  const fail = (call: string, path: string): never => {
    throw systemError(koffi.errno(), call, path)
  }
  return {
    async readXattrs(folder, paths) {
      const found = new Map<string, Xattrs>()
      for (const path of paths) {
        const full = `${folder}/${path}`
        const size = llistxattr(cString(full), list, list.length)
        if (size < 0 && koffi.errno() !== constants.errno.ENOTSUP) fail('llistxattr', full)
        if (size <= 0) continue
        const xattrs: Record<string, Uint8Array> = {}
        for (const name of list
          .toString('utf8', 0, size - 1)
          .split('\0')
          .filter(wanted)) {
          const length = lgetxattr(cString(full), name, value, value.length)
          if (length < 0) fail('lgetxattr', full)
          xattrs[name] = Buffer.from(value.subarray(0, length))
        }
        if (Object.keys(xattrs).length > 0) found.set(path, xattrs)
      }
      return found
    },
    async writeXattrs(files) {
      for (const { path, xattrs } of files) {
        for (const [name, bytes] of Object.entries(xattrs)) {
          if (lsetxattr(cString(path), name, Buffer.from(bytes), bytes.length, 0) < 0) fail('lsetxattr', path)
        }
      }
    },
    async makeNodes(nodes) {
      for (const { path, type, major, minor, mode } of nodes) {
        if (mknod(cString(path), typeBits[type] | mode, deviceNumber(major, minor)) < 0) fail('mknod', path)
      }
    },
  }
}

/** A path as C has it. */
const cString = (path: string) => encodeName(`${path}\0`)

const typeBits = { 'character-device': 0o020000, 'block-device': 0o060000, fifo: 0o010000 } as const

/** Source: glibc, makedev(3). */
function deviceNumber(major: number, minor: number): bigint {
  const [big, small] = [BigInt(major), BigInt(minor)]
  return (small & 0xffn) | ((big & 0xfffn) << 8n) | ((small & ~0xffn) << 12n) | ((big & ~0xfffn) << 32n)
}

function systemError(errno: number, syscall: string, path: string): Error {
  const code = Object.entries(constants.errno).find(([, number]) => number === errno)?.[0] ?? `errno ${errno}`
  return Object.assign(new Error(`${code}: ${syscall} '${path}'`), { code, errno: -errno, syscall, path })
}

/** The programs of attr and coreutils. */
export const programs: Native = {
  async readXattrs(folder, paths) {
    const found = new Map<string, Xattrs>()
    if (paths.length === 0) return found
    const asked = new Set(paths)
    const text = await run(
      'getfattr',
      ['-R', '-P', '-h', '-d', '-m', '-', '-e', 'hex', '--absolute-names', folder],
      '',
      'attr',
    )
    for (const block of text.split('\n\n')) {
      const [first = '', ...lines] = block.trimStart().split('\n')
      const path = unescapeOctal(first.replace(/^# file: /, '')).slice(folder.length + 1)
      const pairs = lines.map((line) => line.split('=0x') as [string, string?]).filter(([name]) => wanted(name))
      if (pairs.length === 0 || !asked.has(path)) continue
      found.set(
        path,
        Object.fromEntries(pairs.map(([name, hex]) => [unescapeOctal(name), Buffer.from(hex ?? '', 'hex')])),
      )
    }
    return found
  },
  async writeXattrs(files) {
    if (files.length === 0) return
    const blocks = files.map(({ path, xattrs }) => {
      const lines = Object.entries(xattrs).map(
        ([name, value]) => `${escapeOctal(name)}=0x${Buffer.from(value).toString('hex')}`,
      )
      return [`# file: ${escapeOctal(path)}`, ...lines, ''].join('\n')
    })
    await run('setfattr', ['-h', '--restore=-'], `${blocks.join('\n')}\n`, 'attr')
  },
  async makeNodes(nodes) {
    if (nodes.length === 0) return
    const letter = { 'character-device': 'c', 'block-device': 'b', fifo: 'p' } as const
    const lines = nodes.map(({ path, type, major, minor, mode }) => {
      const numbers = type === 'fifo' ? '' : ` ${major} ${minor}`
      return `mknod -m ${mode.toString(8).padStart(4, '0')} -- ${quote(path)} ${letter[type]}${numbers}`
    })
    await run('sh', ['-e'], `umask 0\n${lines.join('\n')}\n`, 'coreutils')
  },
}

/** Runs a program of the host with a fixed search path and plain messages; its output byte by byte. */
function run(program: string, args: readonly string[], input: string, from: string): Promise<string> {
  const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' }
  return new Promise((resolve, reject) => {
    const options = { env, encoding: 'latin1', maxBuffer: 1 << 30 } as const
    const child = execFile(program, args, options, (error, stdout, stderr) => {
      if (!error) return resolve(stdout)
      const missing = (error as NodeJS.ErrnoException).code === 'ENOENT'
      if (!missing) return reject(/No space left/.test(stderr) ? Object.assign(error, { code: 'ENOSPC' }) : error)
      const message = `"${program}" is needed for extended attributes and device nodes, and is not installed`
      reject(
        new ImgError('UNSUPPORTED', message, {
          hint: `install the package "${from}", or "npm install koffi"`,
          cause: error,
        }),
      )
    })
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(encodeName(input))
  })
}

/** The text of bytes in which getfattr has written some as `\ooo`. */
function unescapeOctal(text: string): string {
  const bytes = text.replace(/\\([0-7]{3})/g, (_, digits) => String.fromCharCode(Number.parseInt(digits, 8)))
  return decodeName(Buffer.from(bytes, 'latin1'))
}

function escapeOctal(text: string): string {
  return [...encodeName(text)]
    .map((byte) =>
      byte <= 0x20 || byte >= 0x7f || byte === 0x5c || byte === 0x3d
        ? `\\${byte.toString(8).padStart(3, '0')}`
        : String.fromCharCode(byte),
    )
    .join('')
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
