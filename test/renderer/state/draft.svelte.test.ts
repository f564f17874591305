import { parseExperiment } from '#contract/experiment'
import { Failure } from '#contract/failure'
import { flushSync } from 'svelte'
import { beforeEach, describe, expect, test } from 'vitest'
import { describeModel } from '../../../src-main/models/inspect'
import { Draft } from '../../../src-renderer/state/draft.svelte'
import { FakeWorkbench, presets } from '../fake-workbench'

let workbench: FakeWorkbench
let draft: Draft
let described: number
let waiting: { milliseconds: number; work: () => void }[]

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 200; turn++) await Promise.resolve()
  flushSync()
}
/** Lets everything happen that waits for a pause in typing. */
const rest = async (): Promise<void> => {
  for (const { work } of waiting.splice(0)) work()
  await settle()
}

function makeDraft(): Draft {
  waiting = []
  return new Draft({
    call: workbench.client().call,
    later(milliseconds, work) {
      const entry = { milliseconds, work }
      waiting.push(entry)
      return () => {
        waiting = waiting.filter((each) => each !== entry)
      }
    }
  })
}

beforeEach(async () => {
  workbench = new FakeWorkbench()
  described = 0
  Object.assign(workbench.handlers, {
    'model.describe': ({ experiment }: { experiment: unknown }) => {
      described++
      return describeModel(parseExperiment(experiment).model.layers, [28, 28, 1])
    }
  })
  draft = makeDraft()
  draft.load(presets[0].experiment)
  await settle()
})

describe('a draft', () => {
  test('of a preset is that experiment, with its shapes, and nothing to undo', () => {
    expect([draft.experiment, draft.problem, draft.shapeOf(2)?.outputShape, draft.canUndo]).toEqual([
      presets[0].experiment,
      undefined,
      [5408],
      false
    ])
  })

  test('keeps what was typed where it cannot be used, and says where', () => {
    draft.setOption('model.layers.3.units', 'many')
    const { failure, ...place } = draft.problem ?? {}
    expect([draft.valueAt('model.layers.3.units'), draft.experiment, failure?.key, place]).toEqual([
      'many',
      undefined,
      'experiment.wrongType',
      { path: 'model.layers.3.units', layer: 3 }
    ])
  })

  test('shows the shapes of the layers before one that is wrong', async () => {
    draft.setOption('model.layers.3.units', 'many')
    await rest()
    expect([draft.shapeOf(2)?.outputShape, draft.shapeOf(3)]).toEqual([[5408], undefined])
  })

  test('marks a layer that does not fit, with the shapes of those before it', async () => {
    draft.removeLayer(2)
    await rest()
    expect([draft.problem?.failure.key, draft.problem?.layer, draft.shapeOf(1)?.outputShape]).toEqual([
      'model.flatInput',
      2,
      [13, 13, 32]
    ])
  })

  test('leaves the mark at its layer while that is moved, until there is a new answer', async () => {
    draft.removeLayer(2)
    await rest()
    draft.moveLayer(2, 0)
    expect([draft.problem?.layer, draft.looking]).toEqual([0, true])
  })

  test('marks the last layer where the data has another number of classes', async () => {
    draft.setOption('model.layers.5.units', 12)
    await rest()
    expect([draft.problem?.failure.values, draft.problem?.layer]).toEqual([
      { layer: 'dense_2', found: '[12]', classes: 10, expected: '[10]' },
      5
    ])
  })

  test('asks for shapes once, when typing rests', async () => {
    const before = described
    for (const units of [1, 12, 128]) draft.setOption('model.layers.3.units', units + 1)
    expect([described, waiting.map(({ milliseconds }) => milliseconds)]).toEqual([before, [150, 500]])
    await rest()
    expect([described, draft.shapeOf(3)?.outputShape]).toEqual([before + 1, [129]])
  })

  test('does not ask again for a model that did not change', async () => {
    const before = described
    draft.setOption('training.batchSize', 64)
    await rest()
    expect(described).toBe(before)
  })
})

describe('undo', () => {
  test('takes back every kind of edit, one by one, down to the first', () => {
    const edits: (() => void)[] = [
      () => draft.addLayer({ use: 'flatten' }, 0),
      () => draft.duplicateLayer(4),
      () => draft.moveLayer(0, 3),
      () => draft.removeLayer(1),
      () => draft.setOption('training.batchSize', 32),
      () => draft.removeOption('data.split'),
      () => draft.addStep({ use: 'clipByNorm', max: 1 }, 0),
      () => draft.moveStep(0, 1),
      () => draft.switchStep(0),
      () => draft.removeStep(0),
      () => void draft.pasteLayers('{"use": "flatten"}', 1),
      () => draft.load(presets[1].experiment)
    ]
    const values = edits.map((edit) => {
      const before = JSON.stringify([draft.value, draft.cards])
      edit()
      return before
    })
    const undone = values.map(() => {
      draft.undo()
      return JSON.stringify([draft.value, draft.cards])
    })
    expect([undone.reverse(), draft.canUndo]).toEqual([values, false])
  })

  test('takes back a number that was typed as a whole, and brings it back', () => {
    for (const units of [2, 25, 256]) draft.setOption('model.layers.3.units', units)
    draft.undo()
    const undone = draft.valueAt('model.layers.3.units')
    draft.redo()
    expect([undone, draft.valueAt('model.layers.3.units'), draft.canUndo]).toEqual([128, 256, true])
  })
})

describe('layers', () => {
  test('keep their identity while they are edited, moved and brought back', () => {
    const id = draft.idOf(draft.layers[3])
    draft.setOption('model.layers.3.units', 64)
    draft.moveLayer(3, 0)
    const moved = draft.idOf(draft.layers[0])
    draft.undo()
    expect([moved, draft.idOf(draft.layers[3])]).toEqual([id, id])
  })

  test('are all different, a duplicate too', () => {
    draft.duplicateLayer(3)
    expect(new Set(draft.layers.map(draft.idOf)).size).toBe(7)
  })

  test('are duplicated without their name, because a name is given once', () => {
    draft.setOption('model.layers.3.name', 'hidden')
    draft.duplicateLayer(3)
    expect([
      draft.valueAt('model.layers.4.name'),
      draft.valueAt('model.layers.4.units'),
      draft.problem
    ]).toEqual([undefined, 128, undefined])
  })

  test('are the same after they were copied and pasted', () => {
    const text = draft.copyLayers()
    const before = draft.value
    draft.pasteLayers(text, 'all')
    expect(draft.value).toEqual(before)
  })

  test.each([
    ['{"use": "flatten"}', ['flatten']],
    ['{"layers": [{"use": "flatten"}, {"use": "dense", "units": 3}]}', ['flatten', 'dense']],
    ['{"version": 1, "model": {"layers": [{"use": "flatten"}]}}', ['flatten']]
  ])('are found in %s', (text, words) => {
    draft.pasteLayers(text, 'all')
    expect(draft.layers.map(({ use }) => use)).toEqual(words)
  })

  test.each([
    ['{"use": ', 'editor.notJson'],
    ['{}', 'editor.noLayers'],
    ['[]', 'editor.noLayers'],
    ['[{"use": "dens"}]', 'experiment.unknownWord'],
    ['[{"use": "dense", "units": 0}]', 'experiment.notAbove']
  ])('of the text %s are refused with a sentence, and nothing changes', (text, key) => {
    const before = draft.value
    let refusal: unknown
    try {
      draft.pasteLayers(text, 0)
    } catch (error) {
      refusal = error
    }
    expect([refusal instanceof Failure && refusal.key, draft.value]).toEqual([key, before])
  })
})

describe('saving', () => {
  test('happens when typing rests, and another window takes the draft up', async () => {
    draft.setOption('model.layers.3.units', 'many')
    draft.switchStep(0)
    await rest()
    const other = makeDraft()
    const found = await other.read()
    expect([found, other.value, other.cards]).toEqual([true, draft.value, draft.cards])
  })

  test('finds nothing where nothing was saved', async () => {
    expect([await makeDraft().read(), draft.saveProblem]).toEqual([false, undefined])
  })

  test('that fails is said, and tried again after the connection is back', async () => {
    const { 'draft.save': save } = workbench.handlers
    Object.assign(workbench.handlers, {
      'draft.save': () => {
        throw new Failure('storage.diskFull', { path: '/' })
      }
    })
    draft.setOption('seed', 2)
    await rest()
    const problem = draft.saveProblem instanceof Failure && draft.saveProblem.key
    Object.assign(workbench.handlers, { 'draft.save': save })
    draft.refresh()
    await settle()
    expect([
      problem,
      draft.saveProblem,
      (workbench.draft as { experiment: { seed: number } }).experiment.seed
    ]).toEqual(['storage.diskFull', undefined, 2])
  })
})

test('a draft tells in what it differs from a run', () => {
  draft.setOption('gradients.0.max', 2)
  expect(draft.difference(presets[0].experiment)).toEqual([{ path: 'gradients.0.max', from: 1, to: 2 }])
})
