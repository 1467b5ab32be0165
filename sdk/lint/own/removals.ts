/** What commands remove, and whether that takes a path away. */
import { posix } from 'node:path'
import type { SceneStep } from '../scene.ts'
import { commandsOf } from './chain.ts'

/** What a step removes, as absolute paths; patterns stay. */
export function deletedBy(step: SceneStep, workdir: string): string[] {
  let folder = workdir
  return commandsOf(step).flatMap(({ words }) => {
    if (words[0] === 'cd' && words[1] !== undefined) folder = posix.resolve('/', folder, words[1])
    return removedBy(words, folder)
  })
}

/** What `rm` removes, in a folder. */
export function removedBy(words: readonly string[], folder: string): string[] {
  if (words[0] !== 'rm') return []
  return words
    .slice(1)
    .filter((word) => !word.startsWith('-') && word !== '')
    .flatMap((word) => braces(word))
    .map((path) => posix.resolve('/', folder, path))
}

/** More paths than this nobody means. */
const mostPaths = 64

/** `a{b,c}` as the shell has it: `ab`, `ac`. */
function braces(word: string): readonly string[] {
  let all = ['']
  for (const part of word.split(/(\{[^{}]*,[^{}]*\})/)) {
    const choices = /^\{.*,.*\}$/s.test(part) ? part.slice(1, -1).split(',') : [part]
    if (all.length * choices.length > mostPaths) return [word]
    all = all.flatMap((start) => choices.map((choice) => `${start}${choice}`))
  }
  return all
}

/** Whether removing the pattern takes the path away. */
export function covers(pattern: string, path: string): boolean {
  if (pattern === path || path.startsWith(`${pattern}/`)) return pattern !== '/'
  if (!/[*?[]/.test(pattern)) return false
  const [wanted, given] = [pattern.split('/'), path.split('/')]
  return wanted.length <= given.length && wanted.every((part, at) => matchesPart(part, given[at]!))
}

/** One name against one part of a pattern; only `*` and `?` count. */
function matchesPart(pattern: string, name: string): boolean {
  let [at, to, star, mark] = [0, 0, -1, 0]
  while (to < name.length) {
    if (pattern[at] === '?' || (pattern[at] === name[to] && pattern[at] !== '*')) {
      at += 1
      to += 1
    } else if (pattern[at] === '*') {
      star = at
      mark = to
      at += 1
    } else if (star >= 0) {
      at = star + 1
      mark += 1
      to = mark
    } else return false
  }
  while (pattern[at] === '*') at += 1
  return at === pattern.length
}
