import { HeadwaterError } from '@headwater/core/errors'

/** Its text holds a password: of it, a message has the host and the database only. */
export function nameOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^postgres(?:ql)?:$/.test(url.protocol))
    throw new HeadwaterError(
      'app.invalid',
      'The url is not of the form postgres://user:password@host/database',
    )
  return `postgres:${url.hostname}${url.pathname}`
}

/** @throws HeadwaterError `app.invalid` */
export function requireSchemaName(schema: string): void {
  if (!/^[a-z][a-z0-9_]{0,47}$/.test(schema))
    throw new HeadwaterError('app.invalid', `${JSON.stringify(schema)} is no name for a schema`)
}
