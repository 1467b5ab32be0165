/** HEALTHCHECK: how to tell that the container works. */
import { ImgError } from '../error.ts'
import { countOf, textOf } from '../graph/given.ts'
import type { Healthcheck } from '../oci/types.ts'
import { instruction } from './define.ts'
import { type CommandLike, toCommand } from './part/command-line.ts'
import { count } from './shape/count.ts'
import { duration, parseDuration, printDuration } from './shape/duration.ts'
import { type Healthtest, healthtest } from './shape/healthtest.ts'

/** Times as `30s`, `1m30s`, or a number of milliseconds. */
export interface HealthcheckOptions {
  readonly interval?: string | number
  readonly timeout?: string | number
  readonly startPeriod?: string | number
  readonly startInterval?: string | number
  readonly retries?: number
}

/**
 * Sets how to tell that the container works: a command whose status 0 means healthy, or `'none'` to switch off an inherited check.
 *
 * @source Dockerfile reference, HEALTHCHECK
 */
export const healthcheck = instruction({
  keyword: 'HEALTHCHECK',
  summary: 'Sets how to tell that the container works.',
  flags: {
    interval: duration,
    timeout: duration,
    'start-period': duration,
    'start-interval': duration,
    retries: count,
  },
  args: { test: healthtest },
  build: (test: CommandLike | 'none', options: HealthcheckOptions = {}) => ({
    test: toTest(test),
    ...time('interval', options.interval),
    ...time('timeout', options.timeout),
    ...time('start-period', options.startPeriod),
    ...time('start-interval', options.startInterval),
    ...(options.retries === undefined ? {} : { retries: countOf(options.retries, 'retries of HEALTHCHECK') }),
  }),
  lower(args) {
    const { test } = args
    const Test =
      test.form === 'none' ? ['NONE'] : test.form === 'exec' ? ['CMD', ...test.args] : ['CMD-SHELL', test.text]
    const times = {
      Interval: args.interval ?? 0,
      Timeout: args.timeout ?? 0,
      StartPeriod: args['start-period'] ?? 0,
      StartInterval: args['start-interval'] ?? 0,
    }
    const Retries = args.retries ?? 0
    const shown = Object.entries(times).map(([name, value]) => `${name}:${printDuration(value)}`)
    const set = Object.entries({ ...times, Retries }).filter(([, value]) => value !== 0)
    return {
      config: { Healthcheck: { Test, ...Object.fromEntries(set) } as Healthcheck },
      history: `HEALTHCHECK {Test:[${Test.join(' ')}] ${shown.join(' ')} Retries:${Retries}}`,
    }
  },
  examples: [
    'HEALTHCHECK --interval=30s --retries=3 CMD curl -f http://localhost/',
    'HEALTHCHECK CMD ["/probe"]',
    'HEALTHCHECK NONE',
  ],
})

function toTest(test: CommandLike): Healthtest {
  if (test === 'none') return { form: 'none' }
  const command = toCommand(test, 'HEALTHCHECK')
  return command.form === 'exec' ? { form: 'exec', args: command.args } : { form: 'shell', text: command.text }
}

function time<K extends string>(name: K, value: string | number | undefined): { [P in K]?: number } {
  if (value === undefined) return {}
  const what = `${name} of HEALTHCHECK`
  const nanoseconds = typeof value === 'number' ? value * 1e6 : parseDuration(textOf(value, what, 'a duration, as 30s'))
  if (nanoseconds !== undefined) return { [name]: nanoseconds } as { [P in K]?: number }
  throw new ImgError('ARGUMENT_VALUE', `HEALTHCHECK ${name} "${value}" is not a duration`, {
    hint: 'write it as 30s, 1m30s or 500ms',
  })
}
