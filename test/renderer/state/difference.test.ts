import { describe, expect, test } from 'vitest'
import { findDifferences } from '../../../src-renderer/state/difference'
import { presets } from '../fake-workbench'
import { replaceAt } from '../../../src-renderer/state/path'

const { experiment } = presets[0]
const { layers } = experiment.model
const withLayers = (list: readonly unknown[]) => replaceAt(experiment, 'model.layers', list)

describe('the differences of two experiments', () => {
  test('are none between equal ones, whatever the order of their keys', () => {
    const shuffled = Object.fromEntries(Object.entries(experiment).reverse())
    expect(findDifferences(experiment, shuffled)).toEqual([])
  })

  test('name the option that was changed', () => {
    const changed = replaceAt(replaceAt(experiment, 'gradients.0.max', 2), 'training.batchSize', 64)
    expect(findDifferences(experiment, changed)).toEqual([
      { path: 'gradients.0.max', from: 1, to: 2 },
      { path: 'training.batchSize', from: 128, to: 64 }
    ])
  })

  test('name a layer that was removed, and a change behind it at its own place', () => {
    const fewer = layers.toSpliced(1, 1).with(2, { ...layers[3], units: 64 } as (typeof layers)[number])
    expect(findDifferences(experiment, withLayers(fewer))).toEqual([
      { path: 'model.layers.1', from: layers[1] },
      { path: 'model.layers.2.units', from: 128, to: 64 }
    ])
  })

  test('name a layer that was put in, and no other', () => {
    const added = { use: 'activation', activation: 'tanh' }
    expect(findDifferences(experiment, withLayers(layers.toSpliced(2, 0, added as never)))).toEqual([
      { path: 'model.layers.2', to: added }
    ])
  })

  test('say that a word was exchanged as a whole', () => {
    const cosine = { use: 'cosine', rate: 0.1, over: 5 }
    expect(findDifferences(experiment, replaceAt(experiment, 'gradients.1.rate', cosine))).toEqual([
      { path: 'gradients.1.rate', from: 0.001, to: cosine }
    ])
  })

  test('name an option that only one of them has', () => {
    expect(findDifferences({ a: { b: 1 } }, { a: {} })).toEqual([{ path: 'a.b', from: 1 }])
  })
})
