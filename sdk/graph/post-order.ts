/** Walking what depends on one another. */

/**
 * What the roots depend on, and they themselves: each once, and after all that it depends on, in the order of those. Without
 * recursion, since chains may be thousands long. What depends on itself stands where it was met first.
 */
export function postOrder<T>(roots: Iterable<T>, below: (one: T) => Iterable<T>): T[] {
  const order: T[] = []
  const seen = new Set<T>()
  const way: { readonly one: T; readonly rest: Iterator<T> }[] = []
  const enter = (one: T): void => {
    if (!seen.has(one)) way.push({ one, rest: below(one)[Symbol.iterator]() })
    seen.add(one)
  }
  for (const root of roots) {
    enter(root)
    for (let top = way.at(-1); top; top = way.at(-1)) {
      const { value, done } = top.rest.next()
      if (done) order.push(way.pop()!.one)
      else enter(value)
    }
  }
  return order
}
