/** A key that was pressed, with what was held. */
export type Press = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>

const LETTER = /^[a-z]$/i
/** Where a key already means something of its own. */
const ACTS_ON_SPACE = 'button, input, select, textarea, a, summary, [role="slider"], [contenteditable="true"]'
const TAKES_TEXT = 'input, select, textarea, [contenteditable="true"]'

/** The name of a key or a combination, such as `Ctrl+K`, `Space` or `?`; Command counts as Ctrl. */
export function chordOf({ key, ctrlKey, metaKey, altKey, shiftKey }: Press): string | undefined {
  if (altKey || key === 'Control' || key === 'Meta' || key === 'Shift') return undefined
  const name = key === ' ' ? 'Space' : LETTER.test(key) ? key.toUpperCase() : key
  const held = [...(ctrlKey || metaKey ? ['Ctrl'] : []), ...(shiftKey && LETTER.test(key) ? ['Shift'] : [])]
  return [...held, name].join('+')
}

/** Says whether a chord may act where the focus is; `letters` says whether single characters are switched on. */
export function mayAct(chord: string, focus: Pick<Element, 'closest'>, letters: boolean): boolean {
  if (focus.closest('dialog')) return false
  if (chord.startsWith('Ctrl+')) return true
  if (chord === 'Space') return !focus.closest(ACTS_ON_SPACE)
  return letters && !focus.closest(TAKES_TEXT)
}

/** A chord as the keyboard of a platform writes it. */
export const writeChord = (chord: string, apple: boolean): string =>
  apple ? chord.replace('Ctrl+', '⌘').replace('Enter', '↩') : chord
