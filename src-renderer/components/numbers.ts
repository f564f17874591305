import type { Language } from '#contract/messages'

/** A norm or a ratio with a fixed number of characters, such as 3.41e-2; zero and what is no number as such. */
export function writeNorm(value: number): string {
  if (!Number.isFinite(value) || value === 0) return writeOdd(value)
  return value.toExponential(2).replace('e+', 'e')
}

/** A loss with four decimals, or with an exponent where that would hide it. */
export function writeLoss(value: number): string {
  if (!Number.isFinite(value)) return writeOdd(value)
  const magnitude = Math.abs(value)
  return magnitude >= 1e4 || (magnitude < 1e-3 && magnitude > 0) ? writeNorm(value) : value.toFixed(4)
}

/** A share as per cent with two decimals. */
export const writeShare = (value: number): string =>
  Number.isFinite(value) ? `${(value * 100).toFixed(2)}%` : writeOdd(value)

/** A number as short as it can be typed, with six significant digits. */
export const writePlain = (value: number): string =>
  Number.isFinite(value) ? String(Number(value.toPrecision(6))) : writeOdd(value)

/** A count with the grouping of a language. */
export const writeCount = (language: Language, value: number): string =>
  Number.isFinite(value) ? Math.round(value).toLocaleString(language) : writeOdd(value)

/** A large count with the unit of a language, such as 1.2M or 120万. */
export const writeLarge = (language: Language, value: number): string =>
  value.toLocaleString(language, { notation: 'compact', maximumSignificantDigits: 3 })

/** Seconds as a clock shows them: 0:07, 12:05, 1:02:03. */
export function writeDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '–'
  const whole = Math.max(0, Math.round(seconds))
  const parts = [Math.floor(whole / 60) % 60, whole % 60].map((part) => String(part).padStart(2, '0'))
  const hours = Math.floor(whole / 3600)
  return hours > 0 ? `${hours}:${parts.join(':')}` : `${Math.floor(whole / 60)}:${parts[1]}`
}

/** Bytes in B, kB, MB or GB, in powers of ten. */
export function writeBytes(bytes: number): string {
  if (bytes < 1e3) return `${Math.round(bytes)} B`
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(2)} GB`
  return bytes >= 1e6 ? `${Math.round(bytes / 1e6)} MB` : `${Math.round(bytes / 1e3)} kB`
}

/** A speed with three significant digits. */
export const writeSpeed = (value: number): string =>
  value >= 100 ? String(Math.round(value)) : value.toPrecision(3)

/** A moment as day and time. */
export const writeMoment = (language: Language, time: number): string =>
  new Date(time).toLocaleString(language, {
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit'
  })

/** The number in what was typed; a comma counts as a decimal point. NaN where there is none. */
export const readNumber = (text: string): number => {
  const trimmed = text.trim().replace(',', '.')
  return trimmed === '' ? NaN : Number(trimmed)
}

const writeOdd = (value: number): string => {
  if (Number.isNaN(value)) return 'NaN'
  if (value === 0) return '0'
  return value > 0 ? '∞' : '−∞'
}
