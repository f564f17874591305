import type { Reader, Source, SourceOf } from '../reader'
import { digits } from './digits'
import { idx } from './idx'
import { mnist } from './mnist'

/** The reader of every source by its word. */
export const readers = { mnist, digits, idx } satisfies { [Word in Source['use']]: Reader<Word> }

/** The reader that a source needs. */
export const readerOf = <Word extends Source['use']>(source: SourceOf<Word>): Reader<Word> =>
  readers[source.use as Word] as unknown as Reader<Word>
