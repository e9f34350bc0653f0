import { HeadwaterError } from '../../message/errors.ts'

export function noSql(): HeadwaterError {
  return new HeadwaterError('store.no-sql', 'The store in memory has no SQL: it runs no statements')
}
