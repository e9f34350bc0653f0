import { HeadwaterError, type ErrorCode, type Issue } from '@headwater/core/errors'
import { asError, sqliteCode } from '../errors.ts'

/** An error on its way between threads: a structured clone would lose its class and its code. */
export interface WireError {
  readonly name: string
  readonly message: string
  readonly stack: string | undefined
  /** Of a HeadwaterError. */
  readonly code: ErrorCode | undefined
  readonly issues: readonly Issue[] | undefined
  readonly details: Readonly<Record<string, unknown>> | undefined
  readonly sqliteCode: string | undefined
  readonly cause: WireError | undefined
}

export function errorToWire(thrown: unknown): WireError {
  const error = asError(thrown)
  const own = error instanceof HeadwaterError ? error : undefined
  return {
    name: error.name,
    message: error.message,
    stack: error.stack,
    code: own?.code,
    issues: own?.issues,
    details: own?.details,
    sqliteCode: sqliteCode(error),
    cause: error.cause === undefined ? undefined : errorToWire(error.cause),
  }
}

export function errorFromWire(wire: WireError): Error {
  const error = remade(wire, wire.cause === undefined ? {} : { cause: errorFromWire(wire.cause) })
  if (wire.stack !== undefined) error.stack = wire.stack
  return error
}

function remade(wire: WireError, cause: { cause?: Error }): Error {
  const { name, message, code, issues, details } = wire
  if (code !== undefined) {
    return new HeadwaterError(code, message, {
      ...(issues && { issues }),
      ...(details && { details }),
      ...cause,
    })
  }
  const error = new Error(message, cause)
  return Object.assign(error, { name }, wire.sqliteCode === undefined ? {} : { code: wire.sqliteCode })
}
