/** Root file systems to build on: made once, kept in the temporary folder of the machine. */
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestEntry, tarOf } from './image.ts'
import { must } from './program.ts'

/** The tar of a tiny root: busybox with its applets, `/etc/passwd`, `/tmp`. Needs `busybox` (static). */
export function busyboxRootfs(): Promise<string> {
  return once('imgsdk-busybox-rootfs-1.tar', async (path) => {
    const applets = (await must('busybox', ['--list'])).trim().split('\n')
    const binary = await readFile(await busyboxPath())
    const links = applets.filter((name) => name !== 'busybox').map((name) => link(`bin/${name}`))
    const entries: Record<string, TestEntry> = {
      ...Object.fromEntries(
        ['bin/', 'dev/', 'etc/', 'proc/', 'root/', 'sys/', 'usr/', 'var/'].map((name) => [name, '']),
      ),
      'tmp/': { mode: 0o1777 },
      'bin/busybox': { mode: 0o755, content: binary },
      ...Object.fromEntries(links),
      'etc/passwd': 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n',
      'etc/group': 'root:x:0:\nnogroup:x:65534:\n',
    }
    await writeFile(path, await tarOf(entries))
  })
}

/** The tar of a Debian bookworm `minbase` root, about 150 MB. Needs `mmdebstrap`; the first call takes 15 s. */
export function debianRootfs(): Promise<string> {
  return once('imgsdk-bookworm-rootfs-1.tar', async (path) => {
    await must('mmdebstrap', ['--variant=minbase', '--format=tar', 'bookworm', path])
  })
}

function link(name: string): readonly [string, TestEntry] {
  return [name, { type: 'link', linkname: 'bin/busybox', mode: 0o755 }]
}

async function busyboxPath(): Promise<string> {
  return (await must('sh', ['-c', 'command -v busybox'])).trim()
}

async function once(name: string, make: (path: string) => Promise<void>): Promise<string> {
  const path = join(tmpdir(), name)
  if (existsSync(path)) return path
  const making = `${path}.${randomBytes(6).toString('hex')}`
  try {
    await make(making)
    await rename(making, path)
  } finally {
    await rm(making, { force: true })
  }
  return path
}
