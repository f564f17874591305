import { Failure } from '#contract/failure'
import type { DatasetHandle, Source } from '../reader'
import type { LabelledPart } from './labelled'
import { showShape } from './stored-array'

/**
 * A dataset from its parts. Classes are the texts that label the samples, else the numbers from 0 to the largest label.
 * @throws Failure `data.partsDiffer` when the samples of the parts are of different kinds.
 */
export function assemble(
  name: string,
  source: Source,
  train: LabelledPart,
  test?: LabelledPart,
  trainPath = name,
  testPath = name
): DatasetHandle {
  if (test && kindOf(test) !== kindOf(train))
    throw new Failure('data.partsDiffer', {
      train: trainPath,
      trainShape: kindOf(train),
      test: testPath,
      testShape: kindOf(test)
    })
  const { featureShape, targetSize } = train
  const classes = targetSize === undefined ? namesOf(train, test) : undefined
  return {
    name,
    source,
    featureShape,
    classes,
    targetSize,
    train: numbered(train, classes),
    test: test && numbered(test, classes)
  }
}

const kindOf = ({ featureShape, targetSize, features }: LabelledPart): string =>
  `${showShape(featureShape)}${targetSize === undefined ? '' : ` → ${targetSize}`} ${features instanceof Uint8Array ? 'uint8' : 'float32'}`

function namesOf(train: LabelledPart, test?: LabelledPart): string[] {
  const texts = [...(train.classes ?? []), ...(test?.classes ?? [])]
  if (texts.length > 0) return [...new Set(texts)].sort()
  let highest = 0
  for (const part of [train, test]) part?.targets.forEach((label) => (highest = Math.max(highest, label)))
  return Array.from({ length: highest + 1 }, (_, label) => String(label))
}

/** A part whose labels number the classes of both parts, where those are texts. */
function numbered(part: LabelledPart, classes: string[] | undefined): LabelledPart {
  const { classes: own, ...rest } = part
  if (!own || !classes) return rest
  const numbers = own.map((name) => classes.indexOf(name))
  return { ...rest, targets: Int32Array.from(part.targets, (label) => numbers[label]) }
}
