/** A store small enough to see through, and a busybox root file system, for the tests of RUN. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ExecMount, type ExecOptions, runExec } from '../../../sdk/engine/op/exec.ts'
import type { BuildEvent, Layer, Secrets } from '../../../sdk/engine/ports.ts'
import type { ExecMeta, ExecOp } from '../../../sdk/plan/op.ts'

const applets =
  'sh true false ls cat mount umount id sleep touch mkdir ln rm rmdir env head echo readlink stat mknod hostname chmod chown pwd grep wc ps kill mv cp test seq dd ip nc df tail sync find sort tr'

let layers = 0

/** A store whose layers are plain directories. */
export class Bench {
  readonly folder: string
  readonly events: BuildEvent[] = []
  readonly secrets = new Map<string, string>()
  readonly agents = new Map<string, string>()

  /** @param folder  of another bench, to work in the same store */
  constructor(folder?: string) {
    this.folder = folder ?? mkdtempSync(join(tmpdir(), 'imgsdk-run-'))
    mkdirSync(join(this.folder, 'tmp'), { recursive: true })
  }

  layer(directory: string): Layer {
    const never = () => Promise.reject(new Error('not needed here'))
    return { id: directory, directory: async () => directory, index: never, tar: never }
  }

  /** A new layer directory, filled by a function. */
  make(fill: (folder: string) => void): Layer {
    return this.layer(this.fill(fill))
  }

  fill(fill: (folder: string) => void): string {
    const folder = join(this.folder, `layer-${process.pid}-${layers++}`)
    mkdirSync(folder)
    fill(folder)
    return folder
  }

  busybox(): Layer {
    return this.layer(this.busyboxFolder())
  }

  busyboxFolder(): string {
    return this.fill((folder) => {
      for (const name of ['bin', 'etc', 'tmp', 'root', 'dev', 'proc', 'sys']) mkdirSync(join(folder, name))
      cpSync('/bin/busybox', join(folder, 'bin/busybox'))
      for (const name of applets.split(' ')) symlinkSync('busybox', join(folder, 'bin', name))
      writeFileSync(join(folder, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\napp:x:1000:1001::/home/app:/bin/sh\n')
      writeFileSync(join(folder, 'etc/group'), 'root:x:0:\nwheel:x:10:root,app\nstaff:x:50:app\napp:x:1001:\n')
    })
  }

  options(more: Partial<ExecOptions> = {}): ExecOptions {
    const secrets: Secrets = {
      get: async (id) => (this.secrets.has(id) ? Buffer.from(this.secrets.get(id)!) : undefined),
      agent: async (id) => this.agents.get(id),
    }
    const store: ExecOptions['store'] = {
      folder: this.folder,
      temporary: async () => {
        const path = mkdtempSync(join(this.folder, 'tmp/'))
        return { path, remove: async () => rmSync(path, { recursive: true, force: true }) }
      },
      layers: {
        get: async () => undefined,
        pack: () => Promise.reject(new Error('not needed here')),
        base: () => Promise.reject(new Error('not needed here')),
        copy: () => Promise.reject(new Error('not needed here')),
        fused: () => {
          throw new Error('not needed here')
        },
        adopt: async (directory) => {
          const path = join(this.folder, `layer-${process.pid}-${layers++}`)
          renameSync(directory, path)
          return this.layer(path)
        },
      },
    }
    return { store, secrets, allow: { insecure: false, hostNetwork: false }, name: 'RUN', ...more }
  }

  /** What was written to stdout and stderr so far. */
  said(stream?: 'stdout' | 'stderr'): string {
    const wanted = this.events.flatMap((event) =>
      event.type === 'log' && (stream ?? event.stream) === event.stream ? [event.bytes] : [],
    )
    return Buffer.concat(wanted).toString()
  }

  async run(script: string, more: RunMore = {}) {
    const { layers = [], op, meta, mounts = [], signal = new AbortController().signal, ...options } = more
    this.events.length = 0
    const exec: ExecOp = {
      meta: { args: ['/bin/sh', '-c', script], env: [], cwd: '/', ...meta },
      ...op,
      mounts: [{ input: 0, dest: '/', output: 0 }, ...(op?.mounts ?? [])],
    }
    const io = { id: 'v', signal, emit: (event: BuildEvent) => void this.events.push(event) }
    const { outputs } = await runExec(exec, [{ snapshot: { layers } }, ...mounts], this.options(options), io)
    const directory = await outputs[0]!.directory()
    return { outputs, layer: outputs[0]!, directory, said: this.said(), out: this.said('stdout') }
  }

  remove(): void {
    if (existsSync(this.folder)) rmSync(this.folder, { recursive: true, force: true })
  }
}

export interface RunMore extends Partial<ExecOptions> {
  readonly layers?: readonly Layer[]
  readonly op?: Partial<ExecOp>
  readonly meta?: Partial<ExecMeta>
  readonly mounts?: readonly ExecMount[]
  readonly signal?: AbortSignal
}
