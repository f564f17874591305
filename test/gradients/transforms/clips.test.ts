import { beforeAll, describe, expect, test } from 'vitest'
import { randomFrom } from '#contract/random'
import { startEngine } from '../../../src-main/engine/backends'
import { relativeError } from '../../oracles/closeness'
import { transformOnce, type Lists } from './run-transform'

const uses = ['clipByValue', 'clipByNorm', 'clipByGlobalNorm'] as const
const normClips = ['clipByNorm', 'clipByGlobalNorm'] as const

/** What a clip makes of gradients, in float32. */
const clip = (use: (typeof uses)[number], max: number, gradients: Lists): Lists =>
  transformOnce({ use, max }, gradients)

/** Euclidean norm in double precision, without overflow. */
const norm = (list: number[]): number => Math.hypot(...list)
const all = (lists: Lists): number[] => Object.values(lists).flat()
const float32 = (lists: Lists): Lists =>
  Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, list.map(Math.fround)]))

/** Gradients of a random direction, whose elements are about as large as `size`. */
function draw(seed: number, size: number): Lists {
  const random = randomFrom(seed)
  const list = (length: number, share: number): number[] =>
    Array.from({ length }, () => size * share * (2 * random() - 1))
  return float32({ first: list(20, 1), second: list(5, 0.1), third: list(9, 3) })
}

describe.each(['cpu', 'native-cpu'] as const)('on %s', (engine) => {
  beforeAll(() => startEngine(engine))

  describe.each([1e-30, 1e-18, 1, 1e18, 1e30, 1e37])('gradients of magnitude %s', (size) => {
    const cases = Array.from({ length: 5 }, (_, seed) => draw(seed, size))

    test('clipping by norm brings each tensor to the threshold and keeps its direction', () => {
      for (const gradients of cases) {
        const clipped = clip('clipByNorm', 0.5 * size, gradients)
        for (const [name, list] of Object.entries(gradients)) {
          const factor = Math.min(1, (0.5 * size) / norm(list))
          const expected = list.map((value) => value * factor)
          expect(relativeError(clipped[name], expected)).toBeLessThan(1e-6)
        }
      }
    })

    test('clipping by global norm brings the whole gradient to the threshold and keeps its direction', () => {
      for (const gradients of cases) {
        const clipped = clip('clipByGlobalNorm', 0.5 * size, gradients)
        const factor = (0.5 * size) / norm(all(gradients))
        expect(factor).toBeLessThan(1)
        const expected = all(gradients).map((value) => value * factor)
        expect(relativeError(all(clipped), expected)).toBeLessThan(1e-6)
      }
    })

    test('clipping by value brings each element to the threshold and keeps its sign', () => {
      const max = Math.fround(0.5 * size)
      for (const gradients of cases)
        expect(all(clip('clipByValue', max, gradients))).toEqual(
          all(gradients).map((value) => Math.min(max, Math.max(-max, value)))
        )
    })

    test('no clip enlarges, and what is within the threshold keeps every bit', () => {
      for (const use of uses)
        for (const gradients of cases) {
          const clipped = clip(use, 0.1 * size, gradients)
          all(gradients).forEach((value, index) => {
            expect(Math.abs(all(clipped)[index])).toBeLessThanOrEqual(Math.abs(value))
          })
          const limit = Math.min(3.4e38, 100 * size)
          expect(clip(use, limit, gradients)).toEqual(gradients)
        }
    })
  })

  test('a norm that does not fit 32 bits is clipped as any other', () => {
    const huge = { a: Array.from({ length: 100 }, () => Math.fround(3e38)), b: [Math.fround(-3e38)] }
    const clipped = all(clip('clipByGlobalNorm', 1, huge))
    expect(norm(clipped)).toBeCloseTo(1, 6)
    expect(norm(clip('clipByNorm', 1, huge).a)).toBeCloseTo(1, 6)
  })

  test('a tiny gradient is clipped to a tinier threshold', () => {
    const tiny = float32({ a: [3e-34, -4e-34] })
    for (const use of normClips)
      expect(relativeError(clip(use, 1e-34, tiny).a, [0.6e-34, -0.8e-34])).toBeLessThan(1e-6)
  })

  test('tensors are clipped each on its own by norm, and together by global norm', () => {
    const gradients = { a: [3, 4], b: [0.3, 0.4] }
    expect(relativeError(all(clip('clipByNorm', 1, gradients)), [0.6, 0.8, 0.3, 0.4])).toBeLessThan(1e-6)
    const factor = 1 / Math.hypot(5, 0.5)
    const together = [3, 4, 0.3, 0.4].map((value) => value * factor)
    expect(relativeError(all(clip('clipByGlobalNorm', 1, gradients)), together)).toBeLessThan(1e-6)
  })

  test.each(uses)('%s leaves a gradient of zero as it is', (use) => {
    expect(clip(use, 1, { a: [0, 0], b: [0] })).toEqual({ a: [0, 0], b: [0] })
  })

  test.each(uses)('%s never hides a NaN', (use) => {
    const { a } = clip(use, 1, { a: [5, NaN, -1e30], b: [2] })
    expect(a[1]).toBeNaN()
  })

  test.each(normClips)('%s leaves an Inf to be seen', (use) => {
    const clipped = clip(use, 1, { a: [5, -Infinity, 1], b: [2] })
    expect(clipped.a).toEqual([5, -Infinity, 1])
  })

  test('clipping by value makes an Inf finite, which is why the guard looks at raw gradients', () => {
    expect(clip('clipByValue', 2, { a: [Infinity, -Infinity, 1] })).toEqual({ a: [2, -2, 1] })
  })
})
