import { type ErrorCode, errorCodes } from '@headwater/core'
import type { exitCodes } from './exit-code.ts'

/** Something that the user of the command line can set right: what happened, and what to do. */
export class CliError extends Error {
  override readonly name = 'CliError'
  readonly code: ErrorCode
  readonly remedy: string
  readonly exit: keyof typeof exitCodes

  /** @param options.remedy what to do in this very case; default: what the reference says of the code */
  constructor(
    code: ErrorCode,
    message: string,
    options: {
      readonly remedy?: string
      readonly exit?: keyof typeof exitCodes
      readonly cause?: unknown
    } = {},
  ) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined)
    this.code = code
    this.remedy = options.remedy ?? errorCodes[code].remedy
    this.exit = options.exit ?? 'failed'
  }
}

/** The command line itself is wrong. */
export function usageError(message: string, remedy?: string): CliError {
  return new CliError('cli.usage', message, { exit: 'usage', ...(remedy !== undefined && { remedy }) })
}
