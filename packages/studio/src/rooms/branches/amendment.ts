import type { Envelope } from '@headwater/client'
import { isObject } from '../../format/json.ts'

export type AmendmentEdit = 'omit' | 'replace' | 'insert' | 'restore'

/** What an event of the type `$amended` says about another one. */
export interface AmendmentFact {
  readonly edit: AmendmentEdit
  readonly why: string
  /** The event that it is about; null: the beginning of the stream. */
  readonly target: { readonly id: string | null; readonly type: string | null; readonly revision: number }
  /** What stands in its place, or behind it. */
  readonly event: { readonly type: string; readonly data: unknown } | undefined
}

export const editWords: Readonly<Record<AmendmentEdit, string>> = {
  omit: 'ignored',
  replace: 'corrected',
  insert: 'inserted',
  restore: 'restored',
}

/** Reads an amendment; undefined: it is an event like any other. */
export function amendmentOf({ type, data }: Pick<Envelope, 'type' | 'data'>): AmendmentFact | undefined {
  if (type !== '$amended' || !isObject(data) || !isObject(data.target)) return undefined
  const { edit, why, target, event } = data
  if (!isEdit(edit)) return undefined
  const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)
  return {
    edit,
    why: text(why) ?? '',
    target: { id: text(target.id), type: text(target.type), revision: Number(target.revision) },
    event: isObject(event) ? { type: text(event.type) ?? '', data: event.data } : undefined,
  }
}

function isEdit(edit: unknown): edit is AmendmentEdit {
  return typeof edit === 'string' && Object.hasOwn(editWords, edit)
}
