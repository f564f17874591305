import { expect, test } from 'vitest'
import type { ExperimentInput } from '#contract/experiment'
import { diagnoseStored } from '../../src-main/application/diagnosis'
import { eventsOf, experimentOf, trainToEnd, useWorkplace } from './sitting'

const workplace = useWorkplace()

const large = { use: 'randomNormal', stddev: 2 } as const
/** Sigmoids that are saturated from the start. */
const saturated: ExperimentInput['model'] = {
  layers: [
    { use: 'flatten' },
    { use: 'dense', units: 30, activation: 'sigmoid', initializer: large },
    { use: 'dense', units: 30, activation: 'sigmoid', initializer: large },
    { use: 'dense', units: 10, initializer: large }
  ]
}

async function train(changes: Partial<ExperimentInput>) {
  const folder = workplace.nextFolder()
  const experiment = experimentOf(changes)
  const { events, ended } = await trainToEnd({ folder, dataset: workplace.dataset, experiment })
  return { folder, events, findings: ended?.summary.findings }
}

test.each(['normal', 'deep'] as const)(
  'what measurements show while a run goes on (%s) is found again in what is stored of it',
  async (telemetry) => {
    const { folder, events, findings } = await train({
      telemetry,
      model: saturated,
      training: { batchSize: 50, steps: 60 }
    })
    expect(findings).toContainEqual(
      expect.objectContaining({ kind: 'saturation', layer: 'dense_1', step: 10, cause: 'initialization' })
    )
    expect(eventsOf(events, 'finding').map(({ finding }) => finding.kind)).toContain('saturation')
    expect((await diagnoseStored({ folder } as never)).findings).toEqual(findings)
  }
)

test('the structure is judged rightly where a run keeps nothing of its layers', async () => {
  const { folder, findings } = await train({
    telemetry: 'off',
    model: { layers: [{ use: 'flatten' }, { use: 'dense', units: 10, activation: 'softmax' }] },
    loss: { use: 'categoricalCrossEntropy' }
  })
  expect(findings).toEqual([])
  expect((await diagnoseStored({ folder } as never)).findings).toEqual([])
})
