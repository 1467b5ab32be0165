/** Build arguments that travel in tokens: which of them some values mention. */
import { type ArgUse, argsIn, argsInText, isToken } from './token.ts'

/** Every build argument mentioned anywhere in the values, in order, each once; one with two defaults is there twice. */
export function argUses(values: unknown): ArgUse[] {
  const found = new Map<string, ArgUse>()
  const visit = (value: unknown): void => {
    if (typeof value === 'string') for (const use of argsInText(value)) note(found, use)
    else if (isToken(value)) for (const use of argsIn(value)) note(found, use)
    else if (Array.isArray(value)) value.forEach(visit)
    else if (isPlain(value)) for (const [key, member] of Object.entries(value)) visit([key, member])
  }
  visit(values)
  return [...found.values()]
}

function note(found: Map<string, ArgUse>, use: ArgUse): void {
  const key = JSON.stringify([use.name, use.default])
  if (!use.nested || !found.has(key)) found.set(key, use)
}

// States and other class instances are not looked into: their arguments are their own.
function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && [Object.prototype, null].includes(Object.getPrototypeOf(value))
}
