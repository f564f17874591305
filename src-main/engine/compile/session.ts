import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TensorMetadata, TFJSBinding } from '@tensorflow/tfjs-node-gpu/dist/tfjs_binding'
import type { Graph } from './graph'
import { encodeSavedModel, SERVING_TAG } from './saved-model'

/** A graph that TensorFlow has loaded, with variables of its own. */
export interface Session {
  /** Runs what leads to `fetched` with tensors, by handle, for placeholders; the results belong to the caller. */
  run(fed: ReadonlyMap<string, number>, fetched: readonly string[]): TensorMetadata[]
  close(): void
}

/** Loads a graph. Blocks for some 15 ms and the time that many nodes take. */
export function openSession(binding: TFJSBinding, graph: Graph): Session {
  // A folder of its own: two loads of one folder would share a session.
  const folder = mkdtempSync(join(tmpdir(), 'steadygrad-graph-'))
  let id: number
  try {
    writeFileSync(join(folder, 'saved_model.pb'), encodeSavedModel(graph))
    id = binding.loadSavedModel(folder, SERVING_TAG)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return {
    run: (fed, fetched) =>
      binding.runSavedModel(id, [...fed.values()], [...fed.keys()].join(','), fetched.join(',')),
    close: () => binding.deleteSavedModel(id)
  }
}
