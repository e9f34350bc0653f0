import { accessCodes } from './error-codes/access.ts'
import { amendingCodes } from './error-codes/amending.ts'
import { decidingCodes } from './error-codes/deciding.ts'
import { externalCodes } from './error-codes/externals.ts'
import { keepingCodes } from './error-codes/keeping.ts'
import { timeCodes } from './error-codes/time.ts'

/**
 * Every error that Headwater raises on purpose, by its stable code: what happened, and what to do about it.
 * Codes are part of the public contract: they are never renamed, and each has a section in `docs/reference/errors.md`
 * (a test holds this list, those pages and the type together).
 */
export const errorCodes = {
  ...accessCodes,
  ...amendingCodes,
  ...decidingCodes,
  ...externalCodes,
  ...keepingCodes,
  ...timeCodes,
} as const

/** The stable code of an error. */
export type ErrorCode = keyof typeof errorCodes

/** What is wrong with one part of an input: `path` leads to it. */
export interface Issue {
  readonly path: readonly (string | number)[]
  readonly message: string
}

export interface HeadwaterErrorOptions {
  readonly issues?: readonly Issue[]
  readonly details?: Readonly<Record<string, unknown>>
  readonly cause?: unknown
}

/** An error with a stable `code`; `issues` name the faulty parts of an input, `details` what was compared. */
export class HeadwaterError extends Error {
  override readonly name = 'HeadwaterError'
  readonly code: ErrorCode
  readonly issues: readonly Issue[] | undefined
  readonly details: Readonly<Record<string, unknown>> | undefined

  constructor(code: ErrorCode, message: string, options: HeadwaterErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined)
    this.code = code
    this.issues = options.issues
    this.details = options.details
  }

  /** What to do about it, as the reference says. */
  get remedy(): string {
    return errorCodes[this.code].remedy
  }
}

/** Whether `error` is a HeadwaterError, of the given code if one is given. */
export function isHeadwaterError(error: unknown, code?: ErrorCode): error is HeadwaterError {
  return error instanceof HeadwaterError && (code === undefined || error.code === code)
}
