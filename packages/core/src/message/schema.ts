import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec'
import { isAbandonedPromise } from './abandoned.ts'
import { HeadwaterError, type ErrorCode, type Issue } from './errors.ts'

/** Any schema that speaks Standard Schema: zod, valibot, arktype and others. */
export type Schema<Input = unknown, Output = unknown> = StandardSchemaV1<Input, Output>
export type InputOf<S extends Schema> = StandardSchemaV1.InferInput<S>
export type OutputOf<S extends Schema> = StandardSchemaV1.InferOutput<S>

/**
 * Validates synchronously and returns the schema's output (defaults filled in, values transformed).
 *
 * @throws HeadwaterError of the given code, with an issue per fault; `schema.asynchronous`
 */
export function parse<Output>(
  schema: Schema<unknown, Output>,
  value: unknown,
  code: ErrorCode,
  what: string,
): Output {
  const result = schema['~standard'].validate(value)
  // Zod's schemas try again asynchronously when a refinement or a transform of theirs throws.
  if (isAbandonedPromise(result)) {
    throw new HeadwaterError(
      'schema.asynchronous',
      `The schema of ${what} validates asynchronously, or throws`,
    )
  }
  if (result.issues === undefined) return result.value
  const issues = result.issues.map(toIssue)
  throw new HeadwaterError(code, `${what} is invalid: ${issues.map(describeIssue).join('; ')}`, { issues })
}

function toIssue(issue: StandardSchemaV1.Issue): Issue {
  const path = (issue.path ?? []).map((segment) => {
    const key = typeof segment === 'object' ? segment.key : segment
    return typeof key === 'number' ? key : String(key)
  })
  return { path, message: issue.message }
}

/** `lines.0.quantity: must be positive` */
export function describeIssue(issue: Issue): string {
  return issue.path.length === 0 ? issue.message : `${issue.path.join('.')}: ${issue.message}`
}

/**
 * The JSON Schema (draft 2020-12) of what a schema accepts or gives, or undefined where the schema's library
 * offers none (Standard JSON Schema) or the schema has no such form (a date, a transform).
 */
export function jsonSchemaOf(schema: Schema, side: 'input' | 'output'): Record<string, unknown> | undefined {
  const standard: Partial<StandardJSONSchemaV1.Props> = schema['~standard']
  try {
    return standard.jsonSchema?.[side]({ target: 'draft-2020-12' })
  } catch {
    return undefined
  }
}
