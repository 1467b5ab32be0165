/** STOPSIGNAL: the signal that asks the container to stop. */
import { ImgError } from '../error.ts'
import { wordOf } from '../graph/given.ts'
import { toTemplate } from '../graph/token.ts'
import { instruction } from './define.ts'
import { word } from './shape/word.ts'

/**
 * Sets the signal that asks the container to stop: a number, or a name with or without `SIG`.
 *
 * @source Dockerfile reference, STOPSIGNAL
 */
export const stopsignal = instruction({
  keyword: 'STOPSIGNAL',
  summary: 'Sets the signal that asks the container to stop.',
  args: { signal: word },
  swallowsFlags: true,
  build: (signal: string | number) => ({ signal: toTemplate(wordOf(signal, 'the signal of STOPSIGNAL')) }),
  lower({ signal }) {
    if (!isSignal(signal)) {
      throw new ImgError('ARGUMENT_VALUE', `STOPSIGNAL "${signal}" is not a signal`, {
        hint: 'use a number other than 0, or a name such as SIGTERM, INT or RTMIN+3',
      })
    }
    return { config: { StopSignal: signal }, history: `STOPSIGNAL ${signal}` }
  },
  examples: ['STOPSIGNAL SIGTERM', 'STOPSIGNAL 9', 'STOPSIGNAL RTMIN+3'],
})

// Linux's, with the old names CLD, POLL, IOT.
const signals = new Set(
  (
    'ABRT ALRM BUS CHLD CLD CONT FPE HUP ILL INT IO IOT KILL PIPE POLL PROF PWR QUIT SEGV STKFLT STOP SYS TERM TRAP TSTP TTIN TTOU ' +
    'URG USR1 USR2 VTALRM WINCH XCPU XFSZ RTMIN RTMAX'
  ).split(' '),
)

function isSignal(text: string): boolean {
  if (/^[+-]?[0-9]+$/.test(text)) return isNumber(BigInt(text.replace('+', '')))
  const name = text.toUpperCase().replace(/^SIG/, '')
  const offset = /^(RTMIN\+|RTMAX-)([1-9][0-9]?)$/.exec(name)
  if (offset) return Number(offset[2]) >= 1 && Number(offset[2]) <= (offset[1] === 'RTMIN+' ? 15 : 14)
  return signals.has(name)
}

/** Any but 0 that 64 bits hold. */
function isNumber(value: bigint): boolean {
  return value !== 0n && BigInt.asIntN(64, value) === value
}
