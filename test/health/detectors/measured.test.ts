import { expect, test } from 'vitest'
import { isMeasured, type MeasuredColumn } from '#contract/measures'
import { openDiagnosis } from '../../../src-main/health/diagnose'
import { experimentWith, found, rowOf, measuredRow, see, subjectWith, tell, type SaidStep } from '../rows'

const dense = (activation?: 'relu' | 'sigmoid' | 'tanh', initializer: object = { use: 'glorotUniform' }) =>
  ({ use: 'dense', units: 10, ...(activation && { activation }), initializer }) as never
const names = ['dense_1', 'dense_2', 'dense_3']
const relus = subjectWith(experimentWith([dense('relu'), dense('relu'), dense()]), names)
const tanhs = subjectWith(experimentWith([dense('tanh'), dense('tanh'), dense()]), names)

/** Says what a step says, and at the steps at which a run measures a number of each layer. */
const measuring =
  (column: MeasuredColumn, numbers: (step: number) => number[], say: (step: number) => SaidStep) =>
  (step: number): SaidStep => ({
    ...say(step),
    ...(isMeasured('normal', step) && { measured: numbers(step).map((number) => ({ [column]: number })) })
  })
const stuck = () => ({ loss: 2.3, gradients: [1, 0.9, 0.8] })
const learning = (step: number) => ({ loss: 0.2 + 2.1 * 0.97 ** step, gradients: [1, 0.9, 0.8] })

test('units that are saturated at one measurement after the other are found where the loss stands still', () => {
  const subject = measuring('saturated', () => [0.1, 0.7, NaN], stuck)
  expect(found(tanhs, 110, subject)).toEqual(['saturation dense_2 learningRate'])
})

test('saturated units of a layer whose weights are drawn too large are the fault of its initialization', () => {
  const large = { use: 'randomNormal', stddev: 2 }
  const subject = subjectWith(experimentWith([dense('tanh', large), dense('tanh', large), dense()]), names)
  expect(
    found(
      subject,
      110,
      measuring('saturated', () => [0.8, 0.8, NaN], stuck)
    )
  ).toEqual(['saturation dense_1 initialization'])
})

test('saturated units are no alarm where the loss falls: features may be switches', () => {
  const diagnosis = openDiagnosis(tanhs)
  see(
    diagnosis,
    1,
    400,
    measuring('saturated', () => [0.8, 0.7, NaN], learning)
  )
  expect(diagnosis.findings.map(({ kind, severity }) => `${kind} ${severity}`)).toEqual(['saturation info'])
})

test('a layer that is saturated at single measurements is not said to be', () => {
  const now = (step: number) => (step % 100 === 0 ? [0.8, 0.8, NaN] : [0.1, 0.1, NaN])
  expect(found(tanhs, 600, measuring('saturated', now, stuck))).not.toContain(
    'saturation dense_1 learningRate'
  )
})

test('saturation that is over is withdrawn', () => {
  const diagnosis = openDiagnosis(tanhs)
  const share = (step: number) => (step <= 150 ? [0.8, 0.7, NaN] : [0.1, 0.1, NaN])
  see(diagnosis, 1, 150, measuring('saturated', share, stuck))
  expect(tell(diagnosis)).toEqual(['saturation dense_1 learningRate'])
  const changes = see(diagnosis, 151, 300, measuring('saturated', share, learning))
  expect(changes.map(({ type, finding }) => `${type} ${finding.kind}`)).toEqual(['withdrawn saturation'])
})

test('a layer most of whose units are zero for whole batches is dead, though a gradient comes through', () => {
  expect(
    found(
      relus,
      70,
      measuring('dead', () => [0.1, 0.8, NaN], stuck)
    )
  ).toEqual(['deadUnits dense_2 learningRate'])
})

test('dead units are no alarm where the rest learns, and none at all where they are few', () => {
  expect(
    found(
      relus,
      300,
      measuring('dead', () => [0.1, 0.8, NaN], learning)
    )
  ).toEqual([])
  const diagnosis = openDiagnosis(relus)
  see(
    diagnosis,
    1,
    300,
    measuring('dead', () => [0.4, 0.5, NaN], stuck)
  )
  expect(diagnosis.findings.map(({ kind }) => kind)).not.toContain('deadUnits')
})

test('of dead layers the first in the order of depth is named where it was measured', () => {
  const starved = () => ({ loss: 2.3, gradients: [0, 0, 1] })
  expect(
    found(
      relus,
      20,
      measuring('dead', () => [1, 1, NaN], starved)
    )
  ).toEqual(['deadUnits dense_1 learningRate'])
})

test('units that die later are found within two measurements', () => {
  const diagnosis = openDiagnosis(relus)
  const share = (step: number) => (step <= 220 ? [0.1, 0.1, NaN] : [0.1, 0.9, NaN])
  see(diagnosis, 1, 220, measuring('dead', share, stuck))
  expect(tell(diagnosis)).toEqual([])
  see(diagnosis, 221, 80, measuring('dead', share, stuck))
  expect(tell(diagnosis)).toEqual(['deadUnits dense_2 learningRate'])
})

test('a gradient that is nowhere is told of the layer at which the signal fades', () => {
  const faint = () => ({ loss: 2.3, gradients: [1e-9, 1e-9, 1e-9] })
  expect(
    found(
      relus,
      15,
      measuring('outputDeviation', () => [0.5, 1e-4, 1e-8], faint)
    )
  ).toEqual(['vanishingGradient dense_2 learningRate'])
})

test('a refused step names the first layer that gave something that is not finite', () => {
  const diagnosis = openDiagnosis(relus)
  const row = rowOf({ loss: NaN, gradients: [NaN, NaN, NaN], refused: true })
  const counts = [0, 3, 10].map((infiniteOutputs) => ({ infiniteOutputs, nanOutputs: 0 }))
  diagnosis.look(row, 1, measuredRow(1, counts))
  expect(diagnosis.findings).toMatchObject([{ kind: 'nonFinite', layer: 'dense_2' }])
})

test('what breaks right behind a bad batch is its fault', () => {
  const diagnosis = openDiagnosis(relus)
  see(diagnosis, 1, 40, learning)
  see(diagnosis, 41, 1, () => ({ loss: 500, gradients: [4000, 900, 800], updates: [400, 90, 80] }))
  diagnosis.look(rowOf({ loss: NaN, gradients: [NaN, NaN, NaN], refused: true }), 42)
  expect(tell(diagnosis)).toEqual(['explodingGradient dense_1 badBatch', 'nonFinite dense_1 badBatch'])
})
