import { AssertionError } from 'node:assert'

/** What a failing expectation says; and that it is an error as test runners know them. */
export function said(work: () => unknown): string {
  try {
    work()
  } catch (error) {
    if (error instanceof AssertionError) return `\n${error.message}`
    throw error
  }
  throw new Error('The expectation was met')
}

/** The same of an expectation that is awaited. */
export async function saidLater(work: () => Promise<unknown>): Promise<string> {
  const outcome = await work().then(
    () => undefined,
    (error: unknown) => ({ error }),
  )
  return said(() => {
    if (outcome !== undefined) throw outcome.error
  })
}
