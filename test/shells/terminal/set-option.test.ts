import { expect, test } from 'vitest'
import { parseExperiment } from '#contract/experiment'
import { applySets } from '../../../src-main/shells/terminal/set-option'
import { experiment } from '../../application/fake-ports'

test.each([
  ['training.epochs=8', { training: { epochs: 8 } }],
  ['gradients.0.max=0.5', { gradients: [{ max: 0.5 }, { use: 'sgd' }] }],
  [
    'gradients.1.rate={"use":"constant","rate":1e-3}',
    { gradients: [{}, { rate: { use: 'constant', rate: 0.001 } }] }
  ],
  ['gradients=[{"use":"adam","rate":0.01}]', { gradients: [{ use: 'adam', rate: 0.01 }] }],
  ['model.layers.1.activation=relu', { model: { layers: [{}, { activation: 'relu' }] } }],
  ['model.layers.1.useBias=false', { model: { layers: [{}, { useBias: false }] } }],
  ['data.limit.train=1000', { data: { limit: { train: 1000 }, source: { use: 'digits' } } }],
  ['data.split={"validation":0.2}', { data: { split: { validation: 0.2 } } }],
  ['engine.use=wasm', { engine: { use: 'wasm' } }],
  ['name=a=b', { name: 'a=b' }],
  ['name="7"', { name: '7' }],
  ['name=', { name: '' }]
])('--set %s gives an experiment that holds it', (set, part) => {
  expect(parseExperiment(applySets(experiment, [set]))).toMatchObject(part)
})

test('sets are applied in order, and the experiment that was read stays as it was', () => {
  const before = structuredClone(experiment)
  const changed = applySets(experiment, ['seed=1', 'data.limit.train=5', 'seed=2', 'data.limit.test=6'])
  expect(changed).toMatchObject({ seed: 2, data: { limit: { train: 5, test: 6 } } })
  expect(experiment).toEqual(before)
})

test.each([
  ['gradients.2.max=1', 'experiment.badPath', { path: 'gradients.2.max' }],
  ['gradients.2={}', 'experiment.badPath', { path: 'gradients.2' }],
  ['gradients.first.max=1', 'experiment.badPath', { path: 'gradients.first.max' }],
  ['gradients.-1.max=1', 'experiment.badPath', { path: 'gradients.-1.max' }],
  ['gradients.length=0', 'experiment.badPath', { path: 'gradients.length' }],
  ['version.x=1', 'experiment.badPath', { path: 'version.x' }],
  ['model.layers.1.__proto__.units=1', 'experiment.badPath', {}],
  ['constructor.name=1', 'experiment.badPath', {}],
  ['training..epochs=1', 'experiment.badPath', {}],
  ['training.epochs', 'terminal.setWithoutValue', { text: 'training.epochs' }],
  ['=1', 'terminal.setWithoutValue', { text: '=1' }],
  ['training.epoch=1', 'experiment.unknownKey', { path: 'training.epoch', nearest: 'epochs' }],
  ['data.limits.train=1', 'experiment.unknownKey', { path: 'data.limits', nearest: 'limit' }],
  ['seed=one', 'experiment.wrongType', { path: 'seed', found: '"one"' }],
  ['training.epochs=NaN', 'experiment.wrongType', { path: 'training.epochs' }],
  ['training.epochs=null', 'experiment.wrongType', { path: 'training.epochs' }],
  ['training.epochs=0', 'experiment.notAbove', { path: 'training.epochs' }],
  ['training.steps=5', 'experiment.epochsOrSteps', {}]
])('--set %s is refused with %s', (set, key, values) => {
  expect(() => parseExperiment(applySets(experiment, [set]))).toThrow(
    expect.objectContaining({ name: 'Failure', key, values: expect.objectContaining(values) })
  )
})
