import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, test } from 'vitest'
import { startEngine } from '../../../src-main/engine/backends'
import { compileOver, type ProgramFunction } from '../../../src-main/engine/compile/compiler'
import type { FusedRule } from '../../../src-main/engine/compile/fused-update'

beforeAll(async () => void (await startEngine('native-cpu')))

const RATE = 0.5
/** What is kept of the last movement. */
const MOMENTUM = 0.75
const [weight, first, second, gradient] = [2, 0.25, 0.5, -3]
const velocity = MOMENTUM * first - RATE * gradient
const mean = first + (gradient - first) * 0.5
const meanSquare = second + (gradient ** 2 - second) * 0.25

/** Slots of each rule, its numbers, what it makes of the weight and the slots, and how much of the last movement it keeps. */
const rules: [FusedRule, number[], Record<string, number>, number[], number][] = [
  ['sgd', [], {}, [weight - RATE * gradient], 0],
  ['momentum', [first], {}, [weight + velocity, velocity], MOMENTUM],
  ['nesterov', [first], {}, [weight + MOMENTUM * velocity - RATE * gradient, velocity], MOMENTUM],
  [
    'adam',
    [first, second],
    { beta2: 0.75, epsilon: 0.125 },
    [weight - (RATE * mean) / (Math.sqrt(meanSquare) + 0.125), mean, meanSquare],
    0.5
  ]
]

/** A program whose composed values are all 100, so that it shows where a value comes from. */
const programOf =
  (
    rule: FusedRule,
    numbers: Record<string, number>,
    isShrinking: boolean,
    isKeeping: boolean
  ): ProgramFunction =>
  ({ weight, ...slots }, { gradient, rate, kept, shrinkage, accepted }) => {
    const isAccepted = tf.greater(accepted, 0)
    const old = Object.values(slots)
    const inputs = {
      accepted: isAccepted,
      gradient,
      weight,
      rate,
      ...(isKeeping && { kept }),
      ...(isShrinking && { shrinkage }),
      ...Object.fromEntries(old.map((slot, index) => [`slot/${index}`, slot])),
      ...Object.fromEntries([weight, ...old].map((_, index) => [`composed/${index}`, tf.fill([2], 100)]))
    }
    const [moved, ...next] = tf
      .engine()
      .runKernel('FusedUpdate', inputs, { rule, numbers }) as unknown as tf.Tensor[]
    return {
      outputs: [tf.sub(moved, weight)],
      state: { weight: moved, ...Object.fromEntries(next.map((slot, index) => [`slot${index}`, slot])) },
      accepted: isAccepted
    }
  }

test.each(rules.flatMap((rule) => [false, true].map((isShrinking) => [...rule, isShrinking] as const)))(
  '%s over slots %o is composed when it is traced, writes by itself when it runs, and not where it is refused',
  (rule, slots, numbers, expected, kept, isShrinking) => {
    tf.tidy(() => {
      const both = (value: number): tf.Tensor => tf.fill([2], value)
      const compiled = compileOver({
        weight: both(weight),
        ...Object.fromEntries(slots.map((value, index) => [`slot${index}`, both(value)]))
      })
      const fed = (accepted: number) => ({
        gradient: { shape: [2], values: Float32Array.of(gradient, gradient) },
        rate: RATE,
        kept,
        shrinkage: 0.125,
        accepted
      })
      const now = (): number[] => Object.values(compiled.read()).map((tensor) => tensor.dataSync()[1])
      const traced = compiled.trace('step', fed(1), programOf(rule, numbers, isShrinking, kept > 0))
      expect(traced.outputs[0].dataSync()[0]).toBe(100 - weight)

      expect(compiled.run('step', fed(0))[0].dataSync()[0]).toBe(0)
      expect(now()).toEqual([weight, ...slots])

      const wanted = [expected[0] - (isShrinking ? 0.125 * weight : 0), ...expected.slice(1)]
      const moved = compiled.run('step', fed(1))[0].dataSync()[0]
      now().forEach((value, index) => expect(value).toBeCloseTo(wanted[index], 6))
      expect(moved).toBeCloseTo(wanted[0] - weight, 6)
      compiled.dispose()
    })
  }
)
