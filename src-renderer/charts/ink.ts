/** Colours of the page's tokens as a canvas can take them. */
export interface Ink {
  text: string
  faint: string
  grid: string
  surface: string
  change: string
  trouble: string
  second: string
}

const tokens: Record<keyof Ink, string> = {
  text: '--text',
  faint: '--text-faint',
  grid: '--line-faint',
  surface: '--surface',
  change: '--accent',
  trouble: '--danger',
  second: '--second'
}

/** The tokens that apply at an element; `light-dark()` is resolved by asking for a colour that uses it. */
export function readInk(element: HTMLElement): Ink {
  const probe = element.ownerDocument.createElement('span')
  probe.hidden = true
  element.append(probe)
  const entries = Object.entries(tokens).map(([name, token]) => {
    probe.style.color = `var(${token})`
    return [name, getComputedStyle(probe).color]
  })
  probe.remove()
  return Object.fromEntries(entries) as Ink
}
