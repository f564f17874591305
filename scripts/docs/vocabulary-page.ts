import { format, type Options } from 'prettier'
import { z } from 'zod'
import {
  describeGenerator,
  describeWord,
  documentSchema,
  wordOf,
  type JsonSchema
} from '#contract/documented-schema'
import { experimentJsonSchema } from '#contract/experiment'
import { say, type Language, type MessageKey } from '#contract/messages'
import { activations, generators, vocabulary } from '#contract/vocabulary'
import { codeOf, describeValue } from './describe-value'
import { pageWords } from './page-words'

/** The pages by their files in `docs/`. */
export const pages = { 'vocabulary.md': 'en', 'vocabulary.zh-CN.md': 'zh-CN' } as const

/** A page of Markdown with every place, word and option of an experiment, written as prettier writes it. */
export function vocabularyPage(language: Language, style: Options): Promise<string> {
  const words = pageWords[language]
  const groups = Object.entries(vocabulary) as [keyof typeof vocabulary, Record<string, z.ZodType>][]
  const parts = [
    `# ${words.title}`,
    words.intro,
    `## ${words.experiment}`,
    table(placesOf(experimentJsonSchema(language)), language),
    ...groups.flatMap(([group, members]) => [
      `## ${words.groups[group]}`,
      ...Object.entries(members).flatMap(([word, schema]) => describe(word, schema, language))
    ]),
    `## ${words.groups.activations}`,
    ...activations.map((word) => `- \`${word}\` ${describeWord(word, language)}`)
  ]
  // Entries of a list belong together; all else stands apart.
  return format(parts.join('\n\n').replace(/\n\n- /g, '\n- '), { ...style, parser: 'markdown' })
}

/** A word with its line of help and a table of its options. */
function describe(word: string, schema: z.ZodType, language: Language): string[] {
  const documented = documentSchema(z.toJSONSchema(schema, { io: 'input' }) as JsonSchema, language)
  const options = optionsOf(whole(documented))
  return [
    `### \`${word}\``,
    describeWord(word, language),
    ...(options.length > 0 ? [table(options, language)] : []),
    ...(word === 'synthetic'
      ? generators.map((each) => {
          const name: MessageKey = `editor.value.${each}`
          return `- \`${each}\`${pageWords[language].named(say(language, name))}${describeGenerator(each, language)}`
        })
      : [])
  ]
}

/** A schema that names itself stands among its definitions. */
const whole = (schema: JsonSchema): JsonSchema =>
  schema.properties ? schema : (Object.values(schema.$defs ?? {}).find(wordOf) ?? schema)

interface Option {
  path: string
  node: JsonSchema
  required: boolean
}

const optionsOf = ({ properties = {}, required = [] }: JsonSchema): Option[] =>
  Object.entries(properties)
    .filter(([name]) => name !== 'use')
    .map(([path, node]) => ({ path, node, required: (required as string[]).includes(path) }))

/** Every place of an experiment from outside in, as far as no word lies between. */
function placesOf(schema: JsonSchema, prefix = ''): Option[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, node]) => {
    const path = `${prefix}${name}`
    const required = ((schema.required ?? []) as string[]).includes(name)
    return [{ path, node, required }, ...placesOf(node, `${path}.`)]
  })
}

function table(options: readonly Option[], language: Language): string {
  const { head, live, required: needed, units } = pageWords[language]
  const rows = options.map(({ path, node, required }) => [
    [`\`${path}\``, ...(required ? [`*${needed}*`] : []), ...(node.live ? [`*${live}*`] : [])].join(' '),
    node.description ?? '',
    describeValue(node, language),
    node.default === undefined ? '' : codeOf(node.default),
    typeof node.unit === 'string' ? units[node.unit as keyof typeof units] : ''
  ])
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}
