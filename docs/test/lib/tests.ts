export { expect } from 'vitest'

let works: (() => unknown)[] = []

/** What tests that a page shows import: they run as part of the test of the page. */
export function test(_name: string, work: () => unknown): void {
  works.push(work)
}

export async function runTests(): Promise<void> {
  const all = works
  works = []
  for (const work of all) await work()
}
