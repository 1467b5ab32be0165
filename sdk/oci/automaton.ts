/** Runs a regular expression in time linear in the text: a set of places at once, with the sets remembered. */
import { ImgError } from '../error.ts'
import { type CharTest, isWord } from './char-class.ts'
import type { Node } from './regexp.ts'

/** A compiled regular expression. */
export interface Automaton {
  /** Whether it matches anywhere in the text. */
  matches(text: string): boolean
  /** Whether it may match a text that begins with this one. */
  mayMatchAfter(text: string): boolean
}

type Step =
  | { readonly op: 'char'; readonly test: CharTest; readonly next: number }
  | { readonly op: 'assert'; readonly what: 'start' | 'end' | 'boundary' | 'inside'; readonly next: number }
  | { readonly op: 'split'; readonly next: readonly number[] }
  | { readonly op: 'accept' }

/** The places reached, before any assertion about what comes next. `ascii` and `wide` remember where each character led. */
interface State {
  readonly places: readonly number[]
  readonly afterWord: boolean
  readonly atStart: boolean
  readonly ascii: (State | undefined)[]
  readonly wide: Map<number, State>
  ends: boolean | undefined
}

/** Beyond these a pattern is refused, and remembered states are forgotten. */
const maxSteps = 20_000
const maxStates = 1_000

/**
 * Compiles a regular expression.
 * @throws PATTERN_INVALID when its repetitions make it larger than 20,000 steps
 */
export function compileRegexp(node: Node): Automaton {
  const steps = program(node)
  const dead = state([], false, false)
  const accepted = state([], false, false)
  const states = new Map<string, State>()
  let start = state([steps.length - 1], false, true)

  const step = (from: State, char: number): State => {
    const reached = closure(steps, from, char)
    if (!reached) return accepted
    const next = new Set<number>()
    for (const place of reached) {
      const { test, next: after } = steps[place] as Extract<Step, { op: 'char' }>
      if (test(char)) next.add(after)
    }
    const known =
      next.size === 0
        ? dead
        : intern(
            [...next].sort((a, b) => a - b),
            isWord(char),
          )
    if (char < 128) from.ascii[char] = known
    else if (from.wide.size < maxStates) from.wide.set(char, known)
    return known
  }
  const intern = (places: number[], afterWord: boolean): State => {
    const key = `${places.join()}${afterWord ? 'w' : ''}`
    const known = states.get(key)
    if (known) return known
    if (states.size >= maxStates) {
      states.clear()
      start = state(start.places, false, true)
    }
    const made = state(places, afterWord, false)
    states.set(key, made)
    return made
  }
  const run = (text: string): State => {
    let at = start
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i)
      if (unit < 128) at = at.ascii[unit] ?? step(at, unit)
      else {
        const char = text.codePointAt(i)!
        if (char > 0xffff) i++
        at = at.wide.get(char) ?? step(at, char)
      }
      if (at === dead || at === accepted) return at
    }
    return at
  }
  return {
    matches(text) {
      const end = run(text)
      if (end === accepted) return true
      end.ends ??= closure(steps, end, undefined) === undefined
      return end.ends
    },
    mayMatchAfter: (text) => run(text) !== dead,
  }
}

const state = (places: readonly number[], afterWord: boolean, atStart: boolean): State => ({
  places,
  afterWord,
  atStart,
  ascii: [],
  wide: new Map(),
  ends: undefined,
})

/** The places that wait for a character, followed as far as `char` (undefined: the end) allows; undefined once accepted. */
function closure(steps: readonly Step[], from: State, char: number | undefined): number[] | undefined {
  const waiting: number[] = []
  const seen = new Set<number>(from.places)
  const boundary = from.afterWord !== (char !== undefined && isWord(char))
  const holds = { start: from.atStart, end: char === undefined, boundary, inside: !boundary }
  for (const place of seen) {
    const step = steps[place]!
    if (step.op === 'accept') return undefined
    if (step.op === 'char') waiting.push(place)
    else if (step.op === 'split') for (const next of step.next) seen.add(next)
    else if (holds[step.what]) seen.add(step.next)
  }
  return waiting
}

/** The steps of an expression, written from the last to the first: the last one of the list is where a run begins. */
function program(node: Node): Step[] {
  const steps: Step[] = [{ op: 'accept' }]
  const push = (step: Step): number => {
    if (steps.length >= maxSteps) throw new ImgError('PATTERN_INVALID', 'its repetitions make it too large')
    return steps.push(step) - 1
  }
  const write = (node: Node, next: number): number => {
    if (node.op === 'char') return push({ op: 'char', test: node.test, next })
    if (node.op === 'assert') return push({ op: 'assert', what: node.what, next })
    if (node.op === 'concat') return node.nodes.reduceRight((after, inner) => write(inner, after), next)
    if (node.op === 'alternate') return push({ op: 'split', next: node.nodes.map((inner) => write(inner, next)) })
    let at = next
    if (node.max === Number.POSITIVE_INFINITY) at = loop(node.node, next)
    else for (let i = node.min; i < node.max; i++) at = push({ op: 'split', next: [write(node.node, at), next] })
    for (let i = 0; i < node.min; i++) at = write(node.node, at)
    return at
  }
  const loop = (node: Node, next: number): number => {
    const ways: number[] = []
    const at = push({ op: 'split', next: ways })
    ways.push(write(node, at), next)
    return at
  }
  // Without alternatives the leading ^ binds everything; with them a match may begin at any place.
  const begin = write(node, 0)
  push({ op: 'split', next: [node.op === 'alternate' ? loop({ op: 'char', test: () => true }, begin) : begin] })
  return steps
}
