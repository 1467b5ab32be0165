/** Owners as `--chown` and USER spell them. */

/** A user and a group, by number or by name. The form of LLB's ChownOpt. */
export interface ChownOpt {
  readonly user?: UserOpt
  readonly group?: UserOpt
}

/** A name is looked up in the /etc/passwd or /etc/group of op input `input`. `{ User: {} }` is id 0. */
export interface UserOpt {
  readonly User: { readonly byId?: number } | { readonly byName: { readonly name: string; readonly input?: number } }
}

/** The owner that `user[:group]` means; `root` is 0. Source: Dockerfile reference, COPY --chown. */
export function parseChown(text: string): ChownOpt {
  const colon = text.indexOf(':')
  if (colon < 0) return { user: one(text) }
  return { user: one(text.slice(0, colon)), group: one(text.slice(colon + 1)) }
}

function one(text: string): UserOpt {
  if (text === 'root') return { User: {} }
  if (/^[+-]?[0-9]+$/.test(text)) {
    const id = Number(text)
    // kept in 32 bits without a sign
    if (id >= -2147483648 && id <= 2147483647) return { User: id === 0 ? {} : { byId: id >>> 0 } }
  }
  return text === '' ? { User: {} } : { User: { byName: { name: text } } }
}
