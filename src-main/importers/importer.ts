import type { ModelFormat } from '#contract/import'

/** An object out of a file that is not to be trusted; it has no prototype, so that every key is the file's own. */
export interface Fields {
  readonly [key: string]: unknown
}

/** One tensor that a model file holds, before its values are read. */
export interface StoredTensor {
  /** Its name in Keras, such as `kernel`; absent where the format only knows an order. */
  name?: string
  shape: readonly number[]
  /** Its values, row-major. @throws Failure `import.*` when they are not there or not numbers */
  read(): Float32Array
}

/** A model file taken apart, open until it is closed. */
export interface ModelFile {
  path: string
  format: ModelFormat
  /** The program that wrote it, such as `Keras 3.15.0`. */
  madeBy?: string
  /** The architecture in the words of Keras: `class_name` and `config`. */
  architecture: Fields
  /** Optimizer and loss that it was compiled with. */
  compiled?: { optimizer?: unknown; loss?: unknown }
  /** What an export of ours has beside it: its experiment, and the layers that were added to that. */
  ours?: { experiment: unknown; added: readonly string[] }
  /** The tensors of a layer in the order of Keras; `place` is its position among the layers of its class. */
  tensorsOf(layer: { name: string; className: string; place: number }): StoredTensor[]
  close(): void
}

/** One format of model files: one file in `formats/` and one row in `index.ts`. */
export interface Importer {
  /** Says whether what lies at a path seems to be of this format; looks at no more than its beginning. */
  match(place: ModelPlace): boolean
  /** @throws Failure `import.*`, `storage.*` that names the file and what is wrong with it */
  open(path: string): Promise<ModelFile>
}

/** What is known of a path before it is opened. */
export interface ModelPlace {
  path: string
  /** Names in a folder; absent for a file. */
  entries?: readonly string[]
  /** First bytes of a file; empty for a folder. */
  start: Uint8Array
}
