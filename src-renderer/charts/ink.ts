/** Colours of the page's tokens as a canvas can take them, and the family of its font. */
export interface Ink {
  font: string
  text: string
  soft: string
  faint: string
  grid: string
  surface: string
  change: string
  trouble: string
  second: string
  good: string
  info: string
  warning: string
}

const tokens: Record<Exclude<keyof Ink, 'font'>, string> = {
  text: '--text',
  soft: '--text-soft',
  faint: '--text-faint',
  grid: '--line-faint',
  surface: '--surface',
  change: '--accent',
  trouble: '--danger',
  second: '--second',
  good: '--success',
  info: '--info',
  warning: '--warning'
}

/** What was read before, as long as the colour of text stays as it was: each reading makes the page compute styles. */
const known = new WeakMap<HTMLElement, Ink>()

/** The tokens that apply at an element. */
export function readInk(element: HTMLElement): Ink {
  const { color, fontFamily } = getComputedStyle(element)
  const before = known.get(element)
  if (before?.text === color && before.font === fontFamily) return before
  const resolve = resolver(element)
  const colours = Object.entries(tokens).map(([name, token]) => [name, resolve(`var(${token})`)])
  const ink = { ...Object.fromEntries(colours), text: color, font: fontFamily } as Ink
  known.set(element, ink)
  return ink
}

/** Puts colours of style sheets into words that a canvas knows; `light-dark()` is resolved by asking for a colour that uses it. */
export const resolver =
  (element: HTMLElement) =>
  (colour: string): string => {
    const probe = element.ownerDocument.createElement('span')
    probe.hidden = true
    probe.style.color = colour
    element.append(probe)
    const resolved = getComputedStyle(probe).color
    probe.remove()
    return resolved
  }
