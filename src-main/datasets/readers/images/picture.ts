/** An image in memory: rows from the top, channels last. */
export interface Picture {
  height: number
  width: number
  /** 1 = gray, 3 = red, green, blue. */
  channels: 1 | 3
  pixels: Uint8Array
}

/** More pixels than this are no picture to learn from but an attack on the memory. */
export const MAX_PIXELS = 2 ** 26

/** A value of a transparent pixel on white, as a viewer shows it; `alpha` is 0 … 255. */
export const onWhite = (value: number, alpha: number): number =>
  Math.round((value * alpha + 255 * (255 - alpha)) / 255)

/** Brightness of a colour by ITU-R 601-2, with the whole-number weights that Pillow uses. */
export const brightness = (red: number, green: number, blue: number): number =>
  (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16
