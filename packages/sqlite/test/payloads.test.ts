import { describe, expect, it } from 'vitest'
import { anEvent, aRequest, append, openStore, readAll, statuses, to } from './support.ts'

const megabyte = 1024 * 1024

describe('a large payload', () => {
  it('of ten megabytes comes back as it was, as text and as bytes', async () => {
    const store = await openStore()
    const text = JSON.stringify({ text: 'ä'.repeat(5 * megabyte) })
    const bytes = new Uint8Array(10 * megabyte).map((_, index) => index % 251)
    expect(
      statuses(
        await append(store, aRequest([to('a-1', [anEvent({ data: text }), anEvent({ data: bytes })])])),
      ),
    ).toEqual(['appended'])
    const { events } = await readAll(store)
    expect(events[0]?.data).toBe(text)
    expect(Buffer.compare(Buffer.from((events[1]?.data ?? '') as Uint8Array), bytes)).toBe(0)
    expect(
      (await store.log.readStream({ branch: 0, tenant: '', stream: 'a-1', after: 0, limit: 10 })).revision,
    ).toBe(2)
  })

  it('does not come in one page with many others', async () => {
    const store = await openStore()
    const data = JSON.stringify('x'.repeat(megabyte))
    await append(
      store,
      aRequest([
        to(
          'a-1',
          Array.from({ length: 20 }, () => anEvent({ data })),
        ),
      ]),
    )
    const page = await store.log.read({ branch: 0, tenant: undefined, after: 0, limit: 1_000 })
    expect(page).toMatchObject({ scannedTo: page.events.length, head: 20 })
    expect(page.events.length).toBeLessThanOrEqual(5)
    const { events, pages } = await readAll(store)
    expect(events.map(({ position }) => position)).toEqual(
      Array.from({ length: 20 }, (_, index) => index + 1),
    )
    expect(pages).toBeGreaterThanOrEqual(4)
  })
})

it('keeps documents that are not JSON, which then have no values to sort and filter by', async () => {
  const store = await openStore()
  await store.documents.define('sealed', ['total'])
  const documents = [
    { key: 'bytes', document: Uint8Array.of(0, 255, 1) },
    { key: 'json', document: '{"total":7}' },
    { key: 'text', document: 'c2VhbGVk' },
  ].map((document) => ({
    ...document,
    collection: 'sealed',
    tenant: '',
    branch: 0,
    expectedVersion: 0,
    position: undefined,
  }))
  expect(statuses(await append(store, aRequest([to('a-1')], { documents })))).toEqual(['appended'])
  const query = { collection: 'sealed', branch: 0, tenant: '', limit: 10, after: undefined }
  const sorted = await store.documents.list({
    ...query,
    filters: [],
    sort: [{ path: 'total', descending: true }],
  })
  expect(sorted.items.map(({ key }) => key)).toEqual(['json', 'bytes', 'text'])
  const filters = [{ path: 'total', operator: 'gt', value: 1 }] as const
  expect((await store.documents.list({ ...query, filters, sort: [] })).items).toHaveLength(1)
  const [bytes] = await store.documents.get('sealed', 0, '', ['bytes'])
  expect(bytes?.document).toEqual(Uint8Array.of(0, 255, 1))
})

it('pages through whole numbers that a double can not tell apart from their neighbours', async () => {
  const store = await openStore()
  await store.documents.define('counts', ['n'])
  const numbers = [2 ** 53, 2 ** 53 + 2, 2 ** 60, 2 ** 60 + 2 ** 9, 2 ** 63, 1e21, -(2 ** 60), 0.1, 0]
  const documents = numbers.map((n, index) => ({
    collection: 'counts',
    tenant: '',
    branch: 0,
    key: `k${index}`,
    document: JSON.stringify({ n }),
    expectedVersion: 0,
    position: undefined,
  }))
  await append(store, aRequest([to('a-1')], { documents }))
  for (const descending of [false, true]) {
    const seen: number[] = []
    let after: Parameters<typeof store.documents.list>[0]['after']
    do {
      const page = await store.documents.list({
        collection: 'counts',
        branch: 0,
        tenant: '',
        filters: [],
        sort: [{ path: 'n', descending }],
        limit: 1,
        after,
      })
      seen.push(...page.items.map(({ document }) => (JSON.parse(String(document)) as { n: number }).n))
      after = page.next
    } while (after !== undefined)
    const ordered = numbers.toSorted((one, other) => (descending ? other - one : one - other))
    expect(seen).toEqual(ordered)
  }
  const filters = [{ path: 'n', operator: 'eq', value: 2 ** 60 }] as const
  const query = { collection: 'counts', branch: 0, tenant: '', sort: [], limit: 9, after: undefined }
  expect((await store.documents.list({ ...query, filters })).items).toHaveLength(1)
})
