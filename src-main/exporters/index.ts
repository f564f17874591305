import type { ExportFormat } from '#contract/worker'
import type { Exporter, ReadBack } from './exporter'
import { tfjs } from './formats/tfjs'

/** Every format with its check, whose library is loaded when it is needed. */
export const exporters = {
  tfjs: {
    exporter: tfjs,
    readBack: async (...model) => (await import('./read-back/tfjs')).readBackTfjs(...model)
  }
} satisfies Record<ExportFormat, { exporter: Exporter; readBack: ReadBack }>
