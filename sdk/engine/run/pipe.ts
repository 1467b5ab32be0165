/** The reading ends of the pipes that containers write to. */
import { Socket } from 'node:net'

/** Reads a pipe to its end, which comes when the cell and everything in it is gone. */
export function drain(pipe: number, take: (bytes: Uint8Array) => void): Promise<void> {
  return new Promise((resolve) => {
    const socket = new Socket({ fd: pipe, readable: true, writable: false })
    socket.on('data', take)
    socket.on('error', () => {})
    socket.once('close', () => resolve())
  })
}
