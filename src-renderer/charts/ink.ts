/** Colours of the page's tokens as a canvas can take them. */
export interface Ink {
  text: string
  soft: string
  faint: string
  grid: string
  surface: string
  change: string
  trouble: string
  second: string
  good: string
}

const tokens: Record<keyof Ink, string> = {
  text: '--text',
  soft: '--text-soft',
  faint: '--text-faint',
  grid: '--line-faint',
  surface: '--surface',
  change: '--accent',
  trouble: '--danger',
  second: '--second',
  good: '--success'
}

/** The tokens that apply at an element. */
export function readInk(element: HTMLElement): Ink {
  const resolve = resolver(element)
  return Object.fromEntries(
    Object.entries(tokens).map(([name, token]) => [name, resolve(`var(${token})`)])
  ) as unknown as Ink
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
