import type { Reader, Source, SourceOf } from '../reader'
import { csv } from './csv'
import { digits } from './digits'
import { fashionMnist } from './fashion-mnist'
import { idx } from './idx'
import { imageFolder } from './image-folder'
import { jsonLines } from './json-lines'
import { mnist } from './mnist'
import { npy } from './npy'
import { npz } from './npz'
import { synthetic } from './synthetic'

/**
 * The reader of every source by its word. A path is shown to them in this order: those that know their files by the
 * name come before those that look inside.
 */
export const readers = {
  mnist,
  fashionMnist,
  digits,
  csv,
  jsonLines,
  npy,
  npz,
  synthetic,
  idx,
  imageFolder
} satisfies { [Word in Source['use']]: Reader<Word> }

/** The reader that a source needs. */
export const readerOf = <Word extends Source['use']>(source: SourceOf<Word>): Reader<Word> =>
  readers[source.use as Word] as unknown as Reader<Word>
