import { expect, test } from 'vitest'
import {
  HISTOGRAM_SIZE,
  measuredHistogram,
  measuredLayer,
  measuredWidth,
  telemetryPresets
} from '#contract/measures'
import type { TrainerEvent } from '#contract/trainer'
import { openMeasured } from '../../src-main/storage/run-rows'
import { eventsOf, experimentOf, trainToEnd, useWorkplace, weightsIn } from './sitting'

const workplace = useWorkplace()

/** Stored measurements of a run, a row each. */
async function storedIn(folder: string): Promise<number[][]> {
  const reader = await openMeasured(folder)
  const values = await reader.rows(1, reader.last)
  await reader.close()
  return Array.from({ length: reader.last }, (_, row) =>
    Array.from(values.subarray(row * reader.width, (row + 1) * reader.width))
  )
}

const announced = (events: TrainerEvent[]): number[][] =>
  events.flatMap((event) => {
    if (event.type !== 'measures') return []
    const { count, width, values } = event.batch
    return Array.from({ length: count }, (_, row) =>
      Array.from(values.subarray(row * width, (row + 1) * width))
    )
  })

test('weights are the same to the last bit whatever is measured', async () => {
  const weights = []
  for (const telemetry of telemetryPresets) {
    const folder = workplace.nextFolder()
    const { events } = await trainToEnd({
      folder,
      dataset: workplace.dataset,
      experiment: experimentOf({ telemetry })
    })
    expect(eventsOf(events, 'compiled')).toMatchObject([{ compiled: true }])
    expect(eventsOf(events, 'ranEagerly')).toEqual([])
    weights.push(await weightsIn(folder))
  }
  for (const each of weights) expect(each).toEqual(weights[0])
})

test('measurements are stored as they are announced, with the step they were taken at and the time they took', async () => {
  const folder = workplace.nextFolder()
  const experiment = experimentOf({ telemetry: 'deep' })
  const { events, ended } = await trainToEnd({ folder, dataset: workplace.dataset, experiment })
  const stored = await storedIn(folder)
  expect(stored).toEqual(announced(events))
  expect(stored.map(([step]) => step)).toEqual([1, 2, 5, 10])
  const [{ measured = [] }] = eventsOf(events, 'started')
  expect(measured).toEqual(['dense_1', 'batchNormalization_1', 'dense_2'])
  for (const row of stored) {
    expect(row.length).toBe(measuredWidth(3, true))
    const values = Float32Array.from(row)
    const hidden = measuredLayer(values, 3, 0)
    expect(hidden.preDeviation).toBeGreaterThan(0)
    expect(hidden.dead).toBeGreaterThanOrEqual(0)
    expect(hidden.zeros).toBeGreaterThan(hidden.dead)
    expect(hidden.nanOutputs + hidden.infiniteOutputs + hidden.nanWeights).toBe(0)
    // Of a batch of 50 the first 32 samples, 16 units each; a kernel of 64 by 16, and 16 biases.
    const total = (set: 'outputs' | 'gradients' | 'weights'): number =>
      (measuredHistogram(values, 3, 0, set) as Float32Array).reduce((sum, count) => sum + count, 0)
    expect([total('gradients'), total('weights')]).toEqual([12_560, 12_560])
    expect(total('outputs')).toBe(32 * 16)
    expect(measuredHistogram(values, 3, 2, 'weights')?.length).toBe(HISTOGRAM_SIZE)
  }
  const { measuring, seconds = 0 } = ended?.summary ?? {}
  expect(measuring).toMatchObject({ telemetry: 'deep' })
  expect(measuring?.seconds).toBeGreaterThan(0)
  expect(measuring?.seconds).toBeLessThan(seconds)
})

test('a run without measurements writes none, and tells no measured layers and no time for them', async () => {
  const folder = workplace.nextFolder()
  const experiment = experimentOf({ telemetry: 'light' })
  const { events, ended } = await trainToEnd({ folder, dataset: workplace.dataset, experiment })
  expect(ended?.summary.measuring).toBeUndefined()
  expect([await storedIn(folder), announced(events)]).toEqual([[], []])
  expect(eventsOf(events, 'started')[0].measured).toBeUndefined()
})

test('a run that was interrupted has in the end the measurements of one that was not', async () => {
  const { dataset } = workplace
  const experiment = experimentOf({ telemetry: 'normal', training: { batchSize: 50, epochs: 12 } })
  const [whole, folder] = [workplace.nextFolder(), workplace.nextFolder()]
  await trainToEnd({ folder: whole, dataset, experiment })
  const first = await trainToEnd({ folder, dataset, experiment }, (event, service) => {
    if (event.type === 'steps' && event.batch.first + event.batch.count > 12) service.stop('interrupted')
  })
  expect(first.ended?.summary.stopped).toBe('interrupted')
  await trainToEnd({ folder, dataset })
  const stored = await storedIn(folder)
  expect(stored.map(([step]) => step)).toEqual([1, 2, 5, 10, 20, 30, 40, 50])
  expect(stored).toEqual(await storedIn(whole))
})

test('a step that the guard refuses tells what its gradients and outputs were', async () => {
  const folder = workplace.nextFolder()
  const experiment = experimentOf({
    data: {
      source: { use: 'digits' },
      limit: { train: 300, test: 100 },
      faults: [{ use: 'scaleBatch', every: 1, by: 1e38 }]
    },
    guard: { nonFinite: 'stop' }
  })
  const { ended } = await trainToEnd({ folder, dataset: workplace.dataset, experiment })
  expect(ended?.summary.stopped).toBe('guard')
  const [row] = await storedIn(folder)
  const layers = [0, 1, 2].map((layer) => measuredLayer(Float32Array.from(row), 3, layer))
  expect(row[0]).toBe(1)
  expect(layers[0].infiniteOutputs + layers[0].nanOutputs).toBeGreaterThan(0)
  expect(layers[0].nanGradients).toBeGreaterThan(0)
  expect(layers.map(({ nanWeights }) => nanWeights)).toEqual([0, 0, 0])
})
