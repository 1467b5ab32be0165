/** Ends a process whose main thread is caught in a loop, and says where it is. */
import { closeSync, writeSync } from 'node:fs'
import process from 'node:process'
import { Worker } from 'node:worker_threads'
import { ImgError } from '../../sdk/error.ts'
import { renderError } from '../render/error.ts'
import { mapGenerated } from './locate.ts'

/**
 * The worker pauses the main thread with the inspector and has it call `report` in the frame where it is.
 * A session does not keep a thread alive, hence the interval.
 */
const watcher = `
const { parentPort, workerData } = require('node:worker_threads')
const { Session } = require('node:inspector')
setInterval(() => {}, 60_000)
parentPort.once('message', () => setTimeout(() => {
  const urls = new Map()
  const session = new Session()
  session.connectToMainThread()
  session.on('Debugger.scriptParsed', ({ params }) => urls.set(params.scriptId, params.url))
  session.on('Debugger.paused', ({ params }) => {
    const frames = params.callFrames.map(({ location }) =>
      [urls.get(location.scriptId) ?? '', location.lineNumber + 1, (location.columnNumber ?? 0) + 1])
    const expression = 'globalThis[Symbol.for("imgsdk.endless")](' + JSON.stringify(frames) + ')'
    session.post('Debugger.evaluateOnCallFrame', { callFrameId: params.callFrames[0].callFrameId, expression })
  })
  session.post('Debugger.enable', () => session.post('Debugger.pause'))
}, workerData.seconds * 1000))
`

type Frame = readonly [url: string, line: number, column: number]

/**
 * A watch over the main thread. Once it is started, the process ends with status 1 unless it is stopped within the time; `before` runs just
 * before that. Making it takes a thread some milliseconds, so it is made before it is needed.
 */
export function watchMainThread(file: string, seconds: number, before: () => void): { start(): void; stop(): void } {
  const key = Symbol.for('imgsdk.endless')
  // as it is now: it is taken away while the code runs
  const exit = process.exit.bind(process)
  const report = (frames: readonly Frame[]) => {
    const at = frames.map((frame) => mapGenerated(...frame)).find((found) => found !== undefined) ?? { file, line: 1 }
    const message = `it was still running after ${seconds} s, in a loop that does not end`
    const hint = 'set IMGSDK_LOAD_TIMEOUT to a number of seconds to allow it more'
    before()
    writeSync(2, renderError(new ImgError('IMAGE_FILE_FAILED', message, { at, hint })))
    // Node would add a line about the debugger, which is our own worker.
    closeSync(2)
    exit(1)
  }
  Object.defineProperty(globalThis, key, { value: report, configurable: true })
  const worker = new Worker(watcher, { eval: true, workerData: { seconds }, execArgv: [] })
  worker.unref()
  // Some builds of Node have no inspector; Ctrl-C still works there.
  worker.on('error', () => {})
  return {
    start: () => worker.postMessage('start'),
    stop() {
      Reflect.deleteProperty(globalThis, key)
      void worker.terminate()
    },
  }
}
