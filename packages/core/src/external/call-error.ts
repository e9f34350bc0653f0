import { type ErrorCode, errorCodes, HeadwaterError } from '../message/errors.ts'

/** Characters of a failure's message that are kept. */
const longestMessage = 1_000

/** What can be said of anything that was thrown, errors or not. */
export function messageOf(thrown: unknown): string {
  try {
    const text = thrown instanceof Error ? thrown.message : String(thrown)
    return text.length > longestMessage ? `${text.slice(0, longestMessage)}…` : text
  } catch {
    return 'something that can’t be shown'
  }
}

/** A failure as it is journaled. It is all that a replay knows of it, and so all that code is told the first time. */
export function encodeFailure({ code, message }: HeadwaterError): string {
  return JSON.stringify({ code, message })
}

export function decodeFailure(external: string, encoded: string | null): HeadwaterError {
  const { code, message } = JSON.parse(encoded ?? '{}') as { code?: string; message?: string }
  const known = code !== undefined && code in errorCodes ? (code as ErrorCode) : 'external.failed'
  return new HeadwaterError(known, message ?? `${external} failed`, { details: { external } })
}
