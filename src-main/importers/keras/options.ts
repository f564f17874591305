import { Failure } from '#contract/failure'
import { isFields, isName } from '../files'
import type { Fields } from '../importer'

/** The failure of an option that has no counterpart, or no sense. */
export const unfit = (option: string, found: unknown): Failure =>
  new Failure('import.why.option', { option, found: show(found) })

/** A number of a layer's options. @throws Failure `import.why.option` */
export function numberOf(config: Fields, option: string, otherwise?: number): number {
  const value = config[option] ?? otherwise
  if (typeof value !== 'number') throw unfit(option, value)
  return value
}

/** A switch of a layer's options. @throws Failure `import.why.option` */
export function flagOf(config: Fields, option: string, otherwise: boolean): boolean {
  const value = config[option] ?? otherwise
  if (typeof value !== 'boolean') throw unfit(option, value)
  return value
}

/** `valid` or `same`. @throws Failure `import.why.option` */
export function paddingOf(config: Fields): 'valid' | 'same' {
  const value = config.padding ?? 'valid'
  if (value !== 'valid' && value !== 'same') throw unfit('padding', value)
  return value
}

/** One number for both axes, or one for each; the shorter way where they agree. @throws Failure `import.why.option` */
export function pairOf(config: Fields, option: string): number | [number, number] {
  const value = config[option]
  if (typeof value === 'number') return value
  const [height, width] = Array.isArray(value) ? (value as unknown[]) : []
  if (typeof height !== 'number' || typeof width !== 'number') throw unfit(option, value)
  return height === width ? height : [height, width]
}

/** One number, which Keras writes as a list of one. @throws Failure `import.why.option` */
export function singleOf(config: Fields, option: string): number {
  const value = config[option]
  const single = Array.isArray(value) && value.length === 1 ? (value as unknown[])[0] : value
  if (typeof single !== 'number') throw unfit(option, value)
  return single
}

/** Refuses what an option may not be here: anything but what it is when nobody sets it. */
export function expectDefault(config: Fields, option: string, ...allowed: unknown[]): void {
  const value = config[option]
  const isAllowed = [undefined, null, ...allowed].some(
    (each) => JSON.stringify(each) === JSON.stringify(value)
  )
  if (!isAllowed) throw unfit(option, value)
}

/** A value as Keras serializes what has a class: its name and its options. */
export function classOf(value: unknown): { className: string; config: Fields } | undefined {
  if (typeof value === 'string') return { className: value, config: {} }
  if (!isFields(value) || typeof value.class_name !== 'string') return undefined
  // A function is written as `{ class_name: 'function', config: 'relu' }`.
  if (typeof value.config === 'string') return { className: value.config, config: {} }
  return { className: value.class_name, config: isFields(value.config) ? value.config : {} }
}

/** A value for people, not too long; a text as it is, where that is a name. */
export function show(value: unknown): string {
  const text = isName(value) ? value : (JSON.stringify(value) ?? String(value))
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}
