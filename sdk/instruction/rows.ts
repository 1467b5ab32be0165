/** The rows by keyword, for everything that looks an instruction up. */
import type { Row } from './define.ts'
import * as rows from './table.ts'

/** The rows of the table by upper-case keyword, in alphabetical order. */
export const table: ReadonlyMap<string, Row> = new Map(
  Object.values(rows as unknown as Record<string, Row>).map((row) => [row.keyword, row]),
)

/** The row of an instruction; undefined for a keyword that there is none for. Upper case. */
export function rowOf(keyword: string): Row | undefined {
  return table.get(keyword)
}
