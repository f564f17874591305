import { expect, test } from 'vitest'
import { openDiagnosis } from '../../src-main/health/diagnose'
import { experimentWith, found, rowOf, see, subjectWith, tell } from './rows'

const dense = (activation?: 'relu' | 'sigmoid' | 'tanh' | 'softmax' | 'exponential') => ({
  use: 'dense' as const,
  units: 10,
  ...(activation && { activation }),
  initializer: { use: 'heNormal' as const }
})
const names = ['dense_1', 'dense_2', 'dense_3']
const relus = subjectWith(experimentWith([dense('relu'), dense('relu'), dense()]), names)
/** The loss of a run that learns. */
const falling = (step: number): number => 0.3 + 2 * 0.98 ** step
const learning = (step: number) => ({ loss: falling(step), gradients: [1, 0.9, 0.8] })

test('a run that learns with gradients of one size gives rise to nothing', () => {
  expect(found(relus, 600, learning)).toEqual([])
})

test('noise of small batches, a falling gradient and a wobble of the loss give rise to nothing', () => {
  const noisy = (step: number) => ({
    loss: falling(step) * (1 + 0.8 * Math.abs(Math.sin(step * step))),
    gradients: [0.99 ** step, 0.7 * 0.99 ** step, 0.5 * 0.99 ** step]
  })
  expect(found(relus, 600, noisy)).toEqual([])
})

test('a gradient that dies out on its way back is found within 50 steps, at the layer where it is smallest', () => {
  const glorot = { ...dense('sigmoid'), initializer: { use: 'glorotUniform' as const } }
  const sigmoids = subjectWith(experimentWith([glorot, glorot, dense()]), names)
  expect(found(sigmoids, 12, () => ({ gradients: [1e-6, 1e-3, 1] }))).toEqual([
    'vanishingGradient dense_1 activation'
  ])
})

test('gradients that are nowhere from the start vanish as well, though all layers are alike', () => {
  expect(found(relus, 15, () => ({ gradients: [1e-9, 1e-9, 1e-9] }))).toEqual([
    'vanishingGradient dense_1 learningRate'
  ])
})

test('a layer without any gradient is dead, and not said to have vanished', () => {
  expect(found(relus, 20, () => ({ gradients: [0, 0, 1] }))).toEqual(['deadUnits dense_2 learningRate'])
})

test('gradients that grow until they move all weights are found before a step is refused, and blamed on the rate', () => {
  const diagnosis = openDiagnosis(relus)
  see(diagnosis, 1, 20, learning)
  see(diagnosis, 21, 4, (step) => ({
    loss: 10 ** (step - 20),
    gradients: [10, 10, 10].map((gradient) => gradient ** (step - 20))
  }))
  const [first] = diagnosis.findings
  expect(first).toMatchObject({ kind: 'explodingGradient', cause: 'learningRate', severity: 'error' })
  diagnosis.look(rowOf({ loss: NaN, gradients: [NaN, NaN, NaN], refused: true }), 25)
  expect(tell(diagnosis).map((said) => said.split(' ')[0])).toEqual(['explodingGradient', 'nonFinite'])
})

test('one sudden gradient out of calm steps is the fault of its batch', () => {
  const diagnosis = openDiagnosis(relus)
  see(diagnosis, 1, 40, learning)
  see(diagnosis, 41, 1, () => ({ loss: 500, gradients: [4000, 900, 800], updates: [400, 90, 80] }))
  expect(tell(diagnosis)).toEqual(['explodingGradient dense_1 badBatch'])
})

test('a refused step names the layer where it arose: the last broken one of a broken front', () => {
  expect(found(relus, 1, () => ({ gradients: [NaN, Infinity, 1], refused: true }))).toEqual([
    'nonFinite dense_2 learningRate'
  ])
})

test('far moves behind which the loss rises are too long', () => {
  const far = (step: number) => ({ loss: step === 1 ? 2.3 : 20, gradients: [1, 1, 1], updates: [4, 4, 4] })
  expect(found(relus, 3, far)).toEqual(['learningRateTooHigh dense_1 learningRate'])
})

test('far moves in front of a normalization do no harm', () => {
  const normalized = experimentWith([
    { ...dense(), useBias: false },
    { use: 'batchNormalization' },
    { use: 'activation', activation: 'relu' },
    dense()
  ])
  const subject = subjectWith(normalized, ['dense_1', 'batchNormalization_1', 'dense_2'])
  expect(found(subject, 100, (step) => ({ ...learning(step), updates: [9, 9, 0.1] }))).toEqual([])
})

test('moves that are next to nothing, while there are gradients, are too short', () => {
  expect(found(relus, 40, () => ({ gradients: [1, 1, 1], updates: [1e-6, 1e-6, 1e-6] }))).toEqual([
    'learningRateTooLow – learningRate'
  ])
})

const constant = { use: 'constant' as const, value: 0.1 }
test.each([
  [
    'a softmax in front of a loss on logits',
    [dense('relu'), dense('relu'), dense('softmax')],
    'lossOutputMismatch dense_3 lossOutput'
  ],
  [
    'a layer of equal weights',
    [{ ...dense('tanh'), initializer: constant }, dense('tanh'), dense()],
    'symmetricWeights dense_1 initialization'
  ]
])('%s is seen before the first step', (_, layers, said) => {
  const diagnosis = openDiagnosis(subjectWith(experimentWith(layers), names))
  diagnosis.begin()
  expect(tell(diagnosis)).toEqual([said])
})

test('a negative weight of the loss turns the sign, whatever the steps look like', () => {
  const flipped = experimentWith([dense('relu'), dense('relu'), dense()], {
    loss: { use: 'softmaxCrossEntropy', weight: -1 }
  })
  expect(found(subjectWith(flipped, names), 30, learning)[0]).toBe('wrongSign – sign')
})

test.each([
  ['a sigmoid cannot give standardized targets', 'sigmoid', { targetScale: 1, targetVariance: 1 }, true],
  ['a ReLU cannot give standardized targets', 'relu', { targetScale: 1, targetVariance: 1 }, true],
  [
    'a sigmoid can give numbers between 0 and 1',
    'sigmoid',
    { targetScale: 0.6, targetVariance: 0.08 },
    false
  ],
  ['a ReLU can give prices', 'relu', { targetScale: 2, targetVariance: 1 }, false],
  ['a tanh can give −1 and 1', 'tanh', { targetScale: 1, targetVariance: 1 }, false],
  [
    'an output without activation can give everything',
    undefined,
    { targetScale: 3, targetVariance: 9 },
    false
  ]
] as const)('%s', (_, activation, facts, isMismatch) => {
  const layers = [dense('relu'), dense('relu'), dense(activation)]
  const experiment = experimentWith(layers, { loss: { use: 'meanSquaredError' } })
  const diagnosis = openDiagnosis(subjectWith(experiment, names, { classes: undefined, ...facts }))
  diagnosis.begin()
  expect(tell(diagnosis)).toEqual(isMismatch ? ['lossOutputMismatch dense_3 lossOutput'] : [])
})

test('pixels that were scaled twice are the cause where nothing is learnt', () => {
  const small = subjectWith(relus.experiment, names, { featureScale: 0.0015 })
  expect(found(small, 200, learning)).toEqual([])
  expect(found(small, 15, () => ({ gradients: [1e-9, 1e-9, 1e-9] }))).toEqual([
    'vanishingGradient dense_1 dataScale',
    'unscaledInput dense_1 dataScale'
  ])
})

test('numbers of words have no scale', () => {
  const words = experimentWith([{ use: 'embedding', inputs: 1000, units: 8 }, dense()] as never)
  const subject = subjectWith(words, ['embedding_1', 'dense_1'], { featureScale: 600 })
  expect(found(subject, 20, () => ({ gradients: [0, 1] }))).not.toContain(
    'unscaledInput embedding_1 dataScale'
  )
})

test('raw pixels are no alarm where the run learns, and the cause where it does not', () => {
  const raw = subjectWith(relus.experiment, names, { featureScale: 85 })
  expect(found(raw, 200, learning)).toEqual([])
  expect(found(raw, 20, () => ({ gradients: [0, 0, 1] }))).toEqual([
    'deadUnits dense_2 dataScale',
    'unscaledInput dense_1 dataScale'
  ])
})

test('what is not to be seen any more is withdrawn', () => {
  const diagnosis = openDiagnosis(relus)
  see(diagnosis, 1, 30, () => ({ gradients: [1e-9, 1e-9, 1e-9] }))
  const changes = see(diagnosis, 31, 400, learning)
  expect(changes.map(({ type, finding }) => `${type} ${finding.kind}`)).toEqual([
    'withdrawn vanishingGradient'
  ])
  expect(tell(diagnosis)).toEqual([])
})

test('held-out loss that rises for epochs while that of training falls is overfitting', () => {
  const diagnosis = openDiagnosis(relus)
  const heldOut = [0.5, 0.45, 0.5, 0.6, 0.7]
  heldOut.forEach((loss, epoch) =>
    diagnosis.score({ train: { loss: 0.4 / (epoch + 1) }, test: { loss } }, epoch)
  )
  expect(tell(diagnosis)).toEqual(['overfitting – tooLittleData'])
})

test('findings say the numbers that show them, and what would help', () => {
  const diagnosis = openDiagnosis(relus)
  see(diagnosis, 1, 20, () => ({ gradients: [0, 0, 1] }))
  expect(diagnosis.findings[0]).toEqual({
    kind: 'deadUnits',
    layer: 'dense_2',
    step: 5,
    severity: 'error',
    cause: 'learningRate',
    evidence: { percent: 100, gradient: 1 },
    message: { key: 'finding.deadUnits', values: { layer: 'dense_2', percent: 100, gradient: 1, step: 5 } },
    advice: { key: 'finding.advice.learningRate', values: { layer: 'dense_2' } }
  })
})

test('a refused step that moves a layer too far is said with the layer and how far, and is not said to be NaN', () => {
  const layers = [dense('relu'), dense('relu'), dense()]
  const limited = subjectWith(experimentWith(layers, { guard: { maxUpdateRatio: 0.5 } }), names)
  const tooFar = { ...learning(30), updates: [0.1, 20, 0.1], refused: true }
  for (const [subject, kind] of [
    [limited, 'updateTooLarge'],
    [relus, 'nonFinite']
  ] as const) {
    const diagnosis = openDiagnosis(subject)
    see(diagnosis, 1, 29, learning)
    diagnosis.look(rowOf(tooFar), 30)
    const kinds = diagnosis.findings.map((finding) => finding.kind)
    expect(kinds.filter((each) => each === 'updateTooLarge' || each === 'nonFinite')).toEqual([kind])
  }
  const diagnosis = openDiagnosis(limited)
  see(diagnosis, 1, 29, learning)
  diagnosis.look(rowOf(tooFar), 30)
  expect(diagnosis.findings.find(({ kind }) => kind === 'updateTooLarge')).toMatchObject({
    layer: 'dense_2',
    step: 30,
    evidence: { ratio: 2, limit: 0.5 }
  })
})

test('with a limit of the move, NaN is still said to be NaN', () => {
  const layers = [dense('relu'), dense('relu'), dense()]
  const limited = subjectWith(experimentWith(layers, { guard: { maxUpdateRatio: 0.5 } }), names)
  const diagnosis = openDiagnosis(limited)
  diagnosis.look(rowOf({ loss: NaN, gradients: [NaN, NaN, NaN], refused: true }), 1)
  expect(diagnosis.findings.map(({ kind }) => kind)).toContain('nonFinite')
  expect(diagnosis.findings.map(({ kind }) => kind)).not.toContain('updateTooLarge')
})
