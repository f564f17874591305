import { expect, test } from 'vitest'
import type { ParameterTable } from '#contract/model'
import { judgeStep, type Evidence } from '../../src-main/gradients/guard'

const parameters: ParameterTable = ['a', 'b', 'c'].map((layer) => ({
  name: `${layer}/kernel`,
  layer,
  role: 'kernel',
  shape: [2, 2],
  fanIn: 2,
  fanOut: 2,
  isOutput: layer === 'c'
}))
const healthy = { scale: 1, rest: 1.5 }
const broken = { scale: 1, rest: NaN }
const evidence = (changes: Partial<Evidence>): Evidence => {
  const norms = [healthy, healthy, healthy]
  const fits = [true, true, true]
  return {
    loss: 1,
    before: norms,
    entering: norms,
    update: norms,
    weight: norms,
    fits,
    ratios: [],
    ...changes
  }
}

test('a healthy step is not refused', () => {
  expect(judgeStep(evidence({}), parameters)).toBeUndefined()
})

test.each([
  ['a NaN weight', { weight: [healthy, broken, healthy] }, 'nonFiniteWeight', 'b'],
  [
    'a gradient broken in front only, at its last layer',
    { before: [broken, broken, healthy] },
    'nonFiniteGradient',
    'b'
  ],
  [
    'a gradient broken everywhere, at the first layer',
    { before: [broken, broken, broken] },
    'nonFiniteGradient',
    'a'
  ],
  [
    'an Inf gradient',
    { before: [{ scale: Infinity, rest: NaN }, healthy, healthy] },
    'nonFiniteGradient',
    'a'
  ],
  [
    'a gradient too large to be squared',
    { entering: [healthy, { scale: 2e18, rest: 1 }, healthy] },
    'overflow',
    'b'
  ],
  ['an update that overflows', { update: [healthy, healthy, broken] }, 'nonFiniteUpdate', 'c'],
  ['an update that could overflow', { fits: [true, false, false] }, 'nonFiniteUpdate', 'b'],
  ['an infinite loss', { loss: Infinity }, 'nonFiniteLoss', 'c']
])('%s is refused with its reason and layer', (_, changes, reason, layer) => {
  expect(judgeStep(evidence(changes), parameters)).toEqual({ reason, layer, tensor: `${layer}/kernel` })
})

test('a clip that would hide an infinite gradient does not hide it from the guard', () => {
  const clipped = evidence({
    before: [healthy, { scale: Infinity, rest: NaN }, healthy],
    entering: [healthy, healthy, healthy]
  })
  expect(judgeStep(clipped, parameters)?.reason).toBe('nonFiniteGradient')
})

test('a step that moves a layer too far is refused with the layer that it moves farthest, and how far', () => {
  const moving = evidence({ ratios: [0.5, 2, 0.75], update: [healthy, { scale: 2, rest: 1 }, healthy] })
  expect(judgeStep(moving, parameters, 0.4)).toEqual({
    reason: 'updateRatio',
    layer: 'b',
    tensor: 'b/kernel',
    ratio: 2
  })
  expect(judgeStep(moving, parameters, 2)).toBeUndefined()
  expect(judgeStep(moving, parameters)).toBeUndefined()
})
