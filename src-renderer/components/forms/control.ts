/*
 * What control an option of the vocabulary needs, read from its schema. The schemas belong to the validation library
 * of the contract; this file reads the few fields of their definitions that it needs.
 */

/** Limits of a number; `above` and `below` are not reached. */
export interface NumberControl {
  kind: 'number'
  whole: boolean
  min?: number
  max?: number
  above?: number
  below?: number
}
export interface WordControl {
  kind: 'word'
  words: Record<string, Option[]>
  /** Where a plain number may stand in the place of a word. */
  number?: NumberControl
}
/** Numbers in a row; `also` may stand there too. */
interface ListControl {
  kind: 'list'
  each: NumberControl
  also: unknown[]
}
/** Words in order. They are asked for when they are drawn, because a layer may hold layers. */
export interface WordsControl {
  kind: 'words'
  words(): Record<string, Option[]>
  /** How many there must be at least. */
  least: number
}
/** One of a few values, or numbers in their place. */
export interface EitherControl {
  kind: 'either'
  values: string[]
  list: ListControl
}
type TextControl = Extract<Control, { kind: 'text' }>
export type Control =
  | NumberControl
  /** One number for both axes, or one for each. */
  | { kind: 'pair'; each: NumberControl }
  | ListControl
  /** With `areNumbers`, each value is the text of a number. */
  | { kind: 'choice'; values: string[]; areNumbers?: true }
  | { kind: 'switch' }
  /** With `number`, a file may hold a number in its place; what is typed is a text. */
  | { kind: 'text'; pattern?: RegExp; shortest: number; longest: number; number?: NumberControl }
  /** Texts with commas between them. */
  | { kind: 'texts'; each: TextControl }
  | WordControl
  | { kind: 'record'; options: Option[] }
  | WordsControl
  | EitherControl
  /** Anything else is typed as JSON. */
  | { kind: 'json' }

export interface Option {
  name: string
  control: Control
  /** May be left out. */
  optional: boolean
  /** What is used where it is left out; undefined where there is no such value. */
  initial: unknown
  /** May change while a run goes on. */
  live: boolean
  /** Is a share of something, from 0 to 1. */
  share: boolean
  /** Checks a value of it. */
  accepts(value: unknown): boolean
}

interface Schema {
  def: {
    type: string
    innerType?: Schema
    defaultValue?: unknown
    options?: Schema[]
    items?: Schema[]
    element?: Schema
    shape?: Record<string, Schema>
    entries?: Record<string, string>
    values?: unknown[]
    getter?: () => Schema
    format?: string
    checks?: { _zod: { def: Check } }[]
  }
  meta(): { live?: boolean; unit?: string } | undefined
  safeParse(value: unknown): { success: boolean }
}
interface Check {
  check: string
  value?: number
  inclusive?: boolean
  pattern?: RegExp
  minimum?: number
  maximum?: number
}

/** The options of a word or record of the contract, in its order, without those that are drawn elsewhere. */
export const optionsOf = (
  schema: { shape: Record<string, unknown> },
  except: readonly string[] = []
): Option[] =>
  Object.entries(schema.shape as Record<string, Schema>)
    .filter(([name, { def }]) => !(name === 'use' && def.type === 'literal') && !except.includes(name))
    .map(([name, option]) => optionOf(name, option))

/** One option by its schema. */
export function optionOf(name: string, schema: unknown): Option {
  let inner = schema as Schema
  let optional = false
  let initial: unknown
  let live = false
  let share = false
  for (;;) {
    live ||= inner.meta()?.live === true
    share ||= inner.meta()?.unit === 'share'
    if (inner.def.type === 'optional') optional = true
    else if (inner.def.type === 'default') initial = inner.def.defaultValue
    else break
    inner = inner.def.innerType as Schema
  }
  const accepts = (value: unknown): boolean => (schema as Schema).safeParse(value).success
  return { name, control: controlOf(inner), optional, initial, live, share, accepts }
}

function controlOf({ def }: Schema): Control {
  if (def.type === 'number') return numberOf(def)
  if (def.type === 'boolean') return { kind: 'switch' }
  if (def.type === 'enum') return { kind: 'choice', values: Object.values(def.entries ?? {}) }
  if (def.type === 'literal') return literalOf(def.values ?? [])
  if (def.type === 'string') return textOf(def)
  if (def.type === 'object') return { kind: 'record', options: optionsOf({ shape: def.shape ?? {} }) }
  if (def.type === 'array') return listOf(def)
  if (def.type === 'lazy' && def.getter) return controlOf(def.getter())
  if (def.type === 'union') return unionOf(def.options ?? [])
  return { kind: 'json' }
}

function listOf(def: Schema['def']): Control {
  const { element } = def
  if (!element) return { kind: 'json' }
  if (isWords(element)) return wordsOf(element, def)
  const each = controlOf(element)
  if (each.kind === 'text') return { kind: 'texts', each }
  const kinds = element.def.options ?? [element]
  const number = kinds.find(({ def }) => def.type === 'number')
  const others = kinds.filter((kind) => kind !== number)
  if (!number || others.some(({ def }) => def.type !== 'literal')) return { kind: 'json' }
  return { kind: 'list', each: numberOf(number.def), also: others.flatMap(({ def }) => def.values ?? []) }
}

/** Says whether a schema is one of several words, without a look at their options. */
const isWords = ({ def }: Schema): boolean =>
  def.type === 'union' && (def.options ?? []).every((each) => wordsIn(each).length > 0)

/** The schemas of words in a union, those in unions inside it included. */
const wordsIn = (schema: Schema): Schema[] =>
  schema.def.type === 'union'
    ? (schema.def.options ?? []).flatMap(wordsIn)
    : schema.def.shape?.use
      ? [schema]
      : []

const optionsByWord = (words: readonly Schema[]): Record<string, Option[]> =>
  Object.fromEntries(
    words.map(({ def }) => [String(def.shape?.use.def.values?.[0]), optionsOf({ shape: def.shape ?? {} })])
  )

function wordsOf(element: Schema, def: Schema['def']): WordsControl {
  let known: Record<string, Option[]> | undefined
  return {
    kind: 'words',
    words: () => (known ??= optionsByWord(wordsIn(element))),
    least: checksOf(def).find(({ check }) => check === 'min_length')?.minimum ?? 0
  }
}

/** One of a few values that are numbers. */
const literalOf = (values: unknown[]): Control =>
  values.every((value) => typeof value === 'number')
    ? { kind: 'choice', values: values.map(String), areNumbers: true }
    : { kind: 'json' }

function unionOf(options: Schema[]): Control {
  const number = options.find(({ def }) => def.type === 'number')
  const isPair =
    options.length === 2 && options.some(({ def }) => def.type === 'tuple' && def.items?.length === 2)
  if (number && isPair) return { kind: 'pair', each: numberOf(number.def) }
  const text = options.find(({ def }) => def.type === 'string')
  if (number && text && options.length === 2) return { ...textOf(text.def), number: numberOf(number.def) }
  const [list, ...lists] = options.flatMap(({ def }) => (def.type === 'array' ? [listOf(def)] : []))
  const values = options.flatMap(({ def }) => (def.type === 'literal' ? (def.values ?? []) : []))
  if (list?.kind === 'list' && values.length + lists.length + 1 === options.length)
    return { kind: 'either', values: values.map(String), list }
  const words = options.filter((each) => each !== number)
  if (words.some((each) => wordsIn(each).length === 0)) return { kind: 'json' }
  return {
    kind: 'word',
    words: optionsByWord(words.flatMap(wordsIn)),
    ...(number && { number: numberOf(number.def) })
  }
}

const checksOf = (def: Schema['def']): Check[] => (def.checks ?? []).map(({ _zod }) => _zod.def)

function numberOf(def: Schema['def']): NumberControl {
  const control: NumberControl = { kind: 'number', whole: def.format === 'safeint' }
  for (const { check, value, inclusive } of checksOf(def)) {
    if (check === 'greater_than') control[inclusive ? 'min' : 'above'] = value
    if (check === 'less_than') control[inclusive ? 'max' : 'below'] = value
    if (check === 'number_format') control.whole = true
  }
  if (!control.whole) return control
  // A whole number above 0 is one from 1 on, which is easier to say.
  if (control.above !== undefined) control.min = Math.floor(control.above) + 1
  delete control.above
  return { ...control, max: control.max ?? Number.MAX_SAFE_INTEGER }
}

function textOf(def: Schema['def']): TextControl {
  const checks = checksOf(def)
  const pattern = checks.find((each) => each.pattern)?.pattern
  return {
    kind: 'text',
    ...(pattern && { pattern }),
    shortest: checks.find(({ check }) => check === 'min_length')?.minimum ?? 0,
    longest: checks.find(({ check }) => check === 'max_length')?.maximum ?? Infinity
  }
}
