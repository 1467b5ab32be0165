/** Loads no more of undici than is used: all of it takes 80 ms, these parts 30 (a push of a small image is not much more). */
import type { Agent, Dispatcher } from 'undici'

/** Sends one request through a dispatcher; as undici's own `request`, but for the URL in its parts. */
type Send = (
  this: Dispatcher,
  options: Dispatcher.RequestOptions & { origin: string },
) => Promise<Dispatcher.ResponseData>

/** What a request without a proxy needs. */
export interface UndiciParts {
  readonly Agent: typeof Agent
  readonly send: Send
}

/** The parts; from the whole package where a version of it has them in other files. */
export async function loadUndici(): Promise<UndiciParts> {
  try {
    const [agent, api] = await Promise.all([
      // @ts-expect-error: the package has types for its door only
      import('undici/lib/dispatcher/agent.js') as Promise<{ default: typeof Agent }>,
      // @ts-expect-error: the same
      import('undici/lib/api/api-request.js') as Promise<{ default: Send }>,
    ])
    return { Agent: agent.default, send: api.default }
  } catch {
    const { Agent, Dispatcher } = await import('undici')
    return { Agent, send: Dispatcher.prototype.request as Send }
  }
}
