import { isMessageKey, say, type Language } from './messages'
import { optionKey } from './option-texts'
import { generators } from './vocabulary'

/** What is read of a JSON Schema here. */
export interface JsonSchema {
  [keyword: string]: unknown
  properties?: Record<string, JsonSchema>
  items?: JsonSchema | boolean
  anyOf?: JsonSchema[]
  oneOf?: JsonSchema[]
  $defs?: Record<string, JsonSchema>
  enum?: unknown[]
  const?: unknown
  description?: string
}

/**
 * The JSON Schema of an experiment with a `description` at every place, word and option, and `enumDescriptions` where
 * the values of an option have a meaning of their own. @throws Error for what has no text
 */
export function documentSchema(schema: JsonSchema, language: Language): JsonSchema {
  /** `path` is the place in the experiment, as long as no word lies between. */
  function walk(node: JsonSchema, path: string | undefined): JsonSchema {
    const use = wordOf(node)
    const children = use === undefined ? path : undefined
    const each = (nodes: JsonSchema[]): JsonSchema[] => nodes.map((inner) => walk(inner, undefined))
    const enumDescriptions = node.enum && describeValues(node.enum, language)
    return {
      ...node,
      ...(use !== undefined && { description: describeWord(use, language) }),
      ...(enumDescriptions && { enumDescriptions }),
      ...(node.anyOf && { anyOf: each(node.anyOf) }),
      ...(node.oneOf && { oneOf: each(node.oneOf) }),
      ...(typeof node.items === 'object' && { items: walk(node.items, undefined) }),
      ...(node.$defs && { $defs: mapped(node.$defs, (inner) => walk(inner, undefined)) }),
      ...(node.properties && {
        properties: mapped(node.properties, (inner, name) => {
          if (name === 'use' && use !== undefined) return inner
          const place = children === undefined ? undefined : [children, name].filter(Boolean).join('.')
          if (use === undefined && place === undefined) return walk(inner, undefined)
          const description = say(language, optionKey(place ?? name, use, name, '.help'))
          return { ...walk(inner, place), description }
        })
      })
    }
  }
  return walk(schema, '')
}

/** The word that a schema stands for, where it is an object whose `use` is one. */
export function wordOf(node: JsonSchema): string | undefined {
  const use = node.properties?.use?.const
  return typeof use === 'string' ? use : undefined
}

const COLON: Record<Language, string> = { en: ': ', 'zh-CN': '：' }

/** What a word is called and what it does. */
export function describeWord(word: string, language: Language): string {
  const name = `vocabulary.${word}`
  const help = `vocabulary.${word}.help`
  if (!isMessageKey(name) || !isMessageKey(help)) throw new Error(`no text for ${name}`)
  return `${say(language, name)}${COLON[language]}${say(language, help)}`
}

/** The formula of a generator, with the names of the options that decide its numbers. */
export function describeGenerator(generator: (typeof generators)[number], language: Language): string {
  const named = ['noise', 'count', 'seed', 'features', 'informative', 'length'].map((option) => [
    option,
    `\`${option === 'count' ? 'samples' : option}\``
  ])
  return say(language, `data.formula.${generator}`, Object.fromEntries(named) as Record<string, string>)
}

/** A line for each of the values of an option, where every one of them is a word or a generator. */
function describeValues(values: readonly unknown[], language: Language): string[] | undefined {
  const lines = values.map((value) => {
    const generator = generators.find((each) => each === value)
    if (generator) return describeGenerator(generator, language)
    return isMessageKey(`vocabulary.${String(value)}.help`)
      ? describeWord(String(value), language)
      : undefined
  })
  return lines.every((line) => line !== undefined) ? lines : undefined
}

const mapped = (
  record: Record<string, JsonSchema>,
  change: (node: JsonSchema, name: string) => JsonSchema
): Record<string, JsonSchema> =>
  Object.fromEntries(Object.entries(record).map(([name, node]) => [name, change(node, name)]))
