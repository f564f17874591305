const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/u

/** Columns that a text takes in a terminal: Chinese characters and punctuation take two. */
export const widthOf = (text: string): number =>
  Array.from(text).reduce((width, character) => width + (WIDE.test(character) ? 2 : 1), 0)

/** A text with spaces behind it, up to so many columns. */
export const padded = (text: string, width: number): string =>
  text + ' '.repeat(Math.max(0, width - widthOf(text)))

/**
 * One line of a user's words in so many columns at most; what was left out is told by `…`. Control characters become
 * spaces: an experiment may come from somebody else, and its name must not steer the terminal.
 */
export function shortened(text: string, width: number): string {
  const [line, ...more] = text.trim().split(/[\r\n]+/)
  const plain = line.replace(/\p{Cc}+/gu, ' ')
  if (more.length === 0 && widthOf(plain) <= width) return plain
  // No character takes less than one column.
  const characters = Array.from(plain).slice(0, width)
  while (widthOf(characters.join('')) > width - 1) characters.pop()
  return `${characters.join('').trimEnd()}…`
}

/** Lines of a table with two spaces between its columns. */
export function tableLines(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => widthOf(row[column]))))
  return rows.map((row) =>
    row
      .map((cell, column) => padded(cell, widths[column]))
      .join('  ')
      .trimEnd()
  )
}
