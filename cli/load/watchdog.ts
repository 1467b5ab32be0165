/** Ends a process whose main thread is caught in a loop, and says where it is. */
import { writeSync } from 'node:fs'
import process from 'node:process'
import { Worker } from 'node:worker_threads'
import { ImgError } from '../../sdk/error.ts'
import { renderError } from '../render/error.ts'
import { mapGenerated } from './locate.ts'

/** The worker stops the main thread with the inspector, and has it call `report` in the frame where it is. */
const watcher = `
const { workerData } = require('node:worker_threads')
const { Session } = require('node:inspector')
setTimeout(() => {
  const session = new Session()
  session.connectToMainThread()
  session.on('Debugger.paused', ({ params }) => {
    const frames = params.callFrames.map(({ url, location }) => [url, location.lineNumber + 1, (location.columnNumber ?? 0) + 1])
    const expression = 'globalThis[Symbol.for("imgsdk.endless")](' + JSON.stringify(frames) + ')'
    session.post('Debugger.evaluateOnCallFrame', { callFrameId: params.callFrames[0].callFrameId, expression })
  })
  session.post('Debugger.enable')
  session.post('Debugger.pause')
}, workerData.seconds * 1000)
`

type Frame = readonly [url: string, line: number, column: number]

/** Starts watching; the process ends with status 1 unless `stop` is called within the time. `before` runs just before that. */
export function watchMainThread(file: string, seconds: number, before: () => void): { stop(): void } {
  const key = Symbol.for('imgsdk.endless')
  const report = (frames: readonly Frame[]) => {
    const at = frames.map((frame) => mapGenerated(...frame)).find((found) => found !== undefined) ?? { file, line: 1 }
    const error = new ImgError(
      'IMAGE_FILE_FAILED',
      `it was still running after ${seconds} s, in a loop that does not end`,
      {
        at,
        hint: 'set IMGSDK_LOAD_TIMEOUT to a number of seconds to allow it more',
      },
    )
    before()
    writeSync(2, renderError(error))
    process.exit(1)
  }
  Object.defineProperty(globalThis, key, { value: report, configurable: true })
  const worker = new Worker(watcher, { eval: true, workerData: { seconds }, stdin: false, execArgv: [] })
  worker.unref()
  // Without the inspector (some builds of Node lack it) there is nobody to watch; Ctrl-C still works.
  worker.on('error', () => {})
  return {
    stop() {
      Reflect.deleteProperty(globalThis, key)
      void worker.terminate()
    },
  }
}
