import { layerNames } from '#contract/experiment'
import type { Message } from '#contract/messages'
import { isOptimizer, layers as layerWords, type GradientStep } from '#contract/vocabulary'
import type { Word } from '../../state/content'
import type { Draft } from '../../state/draft.svelte'
import type { Problem } from '../../state/problem'

/** A change that takes a problem away, one click from it. */
export interface Fix {
  label: Message
  apply(): void
}

/** What would mend a problem, the best first; nothing where only the user can know. */
export function findFixes({ failure, layer, path }: Problem, draft: Draft): Fix[] {
  const { layers } = draft
  const names = layerNames(layers as { use: string; name?: string }[])
  const { values } = failure
  // What these mend stands in the stack itself, not inside a residual.
  if (failure.key.startsWith('model.') && String(values.layer).includes('/')) return []
  const remove = (index: number): Fix => ({
    label: { key: 'editor.fix.removeLayer', values: { layer: names[index] } },
    apply: () => draft.removeLayer(index)
  })
  const setUnits = (count: number): Fix[] => {
    const last = layers.findLastIndex((each) => 'units' in each)
    const dense = { use: 'dense', units: count }
    // Only what keeps the number of values may stand behind the layer that is changed.
    return last !== -1 && layers.slice(last + 1).every(({ use }) => keepsShape.includes(use))
      ? [
          {
            label: { key: 'editor.fix.setUnits', values: { layer: names[last], count } },
            apply: () => draft.setOption(`model.layers.${last}.units`, count)
          }
        ]
      : [
          {
            label: { key: 'editor.fix.addDense', values: { count } },
            apply: () => draft.addLayer(dense, layers.length)
          }
        ]
  }

  switch (failure.key) {
    case 'model.flatInput':
      return [
        {
          label: { key: 'editor.fix.flattenBefore', values: { layer: names[layer ?? 0] } },
          apply: () => draft.addLayer({ use: 'flatten' }, layer ?? 0)
        }
      ]
    case 'model.imageInput': {
      const flatten = layers.findLastIndex(({ use }, index) => use === 'flatten' && index < (layer ?? 0))
      return [...(flatten === -1 ? [] : [remove(flatten)]), ...(layer === undefined ? [] : [remove(layer)])]
    }
    case 'model.windowTooLarge':
      return layer === undefined ? [] : fitWindow(layer, layers[layer], String(values.found), draft)
    case 'model.outputNotFlat':
      return [
        {
          label: { key: 'editor.fix.flattenEnd' },
          apply: () => draft.addLayer({ use: 'flatten' }, layers.length)
        }
      ]
    case 'model.outputClasses':
      return setUnits(Number(values.classes))
    case 'model.outputNumbers':
      return setUnits(Number(values.numbers))
    case 'experiment.sameName':
    case 'experiment.partName':
      return path === undefined
        ? []
        : [
            {
              label: { key: 'editor.fix.removeName' },
              apply: () => draft.removeOption(path.endsWith('.name') ? path : `${path}.name`)
            }
          ]
    case 'experiment.unknownKey':
      return path
        ? [
            {
              label: { key: 'editor.fix.removeOption', values: { option: String(values.key) } },
              apply: () => draft.removeOption(path)
            }
          ]
        : []
    case 'experiment.noOptimizer':
      return [
        {
          label: { key: 'editor.fix.addAdam' },
          apply: () => draft.addStep({ use: 'adam', rate: 0.001 }, draft.cards.length)
        }
      ]
    case 'experiment.twoOptimizers':
    case 'experiment.afterOptimizer':
      return fixChain(failure.key, draft)
    case 'experiment.epochsOrSteps':
      return [
        {
          label: { key: 'editor.fix.epochs' },
          apply: () => draft.setOption('training', { ...draft.value?.training, epochs: 5, steps: undefined })
        }
      ]
    default:
      return []
  }
}

/** Layers that give what they get. */
const keepsShape = [
  'activation',
  'dropout',
  'gaussianNoise',
  'batchNormalization',
  'layerNormalization',
  'flatten'
]

function fitWindow(at: number, layer: Word, found: string, draft: Draft): Fix[] {
  const path = `model.layers.${at}`
  const option = 'kernelSize' in layer ? 'kernelSize' : 'size'
  const [height, width] = (found.match(/\d+/g) ?? []).map(Number)
  // Of sequences the first is the length.
  const size = layer.use.endsWith('1d') ? height : Math.min(height, width)
  const word = layerWords[layer.use as keyof typeof layerWords]
  return [
    ...('padding' in word.shape
      ? [
          {
            label: { key: 'editor.fix.samePadding' } as const,
            apply: () => draft.setOption(`${path}.padding`, 'same')
          }
        ]
      : []),
    ...(size > 0
      ? [
          {
            label: { key: 'editor.fix.smallerWindow', values: { size } } as const,
            apply: () => draft.setOption(`${path}.${option}`, size)
          }
        ]
      : [])
  ]
}

function fixChain(key: 'experiment.twoOptimizers' | 'experiment.afterOptimizer', draft: Draft): Fix[] {
  const isOptimizerAt = draft.cards.map(({ step }) => isOptimizer(step as unknown as GradientStep))
  const first = isOptimizerAt.indexOf(true)
  if (key === 'experiment.twoOptimizers')
    return [{ label: { key: 'editor.fix.oneOptimizer' }, apply: () => draft.removeStep(first) }]
  return [
    {
      label: { key: 'editor.fix.optimizerLast' },
      apply: () => draft.moveStep(first, draft.cards.length - 1)
    }
  ]
}
