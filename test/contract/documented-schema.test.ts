import { describe, expect, test } from 'vitest'
import { wordOf, type JsonSchema } from '#contract/documented-schema'
import { experimentJsonSchema } from '#contract/experiment'
import { languages, say } from '#contract/messages'
import { vocabulary } from '#contract/vocabulary'

/** Every object of a schema with its properties, from outside in. */
function objectsIn(node: unknown): JsonSchema[] {
  if (typeof node !== 'object' || node === null) return []
  const inside = Object.values(node).flatMap(objectsIn)
  const schema = node as JsonSchema
  return typeof schema.properties === 'object' && schema.type === 'object' ? [schema, ...inside] : inside
}

describe.each(languages)('in %s', (language) => {
  const objects = objectsIn(experimentJsonSchema(language))

  test('every place, word and option is described', () => {
    const bare = objects.flatMap((object) =>
      Object.entries(object.properties ?? {})
        .filter(([name, { description }]) => name !== 'use' && !description)
        .map(([name]) => `${wordOf(object) ?? ''}.${name}`)
    )
    // What the engine's choice is called stands at its place, as for all that is no word.
    expect(bare).toEqual([])
    const words = objects.filter((object) => wordOf(object) !== undefined)
    expect(words.filter(({ description }) => !description).map(wordOf)).toEqual([])
    const known = Object.values(vocabulary).flatMap((group) => Object.keys(group))
    expect(known.filter((word) => !words.some((object) => wordOf(object) === word))).toEqual([])
  })

  test('an option has the text of its word, with its default and its unit', () => {
    const rotate = objects.find((object) => wordOf(object) === 'rotate')
    expect(rotate?.properties?.degrees).toMatchObject({
      description: say(language, 'vocabulary.option.degrees.help'),
      default: 10,
      unit: 'degrees'
    })
    const dropout = objects.find((object) => wordOf(object) === 'dropout')
    expect(dropout?.properties?.rate).toMatchObject({
      description: say(language, 'editor.option.dropout.rate.help'),
      unit: 'share',
      live: true
    })
  })

  test('the values of an activation and of a generator have a line each', () => {
    const dense = objects.find((object) => wordOf(object) === 'dense')?.properties?.activation
    expect(dense?.enumDescriptions).toHaveLength(dense?.enum?.length ?? 0)
    const synthetic = objects.find((object) => wordOf(object) === 'synthetic')?.properties?.generator
    expect((synthetic?.enumDescriptions as string[])[0]).toContain('`noise`')
  })
})
