/** Progress on a terminal: what is finished scrolls up, what runs is redrawn below it. */
import type { Terminal } from '../terminal.ts'
import { type Lines, lineSplitter } from './lines.ts'
import type { Progress } from './progress.ts'
import { harmless, styleOf } from './style.ts'
import { duration, size } from './units.ts'

interface Step {
  readonly name: string
  readonly started: number
  readonly splitters: Map<string, Lines>
  /** The last lines of output. */
  tail: string[]
  state: string
}

/** Of each running step, so many lines of output are shown. */
const tailLines = 5
/** Redrawn at most this often. */
const every = 80

/** Lines are cut at the edge of the terminal: one that wraps could not be redrawn. */
export function livelyProgress(terminal: Terminal): Progress {
  const style = styleOf(terminal.colour)
  const running = new Map<string, Step>()
  const began = performance.now()
  let finished = 0
  let above = ''
  let drawn = 0
  let timer: NodeJS.Timeout | undefined = setInterval(draw, every)
  timer.unref()

  const cut = (text: string, room: number) => [...harmless(text)].slice(0, Math.max(0, room)).join('')
  const row = (mark: string, name: string, right: string) => {
    const room = terminal.columns - right.length - mark.length - 6
    const text = cut(name, room)
    return ` ${mark} ${text}${' '.repeat(Math.max(0, room - [...text].length))}  ${style.dim(right)}`
  }

  function draw(): void {
    const now = performance.now()
    const lines = [...running.values()].flatMap((step) => [
      row('=>', step.name, step.state || duration(now - step.started)),
      ...step.tail.map((line) => style.dim(` => => ${cut(line, terminal.columns - 8)}`)),
    ])
    const head =
      running.size > 0 ? [style.bold(`[+] ${duration(now - began)}, ${finished} done, ${running.size} running`)] : []
    const live = [...head, ...lines]
    const erase = drawn > 0 ? `\x1b[${drawn}A\r\x1b[J` : ''
    const text = erase + above + live.map((line) => `${line}\n`).join('')
    if (text !== '') terminal.err(text)
    above = ''
    drawn = live.length
  }

  function settle(id: string, mark: string, right: string): Step | undefined {
    const step = running.get(id)
    running.delete(id)
    finished++
    if (step) above += `${row(mark, step.name, right)}\n`
    return step
  }

  return {
    event(event) {
      switch (event.type) {
        case 'warning':
          above += `${style.yellow('WARNING')} ${event.at ? `${event.at.file}:${event.at.line}: ` : ''}${harmless(event.message)}\n`
          return
        case 'start':
          running.set(event.id, {
            name: event.name,
            started: performance.now(),
            splitters: new Map(),
            tail: [],
            state: '',
          })
          return
        case 'cached':
          running.set(event.id, {
            name: event.name,
            started: performance.now(),
            splitters: new Map(),
            tail: [],
            state: '',
          })
          settle(event.id, '=>', 'CACHED')
          return
        case 'progress': {
          const known = running.get(event.id)
          const step = known ?? {
            name: event.name,
            started: performance.now(),
            splitters: new Map(),
            tail: [],
            state: '',
          }
          running.set(event.id, step)
          step.state = event.total ? `${size(event.current)} / ${size(event.total)}` : size(event.current)
          return
        }
        case 'log': {
          const step = running.get(event.id)
          if (!step) return
          const splitter = step.splitters.get(event.stream) ?? lineSplitter()
          step.splitters.set(event.stream, splitter)
          step.tail = [...step.tail, ...splitter.push(event.bytes)].slice(-tailLines)
          return
        }
        case 'done':
          settle(event.id, '=>', duration(event.milliseconds))
          return
        case 'failed': {
          const step = settle(event.id, style.red('=> ERROR'), '')
          const lines = [...(step?.tail ?? []), ...[...(step?.splitters.values() ?? [])].map((lines) => lines.rest())]
          above += lines
            .filter((line) => line !== '')
            .map((line) => ` => => ${harmless(line, terminal.colour)}\n`)
            .join('')
        }
      }
    },
    end() {
      clearInterval(timer)
      timer = undefined
      running.clear()
      draw()
    },
  }
}
