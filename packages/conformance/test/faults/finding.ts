import { AssertionError } from 'node:assert'

/** Whether a law found something, and did not just stumble. */
export function isFinding(error: unknown): boolean {
  return error instanceof AssertionError || (error instanceof Error && error.cause instanceof AssertionError)
}
