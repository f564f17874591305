/** How well a text answers what was typed: the letters in order, best in a row and at the start of words; −1 if not. */
export function rate(text: string, typed: string): number {
  const where = text.toLowerCase()
  const wanted = typed.toLowerCase().replace(/\s+/g, '')
  let score = 0
  let at = 0
  let row = 0
  for (const letter of wanted) {
    const found = where.indexOf(letter, at)
    if (found < 0) return -1
    row = found === at && at > 0 ? row + 1 : 0
    const starts = found === 0 || /[\s·:：，。]/.test(where[found - 1])
    score += 1 + row * 2 + (starts ? 3 : 0)
    at = found + 1
  }
  // Of two equally good ones the shorter says more.
  return score - where.length / 1000
}
