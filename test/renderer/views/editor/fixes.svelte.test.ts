import { parseExperiment, type Experiment, type ExperimentInput } from '#contract/experiment'
import { expect, test } from 'vitest'
import { describeModel } from '../../../../src-main/models/inspect'
import type { Word } from '../../../../src-renderer/state/content'
import { Draft } from '../../../../src-renderer/state/draft.svelte'
import { findFixes } from '../../../../src-renderer/views/editor/fixes'
import { FakeWorkbench, presets } from '../../fake-workbench'

type Layers = ExperimentInput['model']['layers']

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 200; turn++) await Promise.resolve()
}

async function makeDraft(): Promise<{ draft: Draft; rest(): Promise<void> }> {
  const workbench = new FakeWorkbench()
  Object.assign(workbench.handlers, {
    'model.describe': ({ experiment }: { experiment: unknown }) =>
      describeModel(parseExperiment(experiment).model.layers, [28, 28, 1])
  })
  let waiting: (() => void)[] = []
  const draft = new Draft({
    call: workbench.client().call,
    later: (_, work) => {
      waiting.push(work)
      return () => {}
    }
  })
  draft.load(presets[0].experiment)
  await settle()
  return {
    draft,
    async rest() {
      const works = waiting
      waiting = []
      works.forEach((work) => work())
      await settle()
    }
  }
}

const models: [string, Layers, number][] = [
  ['a dense layer after an image', [{ use: 'dense', units: 10 }], 1],
  [
    'a convolution of what was flattened',
    [{ use: 'flatten' }, { use: 'conv2d', filters: 2, kernelSize: 3 }],
    2
  ],
  ['a window larger than the image', [{ use: 'maxPooling2d', size: 40 }], 2],
  ['a kernel larger than the image', [{ use: 'conv2d', filters: 2, kernelSize: 40 }], 2],
  ['outputs that are an image', [{ use: 'dropout', rate: 0.5 }], 1],
  ['too many outputs', [{ use: 'flatten' }, { use: 'dense', units: 12 }], 1],
  [
    'too few outputs before an activation',
    [{ use: 'flatten' }, { use: 'dense', units: 2 }, { use: 'activation', activation: 'tanh' }],
    1
  ],
  ['outputs that no layer decides', [{ use: 'flatten' }], 1]
]

test.each(models)('%s can be mended with one click, whichever is offered', async (_, layers, count) => {
  const results: unknown[] = []
  for (let choice = 0; choice < count; choice++) {
    const { draft, rest } = await makeDraft()
    draft.pasteLayers(JSON.stringify(layers), 'all')
    await rest()
    const before = draft.problem?.failure.key
    const fixes = draft.problem ? findFixes(draft.problem, draft) : []
    fixes[choice].apply()
    await rest()
    results.push([fixes.length, draft.problem?.failure.key !== before])
  }
  expect(results).toEqual(Array.from({ length: count }, () => [count, true]))
})

const inside = (name: string): Word => ({
  use: 'residual',
  layers: [{ use: 'batchNormalization' }, { use: 'batchNormalization', name }]
})
const twice = inside('batchNormalization_1')
const part = inside('shortcut')
const broken: [string, (draft: Draft) => void][] = [
  ['a chain without an optimizer', (draft) => draft.removeStep(1)],
  ['two optimizers', (draft) => draft.addStep({ use: 'sgd', rate: 0.1 }, 1)],
  ['a step behind the optimizer', (draft) => draft.moveStep(0, 1)],
  ['neither epochs nor steps', (draft) => draft.removeOption('training.epochs')],
  ['epochs and steps', (draft) => draft.setOption('training.steps', 5)],
  ['two layers of one name', (draft) => draft.setOption('model.layers.5.name', 'dense_1')],
  ['two layers of one name inside a residual', (draft) => draft.addLayer(twice, 1)],
  ['a layer inside a residual named like a part of it', (draft) => draft.addLayer(part, 1)],
  ['an option that there is not', (draft) => draft.setOption('model.layers.0.filtres', 5)]
]

test.each(broken)('%s is mended with one click', async (_, damage) => {
  const { draft } = await makeDraft()
  damage(draft)
  const problem = draft.problem
  const fixes = problem ? findFixes(problem, draft) : []
  fixes[0]?.apply()
  expect([problem !== undefined, fixes.length, draft.problem]).toEqual([true, 1, undefined])
})

test('what only the user can know has no fix', async () => {
  const { draft } = await makeDraft()
  draft.setOption('model.layers.3.units', '')
  expect(draft.problem && findFixes(draft.problem, draft)).toEqual([])
})

test('what does not fit inside a residual is told at the residual, and nothing is changed around it', async () => {
  const { draft, rest } = await makeDraft()
  draft.addLayer({ use: 'residual', layers: [{ use: 'dense', units: 3 }] }, 1)
  await rest()
  expect(draft.problem).toMatchObject({
    layer: 1,
    failure: { key: 'model.flatInput', values: { layer: 'residual_1/dense_1' } }
  })
  expect(draft.problem && findFixes(draft.problem, draft)).toEqual([])
})

test('a fix can be undone', async () => {
  const { draft } = await makeDraft()
  draft.removeStep(1)
  const broken = draft.value
  if (draft.problem) findFixes(draft.problem, draft)[0].apply()
  draft.undo()
  expect(draft.value).toEqual(broken)
  draft.undo()
  expect(draft.experiment satisfies Experiment | undefined).toEqual(presets[0].experiment)
})
