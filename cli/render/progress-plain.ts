/** Progress as lines that are never rewritten: for logs, pipes and CI. */
import type { Terminal } from '../terminal.ts'
import { type Lines, lineSplitter } from './lines.ts'
import type { Progress } from './progress.ts'
import { harmless, styleOf } from './style.ts'
import { duration, size } from './units.ts'

interface Step {
  readonly number: number
  readonly lines: Map<string, Lines>
  started: number
  /** The share of a transfer that was last told, in quarters. */
  quarter: number
}

/** `#3 [build 2/5] RUN make`, `#3 0.214 <output>`, `#3 DONE 1.2s`: the form of BuildKit's plain progress. */
export function plainProgress(terminal: Terminal): Progress {
  const style = styleOf(terminal.colour)
  const steps = new Map<string, Step>()
  const say = (step: Step, text: string) => terminal.err(`#${step.number} ${text}\n`)
  const named = (id: string, name: string): Step => {
    const known = steps.get(id)
    if (known) return known
    const step = { number: steps.size + 1, lines: new Map(), started: performance.now(), quarter: 0 }
    steps.set(id, step)
    say(step, harmless(name))
    return step
  }
  const seconds = (step: Step) => ((performance.now() - step.started) / 1000).toFixed(3)
  const finish = (step: Step) => {
    for (const lines of step.lines.values()) {
      const line = lines.rest()
      if (line !== '') say(step, `${seconds(step)} ${harmless(line, terminal.colour)}`)
    }
    step.lines.clear()
  }

  return {
    event(event) {
      if (event.type === 'warning') {
        terminal.err(
          `${style.yellow('WARNING')} ${event.at ? `${event.at.file}:${event.at.line}: ` : ''}${harmless(event.message)}\n`,
        )
        return
      }
      if (event.type === 'start') {
        named(event.id, event.name).started = performance.now()
        return
      }
      const step = named(event.id, 'name' in event ? event.name : event.id)
      if (event.type === 'cached') say(step, style.cyan('CACHED'))
      if (event.type === 'log') {
        const lines = step.lines.get(event.stream) ?? lineSplitter()
        step.lines.set(event.stream, lines)
        for (const line of lines.push(event.bytes)) say(step, `${seconds(step)} ${harmless(line, terminal.colour)}`)
      }
      if (event.type === 'progress' && event.total) {
        const quarter = Math.floor((event.current / event.total) * 4)
        if (quarter > step.quarter)
          say(step, `${size(event.current)} / ${size(event.total)} ${duration(performance.now() - step.started)}`)
        step.quarter = Math.max(step.quarter, quarter)
      }
      if (event.type === 'done') {
        finish(step)
        say(step, style.green(`DONE ${duration(event.milliseconds)}`))
      }
      if (event.type === 'failed') {
        finish(step)
        if (event.cancelled) say(step, style.yellow('CANCELED'))
        else say(step, style.red(`ERROR: ${harmless(event.message)}`))
      }
    },
    end() {
      for (const step of steps.values()) finish(step)
    },
  }
}
