/** A tar archive of a few, perhaps large, files: the frame of an image archive. */
import type { Pack } from 'tar-stream'

type Sink = ReturnType<Pack['entry']>

/** A file of an archive, or with a name that ends in `/`, a directory. */
export interface ArchiveFile {
  readonly name: string
  /** Bytes. */
  readonly size: number
  read(): AsyncIterable<Uint8Array> | Iterable<Uint8Array>
}

/**
 * The bytes of the archive, files in the order given, all dated 1970: the same files make the same bytes.
 * Each file is read when its turn comes; what reading throws, this throws.
 */
export async function* packArchive(files: Iterable<ArchiveFile>): AsyncGenerator<Uint8Array> {
  const { pack } = await import('tar-stream')
  const tar = pack()
  const feeding = feed()
  feeding.catch((error: Error) => tar.destroy(error))
  try {
    yield* tar as AsyncIterable<Uint8Array>
  } finally {
    tar.destroy()
    // Where feeding failed, the reader above has the error already, or does not want it.
    await feeding.catch(() => {})
  }

  async function feed(): Promise<void> {
    for (const { name, size, read } of files) {
      const isDirectory = name.endsWith('/')
      const mode = isDirectory ? 0o755 : 0o444
      const sink = tar.entry({ name, size, mode, mtime: new Date(0), type: isDirectory ? 'directory' : 'file' })
      if (isDirectory) continue
      // A sink also fails when the archive does; whoever waits for it below is told by its closing.
      sink.on('error', () => {})
      for await (const piece of read()) await write(sink, piece)
      await end(sink)
    }
    tar.finalize()
  }
}

/** A file whose content is at hand. */
export function textFile(name: string, content: string | Uint8Array): ArchiveFile {
  const bytes = Buffer.from(content)
  return { name, size: bytes.length, read: () => [bytes] }
}

function write(sink: Sink, piece: Uint8Array): Promise<void> | undefined {
  if (sink.write(piece)) return undefined
  return settled(sink, 'drain')
}

function end(sink: Sink): Promise<void> {
  const done = settled(sink, 'finish')
  sink.end(null)
  return done
}

/** The sink's next event, or a failure where it closes first. */
function settled(sink: Sink, event: 'drain' | 'finish'): Promise<void> {
  return new Promise((done, fail) => {
    const onClose = () => {
      sink.off(event, onEvent)
      fail(new Error('the archive was closed'))
    }
    const onEvent = () => {
      sink.off('close', onClose)
      done()
    }
    sink.once(event, onEvent).once('close', onClose)
  })
}
