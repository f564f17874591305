import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import protobuf from 'protobufjs'
import { projectRoot } from '../folder'
import type { Graph } from './graph'

/** The tag under which TensorFlow's loader looks for a graph. */
export const SERVING_TAG = 'serve'
/** Version of the graph format: TensorFlow 2.18 to 2.21 read it. */
const PRODUCER = 1994
const MIN_CONSUMER = 12

let savedModel: protobuf.Type | undefined

/** A graph as the bytes of `saved_model.pb`; it needs no folder with variables beside it. */
export function encodeSavedModel({ nodes }: Graph): Uint8Array {
  savedModel ??= protobuf
    .parse(readFileSync(join(projectRoot(), 'resources', 'proto', 'saved-model.proto'), 'utf8'))
    .root.lookupType('SavedModel')
  return savedModel
    .encode({
      savedModelSchemaVersion: 1,
      metaGraphs: [
        {
          metaInfoDef: { tags: [SERVING_TAG], tensorflowVersion: '2.18.0' },
          graphDef: { node: nodes, versions: { producer: PRODUCER, minConsumer: MIN_CONSUMER } }
        }
      ]
    })
    .finish()
}
