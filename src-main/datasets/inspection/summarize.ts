import type { DataFinding, DatasetSummary } from '#contract/dataset'
import type { DatasetHandle, Samples } from '../reader'
import { checkBalance, countClasses } from './balance'
import { findDuplicates } from './duplicates'
import { findingAt, nameIn } from './finding'
import { describeTargets, describeValues } from './statistics'
import { findBlank, findNonFinite, rangeOf } from './values'

/** Samples that are in both parts make the test too kind when they are more than this share of it. */
const LEAK_SHARE = 0.001
const REPEATED_SHARE = 0.01

/** Checks a dataset that was read and says what is known of it. Positions and classes are counted from 0. */
export function summarize(dataset: DatasetHandle): DatasetSummary {
  const { name, source, featureShape, columns, target, classes, targetSize, train, test } = dataset
  const size = featureShape.reduce((product, each) => product * each, 1)
  const parts = [
    { part: 'train' as const, samples: train },
    ...(test ? [{ part: 'test' as const, samples: test }] : [])
  ]
  const range = joinRanges(parts.map(({ samples }) => rangeOf(samples.features)))
  const isConstant = range?.[0] === range?.[1]
  const values = describeValues(dataset)
  const targets = describeTargets(dataset)
  const classCounts = classes && {
    train: countClasses(train, classes.length),
    test: test ? countClasses(test, classes.length) : []
  }
  return {
    name,
    source,
    featureShape,
    featureType: train.features instanceof Uint8Array ? 'uint8' : 'float32',
    ...(columns && { columns }),
    ...(target !== undefined && { target }),
    ...(classes && { classes, classCounts }),
    ...(targetSize !== undefined && { targetSize }),
    range: range ?? [0, 0],
    ...(values && { values }),
    ...(targets && { targets }),
    counts: { train: train.count, test: test?.count ?? 0 },
    findings: [
      ...(dataset.findings ?? []),
      // The values of a table's row may well be the same, and its reader has named what is not finite by its column.
      ...(columns ? [] : parts.flatMap(({ part, samples }) => checkNonFinite(part, samples, size))),
      ...(range && isConstant ? [describeConstant(train.count, range[0])] : []),
      ...(columns || isConstant ? [] : parts.flatMap(({ part, samples }) => checkBlank(part, samples, size))),
      // What is drawn at random repeats where its formula says so.
      ...(source.use === 'synthetic' ? [] : checkDuplicates(size, train, test)),
      ...(classes && classCounts
        ? parts.flatMap(({ part, samples }) => checkBalance(part, samples, classes, classCounts[part]))
        : [])
    ]
  }
}

function joinRanges(ranges: ([number, number] | undefined)[]): [number, number] | undefined {
  const known = ranges.filter((range) => range !== undefined)
  if (known.length === 0) return undefined
  return [Math.min(...known.map(([smallest]) => smallest)), Math.max(...known.map(([, largest]) => largest))]
}

const describeConstant = (count: number, value: number): DataFinding => ({
  kind: 'constant',
  severity: 'warning',
  part: 'train',
  count,
  examples: [],
  message: { key: 'data.constant', values: { value } }
})

const checkBlank = (part: 'train' | 'test', samples: Samples, size: number): DataFinding[] =>
  findingAt(
    { kind: 'blank', severity: 'warning', part, key: `data.blank.${part}` },
    findBlank(samples, size),
    samples
  )

function checkNonFinite(part: 'train' | 'test', samples: Samples, size: number): DataFinding[] {
  const { positions, places } = findNonFinite(samples, size)
  return findingAt(
    { kind: 'nonFinite', severity: 'error', part, key: `data.nonFinite.${part}` },
    positions,
    samples,
    (place) => `${nameIn(samples, positions[place])}[${places[place]}]`
  )
}

function checkDuplicates(size: number, train: Samples, test: Samples | undefined): DataFinding[] {
  const found = findDuplicates(size, train, test)
  const check = (which: 'train' | 'test' | 'across', samples: Samples, share: number): DataFinding[] => {
    const originals = which === 'test' ? samples : train
    return findingAt(
      {
        kind: 'duplicates',
        severity: found[which].length > samples.count * share ? 'warning' : 'info',
        part: which === 'train' ? 'train' : 'test',
        key: `data.duplicates.${which}`
      },
      found[which],
      samples,
      (place) => `${nameIn(samples, found[which][place])} = ${nameIn(originals, found.firsts[which][place])}`
    )
  }
  return [
    ...check('train', train, REPEATED_SHARE),
    ...(test ? [...check('test', test, REPEATED_SHARE), ...check('across', test, LEAK_SHARE)] : [])
  ]
}
