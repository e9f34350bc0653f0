import type { PayloadCodec } from '../message/codec.ts'
import { mainBranch, type DocumentWrite } from '../log/port.ts'
import type { View } from './view.ts'
import { searchableWords } from './words.ts'

/** A document of a view before it is encoded; null: it is gone. */
interface Written extends Pick<DocumentWrite, 'tenant' | 'key' | 'expectedVersion' | 'version' | 'position'> {
  readonly document: unknown
}

/** A document as a store takes it, with the words by which it is found where the view is searchable. */
export function documentWrite(
  view: Pick<View, 'name' | 'search'>,
  collection: string,
  codec: PayloadCodec,
  { document, ...written }: Written,
): DocumentWrite {
  return {
    ...written,
    collection,
    branch: mainBranch,
    document: document === null ? null : codec.encode('document', view.name, 1, document),
    ...(document !== null &&
      view.search.length > 0 && { words: searchableWords(view.search, written.key, document) }),
  }
}
