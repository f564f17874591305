import { wordOf, type JsonSchema } from '#contract/documented-schema'
import type { Language } from '#contract/messages'
import { activations, vocabulary } from '#contract/vocabulary'
import { pageWords } from './page-words'

type Group = keyof typeof vocabulary | 'activations'

/** What may be written in the place that a JSON Schema describes, in Markdown; groups of words are links. */
export function describeValue(node: JsonSchema, language: Language): string {
  const words = pageWords[language]
  const inner = (each: JsonSchema): string => describeValue(each, language)
  if (node.$ref !== undefined) return linkTo('layers', language)
  if (node.const !== undefined) return codeOf(node.const)
  if (node.enum)
    return node.enum.every((value) => (activations as readonly unknown[]).includes(value))
      ? linkTo('activations', language)
      : node.enum.map(codeOf).join(' · ')
  if (node.anyOf) return node.anyOf.map(inner).join(words.or)
  if (node.oneOf)
    return groupsOf(node.oneOf)
      .map((group) => linkTo(group, language))
      .join(' · ')
  switch (node.type) {
    case 'array':
      return Array.isArray(node.prefixItems)
        ? `[${(node.prefixItems as JsonSchema[]).map(inner).join(', ')}]`
        : words.list(inner(node.items as JsonSchema))
    case 'boolean':
      return `${codeOf(true)} · ${codeOf(false)}`
    case 'string':
      return node.path === true ? words.path : words.text
    case 'object':
      return words.object
    default:
      return [node.type === 'integer' ? words.wholeNumber : words.number, ...limitsOf(node, language)].join(
        words.comma
      )
  }
}

/** A value as it is written in JSON. */
export const codeOf = (value: unknown): string => `\`${JSON.stringify(value)}\``

/** A link to the heading of a group; its address is made from the heading as GitHub does it. */
export function linkTo(group: Group, language: Language): string {
  const heading = pageWords[language].groups[group]
  return `[${heading}](#${heading.toLowerCase().replaceAll(' ', '-')})`
}

function groupsOf(nodes: readonly JsonSchema[]): Group[] {
  const used = nodes.map(wordOf)
  return (Object.keys(vocabulary) as (keyof typeof vocabulary)[]).filter((group) =>
    used.some((word) => word !== undefined && Object.hasOwn(vocabulary[group], word))
  )
}

function limitsOf(node: JsonSchema, language: Language): string[] {
  const { from, above, below, upTo } = pageWords[language]
  const limit = (keyword: string, say: (limit: number) => string): string[] => {
    const value = node[keyword]
    // The largest whole number that JavaScript can tell apart is no limit that anybody set.
    return typeof value === 'number' && Math.abs(value) < Number.MAX_SAFE_INTEGER ? [say(value)] : []
  }
  return [
    ...(node.type === 'integer' && node.exclusiveMinimum === 0
      ? [from(1)]
      : limit('exclusiveMinimum', above)),
    ...limit('minimum', from),
    ...limit('exclusiveMaximum', below),
    ...limit('maximum', upTo)
  ]
}
