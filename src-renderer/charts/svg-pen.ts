import { outlineOf, TEXT_SIZE, type Pen } from './pen'

/** Width of a letter in ems, when there is no font to ask; a Chinese character fills its square. */
const LETTER = 0.6
const SQUARE = 1

const round = (value: number): string => String(Math.round(value * 100) / 100)
const escape = (text: string): string => text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`)

/** Draws into an SVG file, which `finish` answers with. `colour` puts a colour into a form that every reader knows. */
export function svgPen(
  family: string,
  colourOf: (colour: string) => string
): Pen & { finish(width: number, height: number): string } {
  const parts: string[] = []
  let clips = 0
  const opaque = (opacity: number): string => (opacity === 1 ? '' : ` opacity="${round(opacity)}"`)
  const measure = (text: string, size = TEXT_SIZE): number =>
    [...text].reduce((sum, letter) => sum + size * (letter > '⺀' ? SQUARE : LETTER), 0)
  return {
    boxes(boxes, colour, opacity = 1) {
      const path = boxes
        .map(
          ({ x, y, width, height }) =>
            `M${round(x)} ${round(y)}h${round(width)}v${round(height)}h${round(-width)}z`
        )
        .join('')
      if (path) parts.push(`<path d="${path}" fill="${colourOf(colour)}"${opaque(opacity)}/>`)
    },
    line(places, { colour, width, dash, opacity = 1 }) {
      let path = ''
      let drawing = false
      for (const place of places) {
        if (place) path += `${drawing ? 'L' : 'M'}${round(place.x)} ${round(place.y)}`
        drawing = place !== null
      }
      const dashes = dash?.length ? ` stroke-dasharray="${dash.join(' ')}"` : ''
      if (path)
        parts.push(
          `<path d="${path}" fill="none" stroke="${colourOf(colour)}" stroke-width="${width}"` +
            ` stroke-linejoin="round"${dashes}${opaque(opacity)}/>`
        )
    },
    shape(marker, { x, y }, radius, colour, fill) {
      parts.push(
        `<path transform="translate(${round(x)} ${round(y)})" d="${outlineOf(marker, radius)}"` +
          ` fill="${colourOf(fill)}" stroke="${colourOf(colour)}" stroke-width="1.5"/>`
      )
    },
    write(text, { x, y }, { colour, align = 'left', size = TEXT_SIZE, bold }) {
      const anchor = { left: 'start', right: 'end', centre: 'middle' }[align]
      parts.push(
        `<text x="${round(x)}" y="${round(y)}" dy="0.35em" font-size="${size}" text-anchor="${anchor}"` +
          ` fill="${colourOf(colour)}"${bold ? ' font-weight="600"' : ''}>${escape(text)}</text>`
      )
    },
    measure,
    within({ left, right, top, bottom }, draw) {
      const id = `clip${++clips}`
      parts.push(
        `<clipPath id="${id}"><rect x="${round(left)}" y="${round(top)}" width="${round(right - left)}"` +
          ` height="${round(bottom - top)}"/></clipPath><g clip-path="url(#${id})">`
      )
      draw()
      parts.push('</g>')
    },
    finish: (width, height) =>
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"` +
      ` viewBox="0 0 ${width} ${height}" font-family="${escape(family)}">${parts.join('')}</svg>\n`
  }
}
