/** Modes as `--chmod` spells them. */
import { ImgError } from '../../error.ts'

/** The mode that an entry gets. */
export type Chmod = (mode: number, directory: boolean) => number

const bits = { setuid: 0o4000, setgid: 0o2000, sticky: 0o1000, user: 0o700, group: 0o070, other: 0o007, all: 0o6777 }
const permissions: Readonly<Record<string, number>> = { r: 0o444, w: 0o222, x: 0o111 }
const shifts: Readonly<Record<string, number>> = { u: 6, g: 3, o: 0 }

/** What a change is given: the mode as it is so far, as it was at first, and whether it is a directory's. */
type Change = (mode: number, first: number, directory: boolean) => number

/**
 * Reads a symbolic mode, such as `u=rwX,go-w`. The umask is 0, so `+x` is `a+x`.
 * @throws ARGUMENT_VALUE
 * @source FreeBSD, setmode(3), whose order of evaluation is kept; tonistiigi/dchapes-mode, ParseWithUmask
 */
export function parseMode(text: string): Chmod {
  if (/^[0-7]{1,5}$/.test(text) && Number.parseInt(text, 8) <= 0o7777) return () => Number.parseInt(text, 8)
  const changes = text.split(',').flatMap((clause) => parseClause(clause, text))
  return (mode, directory) => changes.reduce((now, change) => change(now, mode, directory), mode)
}

function parseClause(clause: string, text: string): Change[] {
  const match = /^([ugoa]*)((?:[-+=][rwxXstugo]*)+)$/.exec(clause)
  if (!match) {
    throw new ImgError('ARGUMENT_VALUE', `"${text}" is not a mode: invalid syntax at "${clause}"`, {
      hint: 'use an octal number from 0 to 07777, or clauses such as u=rwX,go-w',
    })
  }
  const who = [...match[1]!].reduce((mask, letter) => mask | whoBits(letter), 0)
  return match[2]!.match(/[-+=][rwxXstugo]*/g)!.flatMap((action) => parseAction(action[0]!, action.slice(1), who))
}

function whoBits(letter: string): number {
  if (letter === 'a') return bits.all
  if (letter === 'u') return bits.setuid | bits.user
  return letter === 'g' ? bits.setgid | bits.group : bits.other
}

function parseAction(operator: string, letters: string, named: number): Change[] {
  const changes: Change[] = []
  let who = named
  let plain = 0
  let conditional = 0
  let assigned = false
  const flush = (last: boolean) => {
    if (plain !== 0 || (last && operator === '=' && !assigned)) changes.push(...set(operator, who, plain))
    if (conditional !== 0) changes.push(setIfExecutable(who, conditional))
    plain = conditional = 0
  }
  for (const letter of letters) {
    const special = who === 0 || (who & ~bits.other) !== 0
    if (letter in permissions) plain |= permissions[letter]!
    else if (letter === 'X') operator === '-' ? (plain |= 0o111) : (conditional = 0o111)
    else if (letter === 's') plain |= special ? bits.setuid | bits.setgid : 0
    else if (letter === 't') {
      if (!special) continue
      // where nobody is named, the other letters of this change are then for nobody (`+xt` is `+t`)
      who |= bits.sticky
      plain |= bits.sticky
    } else {
      flush(false)
      assigned ||= operator === '='
      changes.push(copyBits(operator, who, shifts[letter]!))
    }
  }
  flush(true)
  return changes
}

function set(operator: string, who: number, what: number): Change[] {
  const chosen = who === 0 ? what : who & what
  if (operator === '-') return [(mode) => mode & ~chosen]
  if (operator === '+') return [(mode) => mode | chosen]
  const cleared = who === 0 ? bits.all : who
  return [(mode) => (mode & ~cleared) | chosen]
}

function setIfExecutable(who: number, what: number): Change {
  const chosen = who === 0 ? what : who & what
  return (mode, first, directory) => (directory || (first & 0o111) !== 0 ? mode | chosen : mode)
}

function copyBits(operator: string, who: number, from: number): Change {
  const chosen = who === 0 ? 0o777 : who & 0o777
  return (mode) => {
    const value = (mode >> from) & 7
    const spread = ((value << 6) | (value << 3) | value) & chosen
    if (operator === '+') return mode | spread
    return operator === '-' ? mode & ~spread : (mode & ~chosen) | spread
  }
}
