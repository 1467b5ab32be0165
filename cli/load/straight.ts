/** Whether a source is sure to come to its end, so that nobody has to watch it: the watch costs a thread. */

/** What can run more than once, or run what is not in this text. Found in a string or a comment it counts as well. */
const turns =
  /\b(?:for|while|do|function|class|eval|Function|Atomics|RegExp|require|globalThis)\b|\bprocess(?!\.env\b)|=>|\bimport\s*[('"]/

const froms = /\bfrom\s*(['"])([^'"]*)\1/g

/** A text without a loop, a function, or an import of anything but the SDK, is one step after the other. */
export function isStraight(text: string, doors: Readonly<Record<string, unknown>>): boolean {
  if (turns.test(text)) return false
  return [...text.matchAll(froms)].every(([, , path]) => Object.hasOwn(doors, path!))
}
