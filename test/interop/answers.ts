import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs-core'
import { lossOf } from '../../src-main/models/losses'
import type { Mode, Tensors } from '../../src-main/models/layer'
import { modelOf, NAME, type Numbers, type Question } from './questions'

/** Tensors by what they are; both sides use the same words. */
export type Answer = Record<string, Numbers>

/** The answers of Keras, in the order of the questions. @throws Error with what Python said when it broke down */
export function askKeras(questions: Question[]): (Answer | { error: string })[] {
  const python = process.env.STEADYGRAD_KERAS_PYTHON
  if (!python) throw new Error('there is no Python with Keras here: run `npm run test:interop`')
  const { status, stdout, stderr, error } = spawnSync(python, [join(import.meta.dirname, 'answer.py')], {
    input: JSON.stringify(questions),
    encoding: 'utf8',
    maxBuffer: 2 ** 30
  })
  if (status !== 0) throw new Error(`answer.py ended with ${status}: ${stderr || error?.message}`)
  return JSON.parse(stdout) as (Answer | { error: string })[]
}

/** Our own answer, on the engine that runs. */
export function answer(question: Question): Answer {
  const answers: Answer = {}
  const give = (tensors: Tensors): void => {
    for (const [name, tensor] of Object.entries(tensors))
      answers[name] = { shape: tensor.shape, values: Array.from(tensor.dataSync()) }
  }
  tf.tidy(() => {
    switch (question.kind) {
      case 'layer':
        return give(answerLayer(question))
      case 'noise':
        return give(answerNoise(question))
      case 'first':
        return give(withoutName(modelOf(question.layer, question.shape).initialParameters(1)))
      case 'loss':
        return give(answerLoss(question))
    }
  })
  return answers
}

type Of<Kind extends Question['kind']> = Extract<Question, { kind: Kind }>

const tensorOf = ({ shape, values }: Numbers): tf.Tensor => tf.tensor(values, shape)
const withName = (tensors: Record<string, Numbers>): Tensors =>
  Object.fromEntries(Object.entries(tensors).map(([role, numbers]) => [`${NAME}/${role}`, tensorOf(numbers)]))
const withoutName = (tensors: Tensors): Tensors =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name.slice(NAME.length + 1), tensor]))
const rename = (tensors: Tensors, prefix: string): Tensors =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [`${prefix} ${name}`, tensor]))
const training = (): Mode => ({ training: true, seed: tf.tensor1d([1, 2], 'int32') })

function answerLayer({ layer, input, parameters, state, cotangent }: Of<'layer'>): Tensors {
  const model = modelOf(layer, input.shape.slice(1))
  const own = withName(parameters)
  const kept = withName(state)
  const names = Object.keys(own)
  const x = tensorOf(input)
  const apply = (x: tf.Tensor, own: Tensors) => model.apply(x, own, kept, {}, training())
  const { outputs, state: next } = apply(x, own)
  const [towardsX, ...towards] = tf.grads((...given: tf.Tensor[]) => {
    const current = Object.fromEntries(names.map((name, index) => [name, given[index + 1]]))
    // tfjs does not differentiate what gives back what it is given.
    return tf.sum(tf.mul(apply(given[0], current).outputs, tensorOf(cotangent)))
  })([x, ...Object.values(own)])
  return {
    output: outputs,
    inputGradient: towardsX,
    ...rename(
      withoutName(Object.fromEntries(names.map((name, index) => [name, towards[index]]))),
      'gradient of'
    ),
    ...rename(withoutName(next), 'new'),
    inference: model.apply(x, own, kept, {}, { training: false }).outputs
  }
}

function answerNoise({ layer, shape }: Of<'noise'>): Tensors {
  const model = modelOf(layer, shape.slice(1))
  const fed = Object.fromEntries(
    Object.entries(model.scalars([{ ...layer, name: NAME }])).map(([name, value]) => [name, tf.scalar(value)])
  )
  const x = tf.ones(shape)
  const { mean, variance } = tf.moments(model.apply(x, {}, {}, fed, training()).outputs)
  return {
    training: tf.stack([mean, tf.sqrt(variance)]),
    inference: model.apply(x, {}, {}, {}, { training: false }).outputs
  }
}

function answerLoss({ loss, outputs, targets, areClasses, weights }: Of<'loss'>): Tensors {
  const { compute } = lossOf(loss, areClasses)
  const wanted = tf.tensor(targets.values, targets.shape, areClasses ? 'int32' : 'float32')
  const each = weights && tf.tensor1d(weights.values)
  const { value, grad } = tf.valueAndGrad((x: tf.Tensor) => compute(x, wanted, each))(tensorOf(outputs))
  return { value, gradient: grad }
}
