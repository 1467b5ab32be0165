/** Progress on a terminal: what is finished scrolls up, what runs is redrawn below it. */
import type { Terminal } from '../terminal.ts'
import { type Lines, lineSplitter } from './lines.ts'
import { liveLines, type RunningStep, rowsOf, stepLine, tailLines } from './live.ts'
import type { Progress } from './progress.ts'
import { harmless, styleOf } from './style.ts'
import { duration, size } from './units.ts'

interface Step extends RunningStep {
  readonly splitters: Map<string, Lines>
  tail: string[]
  state: string
}

/** Redrawn at most this often. */
const every = 80

/** Lines are cut at the edges of the terminal: one that wraps, or that has scrolled away, could not be redrawn. */
export function livelyProgress(terminal: Terminal): Progress {
  const style = styleOf(terminal.colour)
  const running = new Map<string, Step>()
  const began = performance.now()
  let finished = 0
  let above = ''
  let drawn: readonly string[] = []
  let timer: NodeJS.Timeout | undefined = setInterval(draw, every)
  timer.unref()

  function draw(): void {
    const now = performance.now()
    const head = `[+] ${duration(now - began)}, ${finished} done, ${running.size} running`
    const lines = liveLines([...running.values()], { head, now, style }, terminal)
    const erase = drawn.length > 0 ? `\x1b[${rowsOf(drawn, terminal)}A\r\x1b[J` : ''
    const text = erase + above + lines.map((line) => `${line}\n`).join('')
    if (text !== '') terminal.err(text)
    above = ''
    drawn = lines
  }

  function start(id: string, name: string): Step {
    const step = { name, started: performance.now(), splitters: new Map(), tail: [], state: '' }
    running.set(id, step)
    return step
  }

  function settle(id: string, mark: string, right: string): Step | undefined {
    const step = running.get(id)
    running.delete(id)
    finished++
    if (step) above += `${stepLine(mark, step.name, style.dim(right), terminal.columns)}\n`
    return step
  }

  return {
    event(event) {
      switch (event.type) {
        case 'warning':
          above += `${style.yellow('WARNING')} ${event.at ? `${event.at.file}:${event.at.line}: ` : ''}${harmless(event.message)}\n`
          return
        case 'start':
          start(event.id, event.name)
          return
        case 'cached':
          start(event.id, event.name)
          settle(event.id, '=>', 'CACHED')
          return
        case 'progress': {
          const step = running.get(event.id) ?? start(event.id, event.name)
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
          if (event.cancelled) {
            settle(event.id, '=>', 'CANCELED')
            return
          }
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
