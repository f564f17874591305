import type { WorkbenchEvent } from '#contract/events'
import type { Children } from './children'
import { createCuration, type Curation } from './curation'
import { openDraft, type Draft } from './draft'
import { openExperiments, type Experiments } from './experiments'
import { createImports, type Imports } from './imports'
import { openLabels } from './labels'
import { openLibrary, type Library } from './library'
import type { Ports } from './ports'
import { createRuns, type Runs } from './runs'
import { createTrainedModel, type TrainedModel, type Where } from './trained-model'
import { createStudies, type Studies } from './studies'
import { openTrash } from './trash'
import { openUploads, type Uploads } from './uploads'
import { createWarmTrainer, type WarmTrainer } from './warm-trainer'
import { openWeights } from './weights'

/** Everything that belongs to one library folder. */
export interface OpenedLibrary {
  /** Its absolute path. */
  folder: string
  library: Library
  draft: Draft
  experiments: Experiments
  runs: Runs
  curation: Curation
  models: TrainedModel
  imports: Imports
  uploads: Uploads
  studies: Studies
  /** The trainer that is kept for questions about one of its runs. */
  warm: WarmTrainer<Where>
}

/** Opens a library below a folder, which need not exist yet; nothing is read before something is asked. */
export function openLibraryAt(
  folder: string,
  ports: Ports,
  children: Children,
  announce: (event: WorkbenchEvent) => void
): OpenedLibrary {
  const { clock } = ports
  const paths = { ...ports.paths, library: folder }
  const labels = openLabels(folder)
  const trash = openTrash(folder)
  const library = openLibrary(paths, clock, labels)
  const weights = openWeights(folder)
  const runs = createRuns({ ...ports, paths }, children, library, weights, announce)
  const warm = createWarmTrainer<Where>(children, clock)
  return {
    folder,
    library,
    draft: openDraft(folder),
    experiments: openExperiments(folder, trash),
    runs,
    curation: createCuration({ library, labels, trash, runs }, announce),
    models: createTrainedModel(paths, children, library, runs, weights, warm),
    imports: createImports({ ...ports, paths }, children, weights),
    uploads: openUploads(folder, clock),
    studies: createStudies({ ...ports, paths }, { children, library, runs, weights, announce }),
    warm
  }
}
