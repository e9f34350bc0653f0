import type { DocumentPage, DocumentQuery, DocumentRow, Store } from '@headwater/core'
import assert from 'node:assert/strict'
import { aDocument, appended, aRequest } from '../make.ts'

/** Writes documents by their keys, in one append. */
export async function put(
  store: Store,
  documents: Readonly<Record<string, unknown>>,
  collection = 'things',
): Promise<void> {
  const writes = Object.entries(documents).map(([key, document]) => aDocument(key, document, { collection }))
  await appended(store.log, aRequest([], { documents: writes }))
}

export function aQuery(parts: Partial<DocumentQuery> = {}): DocumentQuery {
  return {
    collection: 'things',
    branch: 0,
    tenant: '',
    filters: [],
    sort: [],
    limit: 100,
    after: undefined,
    ...parts,
  }
}

/** All pages of a query. A cursor travels as JSON, as it does through a client. */
export async function pagesOf(store: Store, query: DocumentQuery): Promise<readonly DocumentPage[]> {
  const pages: DocumentPage[] = []
  let after = query.after
  for (;;) {
    const page = await store.documents.list({ ...query, after })
    assert.ok(
      page.items.length <= query.limit,
      `a page of at most ${query.limit} documents has ${page.items.length}`,
    )
    pages.push(page)
    if (page.next === undefined) return pages
    assert.ok(page.items.length > 0, 'an empty page is the last one')
    after = JSON.parse(JSON.stringify(page.next))
  }
}

export async function listed(store: Store, query: Partial<DocumentQuery>): Promise<readonly DocumentRow[]> {
  return (await pagesOf(store, aQuery(query))).flatMap(({ items }) => items)
}

export async function keysListed(store: Store, query: Partial<DocumentQuery>): Promise<readonly string[]> {
  return (await listed(store, query)).map(({ key }) => key)
}
