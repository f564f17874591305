import type { Layer } from '#contract/vocabulary'
import type { Fields } from '../../importer'
import { expectDefault, paddingOf, pairOf, singleOf } from '../options'
import { plain, present, type Translator } from '../translation'

type ReadLengths = (config: Fields, option: string) => number | [number, number]

const windows = (use: Layer['use'], lengthsOf: ReadLengths): Translator => {
  return (config) => {
    expectDefault(config, 'data_format', 'channels_last')
    const size = lengthsOf(config, 'pool_size')
    const hasStrides = config.strides !== null && config.strides !== undefined
    const strides = hasStrides ? lengthsOf(config, 'strides') : size
    // Windows side by side are what is taken anyway.
    const isPlain = String(strides) === String(size)
    return plain(use, present({ size, strides: isPlain ? undefined : strides, padding: paddingOf(config) }))
  }
}

const whole = (use: Layer['use']): Translator => {
  return (config) => {
    expectDefault(config, 'data_format', 'channels_last')
    expectDefault(config, 'keepdims', false)
    return plain(use)
  }
}

/** The largest, or the mean, in windows and over everything. */
export const poolings: [string, Translator][] = [
  ['MaxPooling1D', windows('maxPooling1d', singleOf)],
  ['MaxPool1D', windows('maxPooling1d', singleOf)],
  ['MaxPooling2D', windows('maxPooling2d', pairOf)],
  ['MaxPool2D', windows('maxPooling2d', pairOf)],
  ['AveragePooling1D', windows('averagePooling1d', singleOf)],
  ['AvgPool1D', windows('averagePooling1d', singleOf)],
  ['AveragePooling2D', windows('averagePooling2d', pairOf)],
  ['AvgPool2D', windows('averagePooling2d', pairOf)],
  ['GlobalAveragePooling1D', whole('globalAveragePooling1d')],
  ['GlobalAveragePooling2D', whole('globalAveragePooling2d')],
  ['GlobalMaxPooling1D', whole('globalMaxPooling1d')],
  ['GlobalMaxPooling2D', whole('globalMaxPooling2d')]
]
