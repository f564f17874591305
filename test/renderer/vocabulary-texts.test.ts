import { isMessageKey } from '#contract/messages'
import { activations, vocabulary } from '#contract/vocabulary'
import { expect, test } from 'vitest'

const words = Object.values(vocabulary).flatMap((group) => Object.entries(group))

test('every word of an experiment has a label and a line of help', () => {
  const names = [...words.map(([name]) => name), ...activations]
  const missing = names.flatMap((name) => [`vocabulary.${name}`, `vocabulary.${name}.help`])
  expect(missing.filter((key) => !isMessageKey(key))).toEqual([])
})

test('every option of a word has a label and a line of help', () => {
  const options = new Set(
    words.flatMap(([, word]) => Object.keys(word.shape)).filter((name) => name !== 'use')
  )
  const missing = [...options].flatMap((name) => [
    `vocabulary.option.${name}`,
    `vocabulary.option.${name}.help`
  ])
  expect(missing.filter((key) => !isMessageKey(key))).toEqual([])
})
