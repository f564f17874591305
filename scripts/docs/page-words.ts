import type { Language } from '#contract/messages'
import type { vocabulary } from '#contract/vocabulary'

type Group = keyof typeof vocabulary | 'activations'
type Unit = 'epochs' | 'steps' | 'samples' | 'pixels' | 'share' | 'units' | 'degrees'

/** What the page of the vocabulary says by itself; what words and options mean is in the locales of the product. */
interface PageWords {
  title: string
  intro: string
  experiment: string
  head: readonly [option: string, meaning: string, value: string, usual: string, unit: string]
  required: string
  live: string
  groups: Record<Group, string>
  units: Record<Unit, string>
  or: string
  /** Between a kind of number and its limits. */
  comma: string
  /** Behind a word: what it is called. */
  named: (name: string) => string
  text: string
  path: string
  wholeNumber: string
  number: string
  from: (limit: number) => string
  above: (limit: number) => string
  below: (limit: number) => string
  upTo: (limit: number) => string
  list: (of: string) => string
  object: string
}

export const pageWords: Record<Language, PageWords> = {
  en: {
    title: 'The vocabulary of an experiment',
    intro:
      'Everything that an experiment’s JSON file can say, as `npx steadygrad schema` prints it for programs. A word is an object such as `{ "use": "dropout", "rate": 0.5 }`. Options without a default may be left out unless they are marked *required*; those marked *live* may change while a run goes on. `npm run docs` writes this page from the vocabulary.',
    experiment: 'An experiment',
    head: ['option', 'meaning', 'value', 'default', 'unit'],
    required: 'required',
    live: 'live',
    groups: {
      sources: 'Sources',
      cleanings: 'Cleaning',
      preparations: 'Preparation',
      augmentations: 'Augmentation',
      faults: 'Deliberate damage',
      initializers: 'Initial weights',
      initializations: 'Initialization of a whole model',
      layers: 'Layers',
      losses: 'Losses',
      schedules: 'Schedules',
      transforms: 'Gradient transforms',
      optimizers: 'Optimizers',
      activations: 'Activations'
    },
    units: {
      epochs: 'epochs',
      steps: 'steps',
      samples: 'samples',
      pixels: 'pixels',
      share: 'share',
      units: 'units',
      degrees: 'degrees'
    },
    or: ' or ',
    comma: ' ',
    named: (name) => ` (${name}): `,
    text: 'text',
    path: 'path',
    wholeNumber: 'whole number',
    number: 'number',
    from: (limit) => `from ${limit}`,
    above: (limit) => `above ${limit}`,
    below: (limit) => `below ${limit}`,
    upTo: (limit) => `up to ${limit}`,
    list: (of) => `list of ${of}`,
    object: 'object'
  },
  'zh-CN': {
    title: '实验的词汇',
    intro:
      '实验的 JSON 文件能写的全部内容；`npx steadygrad schema` 以 JSON Schema 的形式输出同样的内容，供程序使用。一个词是一个对象，例如 `{ "use": "dropout", "rate": 0.5 }`。没有默认值的选项可以省略，除非标有“*必填*”；标有“*实时*”的选项可以在训练进行时更改。本页由 `npm run docs` 从词汇表生成。',
    experiment: '实验',
    head: ['选项', '含义', '取值', '默认值', '单位'],
    required: '必填',
    live: '实时',
    groups: {
      sources: '数据来源',
      cleanings: '清洗',
      preparations: '预处理',
      augmentations: '数据增强',
      faults: '故意破坏',
      initializers: '初始权重',
      initializations: '整个模型的初始化',
      layers: '层',
      losses: '损失',
      schedules: '学习率调度',
      transforms: '梯度变换',
      optimizers: '优化器',
      activations: '激活函数'
    },
    units: {
      epochs: '轮',
      steps: '步',
      samples: '样本',
      pixels: '像素',
      share: '比例',
      units: '单元',
      degrees: '度'
    },
    or: '，或',
    comma: '，',
    named: (name) => `（${name}）：`,
    text: '文本',
    path: '路径',
    wholeNumber: '整数',
    number: '数',
    from: (limit) => `不小于 ${limit}`,
    above: (limit) => `大于 ${limit}`,
    below: (limit) => `小于 ${limit}`,
    upTo: (limit) => `不大于 ${limit}`,
    list: (of) => `列表：${of}`,
    object: '对象'
  }
}
