/** The history of an image config: one dated entry for each layer, and for each instruction that made none. */
import { ImgError } from '../error.ts'
import type { History } from './types.ts'

/** What the history must know of a layer. `created` is RFC 3339; a base layer may have none. */
export interface HistoryLayer {
  readonly created?: string
  /** Said where the history has no entry for the layer. @default 'created by buildkit' */
  readonly createdBy?: string
}

/**
 * History with as many non-empty entries as there are layers, each entry dated where anything dates it.
 *
 * @param history  the base's entries, dated, then ours, undated
 * @param layers   all layers from the bottom up
 * @param epoch    seconds: our entries get it, as do others that are later, but the base's first entries
 * @source D11.4, D11.6, D11.8
 */
export function completeHistory(
  history: readonly History[],
  layers: readonly HistoryLayer[],
  epoch: number | undefined,
): readonly History[] {
  const dated = fillDates(dateLayers(matchLayers(history, layers), layers))
  return epoch === undefined ? dated : clamp(dated, history, epoch)
}

/**
 * Seconds since the epoch in the form of a config.
 * @throws ARGUMENT_VALUE  no whole number, or outside the years 1 to 9999
 */
export function epochTime(epoch: number): string {
  if (Number.isInteger(epoch) && epoch >= -62_135_596_800 && epoch <= 253_402_300_799) {
    return new Date(epoch * 1000).toISOString().replace('.000Z', 'Z')
  }
  throw new ImgError('ARGUMENT_VALUE', `invalid SOURCE_DATE_EPOCH "${epoch}"; expected whole seconds since 1970`)
}

/** The earlier of the two; `epoch` where the text is no time. */
export function clampTime(text: string, epoch: number): string {
  const seconds = Math.floor(Date.parse(text) / 1000)
  const later = !(seconds < epoch || (seconds === epoch && !/\.0*[1-9]/.test(text)))
  return later ? epochTime(epoch) : text
}

function matchLayers(history: readonly History[], layers: readonly HistoryLayer[]): readonly History[] {
  let seen = 0
  const entries = history.map((entry) => {
    if (entry.empty_layer || ++seen <= layers.length) return entry
    return { ...entry, empty_layer: true }
  })
  const missing = layers.slice(seen).map(({ createdBy = 'created by buildkit' }) => ({
    created_by: createdBy,
    comment: 'buildkit.exporter.image.v0',
  }))
  return [...entries, ...missing]
}

function dateLayers(history: readonly History[], layers: readonly HistoryLayer[]): readonly History[] {
  let index = 0
  return history.map((entry) => {
    const created = entry.empty_layer ? undefined : layers[index++]?.created
    return entry.created === undefined && created !== undefined ? { ...entry, created } : entry
  })
}

/** Dates what is left: at first by the first new layer (or the last date there is), then by the entry before. */
function fillDates(history: readonly History[]): readonly History[] {
  const gap = history.findIndex((entry) => entry.created === undefined)
  if (gap < 0) return history
  const after = history.slice(gap).find((entry) => entry.created !== undefined)
  const before = history.slice(0, gap).at(-1)
  let latest = (after ?? before)?.created
  return history.map((entry, index) => {
    if (entry.created === undefined) return latest === undefined ? entry : { ...entry, created: latest }
    if (index > gap) latest = entry.created
    return entry
  })
}

/** The leading entries that came dated and are unchanged are the base's, and stay. */
function clamp(dated: readonly History[], given: readonly History[], epoch: number): readonly History[] {
  let base = true
  return dated.map((entry, index) => {
    base &&= entry === given[index] && entry.created !== undefined
    if (base) return entry
    return { ...entry, created: entry.created === undefined ? epochTime(epoch) : clampTime(entry.created, epoch) }
  })
}
