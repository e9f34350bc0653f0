import { HeadwaterProblem } from '@headwater/client'
import { describeIssue, errorCodes, isHeadwaterError } from '@headwater/core'
import { CliError } from '../command/cli-error.ts'
import { printable } from './format.ts'
import type { Style } from './style.ts'

/** An error as a person needs it: its code, what happened, where exactly, and what to do. */
export function describeProblem(error: unknown, style: Style): string {
  const { code, message, issues, remedy, trace = [] } = partsOf(error)
  const [first = '', ...more] = message.split('\n').map(printable)
  return [
    `${style.bad('error')} ${style.strong(code)}: ${first}`,
    ...more.map((line) => `  ${line}`),
    ...issues.map((issue) => `  ${style.bad('·')} ${printable(issue)}`),
    ...trace.map((line) => style.dim(`  ${printable(line)}`)),
    ...(remedy === undefined ? [] : [`  ${style.dim('→')} ${remedy}`]),
  ].join('\n')
}

interface Parts {
  readonly code: string
  readonly message: string
  readonly issues: readonly string[]
  readonly remedy: string | undefined
  /** Where an error came from that nobody expected. */
  readonly trace?: readonly string[]
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
  if (error instanceof Error) return unexpected(error)
  return { code: 'unexpected', message: String(error), issues: [], remedy: undefined }
}

/** Most often a fault in the app's own code: what counts is where, and Node's own frames are not where. */
function unexpected(error: Error): Parts {
  const stack = error.stack ?? ''
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line) && !line.includes('node:internal'))
  // Before a syntax error's name Node puts the line of source, with a mark below what it stumbled over.
  const [source = ''] = stack.split(/^(?:\w*Error)\b.*$/m)
  const message = `${error.name}: ${error.message}${causeOf(error)}`
  return {
    code: 'unexpected',
    message: source.trim() === '' ? message : `${message}\n${source.trimEnd()}`,
    issues: [],
    remedy: undefined,
    trace: frames.map((line) => line.trim()),
  }
}

function causeOf(error: Error): string {
  return error.cause instanceof Error ? ` (${error.cause.message})` : ''
}

function remedyOf(code: string): string | undefined {
  return Object.hasOwn(errorCodes, code)
    ? Object.entries(errorCodes).find(([name]) => name === code)?.[1].remedy
    : undefined
}
