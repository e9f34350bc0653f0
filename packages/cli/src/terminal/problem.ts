import { HeadwaterProblem } from '@headwater/client'
import { describeIssue, errorCodes, isHeadwaterError } from '@headwater/core'
import { CliError } from '../command/cli-error.ts'
import { printable } from './format.ts'
import type { Style } from './style.ts'

/** An error as a person needs it: its code, what happened, where exactly, and what to do. */
export function describeProblem(error: unknown, style: Style): string {
  const { code, message, issues, remedy } = partsOf(error)
  return [
    `${style.bad('error')} ${style.strong(code)}: ${printable(message)}`,
    ...issues.map((issue) => `  ${style.bad('·')} ${printable(issue)}`),
    ...(remedy === undefined ? [] : [`  ${style.dim('→')} ${remedy}`]),
  ].join('\n')
}

interface Parts {
  readonly code: string
  readonly message: string
  readonly issues: readonly string[]
  readonly remedy: string | undefined
}

function partsOf(error: unknown): Parts {
  if (error instanceof CliError) {
    return { code: error.code, message: error.message + causeOf(error), issues: [], remedy: error.remedy }
  }
  if (isHeadwaterError(error)) {
    const issues = error.issues?.map(describeIssue) ?? []
    // Messages of invalid data repeat the issues in one long line; below each other they can be read.
    const message =
      issues.length > 0 ? (error.message.split(': ')[0] ?? error.message) : error.message + causeOf(error)
    return { code: error.code, message, issues, remedy: error.remedy }
  }
  if (error instanceof HeadwaterProblem) {
    const issues = error.errors.map(({ pointer, detail }) => `${pointer}: ${detail}`)
    return { code: error.code, message: error.message, issues, remedy: remedyOf(error.code) }
  }
  if (error instanceof Error) {
    return { code: 'unexpected', message: error.stack ?? error.message, issues: [], remedy: undefined }
  }
  return { code: 'unexpected', message: String(error), issues: [], remedy: undefined }
}

function causeOf(error: Error): string {
  return error.cause instanceof Error ? ` (${error.cause.message})` : ''
}

function remedyOf(code: string): string | undefined {
  return Object.hasOwn(errorCodes, code)
    ? Object.entries(errorCodes).find(([name]) => name === code)?.[1].remedy
    : undefined
}
