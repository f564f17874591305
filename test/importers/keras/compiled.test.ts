import { expect, test } from 'vitest'
import { compiledChain, compiledLoss } from '../../../src-main/importers/keras/compiled'

const sparse = { class_name: 'SparseCategoricalCrossentropy', config: { from_logits: true } }

test.each<[unknown, object]>([
  [
    'categorical_crossentropy',
    {
      loss: { use: 'categoricalCrossEntropy' },
      onLogits: { loss: { use: 'softmaxCrossEntropy' }, activation: 'softmax' },
      fromLogits: false
    }
  ],
  ['categoricalCrossentropy', { loss: { use: 'categoricalCrossEntropy' }, fromLogits: false }],
  [sparse, { onLogits: { loss: { use: 'softmaxCrossEntropy' } }, fromLogits: true }],
  ['binary_crossentropy', { onLogits: { loss: { use: 'binaryCrossEntropy' }, activation: 'sigmoid' } }],
  [{ module: 'builtins', class_name: 'function', config: 'mse' }, { loss: { use: 'meanSquaredError' } }],
  [['mean_squared_error'], { loss: { use: 'meanSquaredError' } }],
  [{ head: 'mae' }, { loss: { use: 'meanAbsoluteError' } }],
  [{ class_name: 'Huber', config: { delta: 2 } }, { loss: { use: 'huber', delta: 2 } }]
])('the loss %j is known', (written, expected) => {
  expect(compiledLoss(written)).toMatchObject(expected)
})

test.each([
  [null],
  [undefined],
  ['of_my_own'],
  ['constructor'],
  [['mse', 'mse']],
  [{ a: 'mse', b: 'mse' }],
  [7]
])('the loss %j is none that is known', (written) => {
  expect(compiledLoss(written)).toBeUndefined()
})

const adam = (config: object) => ({ class_name: 'Adam', config: { learning_rate: 0.01, ...config } })

test.each<[object | string, object[]]>([
  ['adam', [{ use: 'adam', rate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7, decay: 0 }]],
  [
    adam({ beta_1: 0.8, beta_2: Math.fround(0.99), epsilon: 1e-5, weight_decay: 0.004 }),
    [{ use: 'adam', rate: 0.01, beta1: 0.8, beta2: 0.99, epsilon: 1e-5, decay: 0.004 }]
  ],
  [
    adam({ clipvalue: 0.5, clipnorm: null, global_clipnorm: 2 }),
    [
      { use: 'clipByValue', max: 0.5 },
      { use: 'clipByGlobalNorm', max: 2 },
      { use: 'adam', rate: 0.01 }
    ]
  ],
  [
    { class_name: 'Nadam', config: { learning_rate: 0.1, beta_1: 0.8 } },
    [{ use: 'nadam', rate: 0.1, beta1: 0.8, beta2: 0.999 }]
  ],
  [
    { class_name: 'Adagrad', config: { learning_rate: 0.1, initial_accumulator_value: 0.5, epsilon: 0.01 } },
    [{ use: 'adagrad', rate: 0.1, initialAccumulator: 0.5, epsilon: 0.01 }]
  ],
  [{ class_name: 'Custom>Adam', config: { learning_rate: 0.25 } }, [{ use: 'adam', rate: 0.25 }]],
  [{ class_name: 'SGD', config: { learning_rate: 0.1, momentum: 0 } }, [{ use: 'sgd', rate: 0.1 }]],
  [
    { class_name: 'SGD', config: { learning_rate: 0.1, momentum: 0.8 } },
    [{ use: 'momentum', rate: 0.1, momentum: 0.8 }]
  ],
  [
    { class_name: 'SGD', config: { learning_rate: 0.1, momentum: 0.8, nesterov: true } },
    [{ use: 'nesterov', rate: 0.1, momentum: 0.8 }]
  ],
  [
    { class_name: 'RMSprop', config: { learning_rate: Math.fround(0.002), rho: 0.8 } },
    [{ use: 'rmsprop', rate: 0.002, rho: 0.8 }]
  ],
  [
    { class_name: 'AdamW', config: { learning_rate: 1e-3, weight_decay: 0.01 } },
    [{ use: 'adamw', decay: 0.01 }]
  ]
])('the optimizer %j', (written, gradients) => {
  expect(compiledChain(written)).toMatchObject({ gradients, notes: [] })
})

test('a schedule gives its first rate, and that is said', () => {
  const schedule = { class_name: 'CosineDecay', config: { initial_learning_rate: 0.5, decay_steps: 100 } }
  expect(compiledChain(adam({ learning_rate: schedule }))).toMatchObject({
    gradients: [{ use: 'adam', rate: 0.5 }],
    notes: [{ key: 'import.note.schedule', values: { schedule: 'CosineDecay', rate: 0.5 } }]
  })
})

test('an option that there is no word for is said', () => {
  expect(compiledChain(adam({ amsgrad: true }))?.notes).toEqual([
    { key: 'import.note.optimizerOption', values: { optimizer: 'Adam', option: 'amsgrad', found: 'true' } }
  ])
})

test.each([[null], ['of_my_own'], ['__proto__'], [adam({ learning_rate: -1 })], [adam({ beta_1: 7 })]])(
  'the optimizer %j is none that can be used',
  (written) => {
    expect(compiledChain(written)).toBeUndefined()
  }
)
