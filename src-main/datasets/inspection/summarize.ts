import type { DataFinding, DatasetSummary } from '#contract/dataset'
import type { DatasetHandle, Samples } from '../reader'
import { checkBalance, countClasses } from './balance'
import { findDuplicates } from './duplicates'
import { findingAt } from './finding'
import { findBlank, rangeOf } from './values'

/** Samples that are in both parts make the test too kind when they are more than this share of it. */
const LEAK_SHARE = 0.001
const REPEATED_SHARE = 0.01

/** Checks a dataset that was read and says what is known of it. Positions and classes are counted from 0. */
export function summarize(dataset: DatasetHandle): DatasetSummary {
  const { name, source, featureShape, classes, targetSize, train, test } = dataset
  const size = featureShape.reduce((product, each) => product * each, 1)
  const range = joinRanges([train, ...(test ? [test] : [])].map((part) => rangeOf(part.features)))
  const classCounts = classes && {
    train: countClasses(train, classes.length),
    test: test ? countClasses(test, classes.length) : []
  }
  return {
    name,
    source,
    featureShape,
    featureType: train.features instanceof Uint8Array ? 'uint8' : 'float32',
    ...(classes && { classes, classCounts }),
    ...(targetSize !== undefined && { targetSize }),
    range,
    counts: { train: train.count, test: test?.count ?? 0 },
    findings: [
      ...(range[0] === range[1]
        ? [describeConstant(train.count, range[0])]
        : [...checkBlank('train', train, size), ...(test ? checkBlank('test', test, size) : [])]),
      ...checkDuplicates(size, train, test),
      ...(classes && classCounts ? checkBalance('train', train, classes, classCounts.train) : []),
      ...(classes && classCounts && test ? checkBalance('test', test, classes, classCounts.test) : [])
    ]
  }
}

const joinRanges = (ranges: [number, number][]): [number, number] => [
  Math.min(...ranges.map(([smallest]) => smallest)),
  Math.max(...ranges.map(([, largest]) => largest))
]

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
    samples.count
  )

function checkDuplicates(size: number, train: Samples, test: Samples | undefined): DataFinding[] {
  const found = findDuplicates(size, train, test)
  const severityOf = (positions: number[], total: number, share: number): 'warning' | 'info' =>
    positions.length > total * share ? 'warning' : 'info'
  const within = (part: 'train' | 'test', total: number): DataFinding[] => {
    const severity = severityOf(found[part], total, REPEATED_SHARE)
    const key = `data.duplicates.${part}` as const
    return findingAt({ kind: 'duplicates', severity, part, key }, found[part], total)
  }
  if (!test) return within('train', train.count)
  const severity = severityOf(found.across, test.count, LEAK_SHARE)
  return [
    ...within('train', train.count),
    ...within('test', test.count),
    ...findingAt(
      { kind: 'duplicates', severity, part: 'test', key: 'data.duplicates.across' },
      found.across,
      test.count
    )
  ]
}
