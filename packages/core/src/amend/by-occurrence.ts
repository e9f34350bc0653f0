/** With no more than so many items they are read once and sorted; with more, only the late ones are kept. */
const mostKept = 2_000

/**
 * Items in the order in which they occurred, and of one time in the order in which they are read. Memory holds those that
 * came late, so it takes a long history in which few did.
 *
 * @param read from the first one; where there are many it is called twice, and has to give the same
 * @param timeOf epoch milliseconds
 */
export async function* byOccurrence<Item>(
  read: () => AsyncIterable<Item>,
  timeOf: (item: Item) => number,
): AsyncGenerator<Item> {
  const late: Item[] = []
  let kept: Item[] | undefined = []
  let latest = Number.NEGATIVE_INFINITY
  for await (const item of read()) {
    const time = timeOf(item)
    if (time < latest) late.push(item)
    else latest = time
    if (kept === undefined) continue
    if (kept.length < mostKept) kept.push(item)
    else kept = undefined
  }
  const compare = (one: Item, other: Item): number => timeOf(one) - timeOf(other)
  if (kept !== undefined) {
    yield* late.length === 0 ? kept : kept.sort(compare)
    return
  }
  yield* merged(read(), late.sort(compare), timeOf)
}

/** @param late sorted; they are among the items, behind those of the same time */
async function* merged<Item>(
  items: AsyncIterable<Item>,
  late: readonly Item[],
  timeOf: (item: Item) => number,
): AsyncGenerator<Item> {
  let next = 0
  let latest = Number.NEGATIVE_INFINITY
  for await (const item of items) {
    const time = timeOf(item)
    if (time < latest) continue
    latest = time
    for (let one = late[next]; one !== undefined && timeOf(one) < time; one = late[next]) {
      yield one
      next += 1
    }
    yield item
  }
  yield* late.slice(next)
}
