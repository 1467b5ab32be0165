/** The pipes that containers write to. */
import { Socket } from 'node:net'
import { word } from './shell-text.ts'

/**
 * A script that opens two pipes for writing, as descriptors 4 and 5, and never waits for a reader: we, who read, may have been killed
 * by then, and the shell must come to see that. Who opens a pipe both ways waits for nobody.
 */
export function openForWriting(out: string, err: string): string {
  return `exec 6<>${word(out)} 7<>${word(err)} 4>${word(out)} 5>${word(err)} 6>&- 7>&-`
}

/** Reads a pipe to its end, which comes when the cell and everything in it is gone. */
export function drain(pipe: number, take: (bytes: Uint8Array) => void): Promise<void> {
  return new Promise((resolve) => {
    const socket = new Socket({ fd: pipe, readable: true, writable: false })
    socket.on('data', take)
    socket.on('error', () => {})
    socket.once('close', () => resolve())
  })
}
