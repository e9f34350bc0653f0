import { describe, expect, it } from 'vitest'
import { get, listen, post, serve, type Served } from './support/serve.ts'

async function withTotals(totals: Record<string, number>): Promise<Served & { head: number }> {
  const served = await serve()
  let head = 0
  for (const [counterId, by] of Object.entries(totals)) {
    head = Number((await post(served, 'Increment', { counterId, by })).json()['position'])
  }
  return { ...served, head }
}

const letters = { a: 10, b: 20, c: 25, d: 60, e: 80 }

async function keys(served: Served & { head: number }, query: string): Promise<unknown> {
  const answer = await get(served, `/views/totals?waitFor=${served.head}&${query}`)
  if (answer.status !== 200) return answer.json()
  return (answer.json()['items'] as { key: string }[]).map(({ key }) => key).join('')
}

describe('GET /views/{name}/{key}', () => {
  it('gives the document, and at which position', async () => {
    const served = await withTotals({ a: 10 })
    const answer = await get(served, '/views/totals/a?waitFor=1')
    expect(answer.status).toBe(200)
    expect(answer.json()).toEqual({
      key: 'a',
      doc: { name: 'a', total: 10, big: false, half: 5 },
      position: 1,
    })
  })

  it('shows what a command did to who waits for its position', async () => {
    const served = await serve()
    for (let total = 1; total <= 50; total++) {
      const { position } = (await post(served, 'Increment', { counterId: 'a' })).json()
      const answer = await get(served, `/views/totals/a?waitFor=${String(position)}`)
      expect(answer.json()).toMatchObject({ doc: { total } })
    }
  })

  it('answers 304 to who has it already, until it changes', async () => {
    const served = await withTotals({ a: 10 })
    const etag = String((await get(served, '/views/totals/a?waitFor=1')).headers['etag'])
    expect((await get(served, '/views/totals/a', { 'if-none-match': etag })).status).toBe(304)
    await post(served, 'Increment', { counterId: 'a' })
    expect((await get(served, '/views/totals/a?waitFor=2', { 'if-none-match': etag })).status).toBe(200)
  })

  it('is a 404 for an unknown key or view', async () => {
    const served = await serve()
    expect((await get(served, '/views/totals/none')).json()).toMatchObject({
      status: 404,
      code: 'view.not-found',
    })
    expect((await get(served, '/views/none/a')).json()).toMatchObject({ status: 404, code: 'view.unknown' })
    expect((await get(served, '/views/none')).json()).toMatchObject({ status: 404, code: 'view.unknown' })
    expect((await get(served, '/views/__proto__')).json()).toMatchObject({
      status: 404,
      code: 'view.unknown',
    })
  })

  it('finds keys of any characters', async () => {
    const served = await serve()
    const { position } = (await post(served, 'Increment', { counterId: 'a/b?c=ü' })).json()
    const answer = await get(
      served,
      `/views/totals/${encodeURIComponent('a/b?c=ü')}?waitFor=${String(position)}`,
    )
    expect(answer.json()).toMatchObject({ key: 'a/b?c=ü' })
  })

  it('is a 504 when the view does not get there in the time allowed', async () => {
    const served = await serve()
    const answer = await get(served, '/views/totals/a?waitFor=7&timeout=20')
    expect(answer.json()).toMatchObject({ status: 504, code: 'view.wait-timeout' })
    expect((await get(served, '/views/totals?waitFor=7&timeout=0')).status).toBe(504)
  })

  it('is not waited for any longer once the client has gone, which is no failure', async () => {
    const errors: unknown[] = []
    const served = await listen({ onError: (error) => errors.push(error) })
    const controller = new AbortController()
    const asked = fetch(`${served.url}/views/totals/a?waitFor=7&timeout=60000`, { signal: controller.signal })
    await new Promise((resolve) => setTimeout(resolve, 100))
    controller.abort()
    await expect(asked).rejects.toThrow('aborted')
    await served.gateway.close()
    expect(errors).toEqual([])
  })

  it('bounds how long a request may ask to wait', async () => {
    const served = await serve({ longestWait: 1_000 })
    const answer = await get(served, '/views/totals/a?waitFor=1&timeout=1001')
    expect(answer.json()).toMatchObject({ status: 400, errors: [{ parameter: 'timeout' }] })
  })
})

describe('GET /views/{name}', () => {
  it('gives documents by key, with their positions', async () => {
    const served = await withTotals({ b: 1, a: 2 })
    const answer = await get(served, '/views/inline-totals')
    expect(answer.json()).toEqual({
      items: [
        { key: 'a', doc: { total: 2 }, position: 2 },
        { key: 'b', doc: { total: 1 }, position: 1 },
      ],
      cursor: null,
    })
  })

  it.each([
    ['filter[name]=b', 'b'],
    ['filter[total]=20', 'b'],
    ['filter[total][eq]=20', 'b'],
    ['filter[total][ne]=20', 'acde'],
    ['filter[total][gt]=20', 'cde'],
    ['filter[total][gte]=20&filter[total][lt]=80', 'bcd'],
    ['filter[total][lte]=20', 'ab'],
    ['filter[total][in]=10,80,99', 'ae'],
    ['filter[name][in]=a,e', 'ae'],
    ['filter[name][prefix]=c', 'c'],
    ['filter[$key]=d', 'd'],
    ['filter[big]=true', 'de'],
    ['filter[big]=false', 'abc'],
    ['filter[half]=null', 'c'],
    ['filter[total]="20"', ''],
    ['filter[total]=2e1', 'b'],
    ['filter[total]=020', ''],
    ['filter[name]=%22b%22', 'b'],
  ])('finds with %s: %s', async (query, found) => {
    expect(await keys(await withTotals(letters), query)).toBe(found)
  })

  it('finds text that looks like a number by itself and in quotes', async () => {
    const served = await withTotals({ 17850: 1, '007': 2, true: 3 })
    expect(await keys(served, 'filter[name]=17850')).toBe('17850')
    expect(await keys(served, 'filter[name]="17850"')).toBe('17850')
    expect(await keys(served, 'filter[name]=007')).toBe('007')
    expect(await keys(served, 'filter[name]=7')).toBe('')
    expect(await keys(served, 'filter[name]=true')).toBe('true')
    expect(await keys(served, 'filter[name][ne]=17850')).toBe('007true')
  })

  it.each([
    ['sort=total', 'abcde'],
    ['sort=-total', 'edcba'],
    ['sort=big,-total', 'cbaed'],
    ['sort=-total&limit=2', 'ed'],
  ])('sorts with %s', async (query, found) => {
    expect(await keys(await withTotals(letters), query)).toBe(found)
  })

  it('goes on page by page with the cursor', async () => {
    const served = await withTotals(letters)
    const pages: string[] = []
    let cursor: string | null = null
    do {
      const from: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`
      const page = (
        await get(served, `/views/totals?waitFor=${served.head}&sort=-total&limit=2${from}`)
      ).json()
      pages.push((page['items'] as { key: string }[]).map(({ key }) => key).join(''))
      cursor = page['cursor'] as string | null
    } while (cursor !== null)
    expect(pages).toEqual(['ed', 'cb', 'a'])
  })

  it.each([
    'filter[a;b]=1',
    'filter=1',
    'filter[total][like]=1',
    'filter[total][gt][lt]=1',
    'filter[]=1',
    'sort=total%20desc',
    'cursor=nonsense',
    'limit=0',
    `filter[name][in]=${'a,'.repeat(200)}`,
  ])('refuses %s', async (query) => {
    const answer = await get(await serve(), `/views/totals?${query}`)
    expect(answer.status).toBe(400)
    expect(answer.json()['code']).toMatch(/^(request\.malformed|view\.invalid-query)$/)
  })

  it('refuses a cursor of another query', async () => {
    const served = await withTotals(letters)
    const { cursor } = (await get(served, `/views/totals?waitFor=${served.head}&sort=-total&limit=2`)).json()
    const answer = await get(
      served,
      `/views/totals?sort=name&limit=2&cursor=${encodeURIComponent(String(cursor))}`,
    )
    expect(answer.json()).toMatchObject({ status: 400, code: 'view.invalid-query' })
  })
})
