/** Rows in columns. */
import { pad, widthOf } from './width.ts'

/** Columns two blanks apart, each as wide as its widest cell; columns named in `right` are right-aligned. */
export function table(rows: readonly (readonly string[])[], right: readonly number[] = []): string {
  const widths: number[] = []
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, widthOf(cell))
  }
  const align = (cell: string, column: number) =>
    right.includes(column) ? ' '.repeat(widths[column]! - widthOf(cell)) + cell : pad(cell, widths[column]!)
  return rows.map((row) => `${row.map(align).join('  ').trimEnd()}\n`).join('')
}
