import type { Catalog } from '@headwater/core'
import { reference, type Schema } from './json-schema.ts'
import {
  always,
  branchParameter,
  forbidden,
  json,
  type Operation,
  pathParameter,
  problem,
  tenantParameter,
} from './parts.ts'
import { rebuildRequest, switchRequest } from './version-schemas.ts'

const progress = json('How far it is.', reference('RebuildProgress'))
const begun = json('It goes on, whether or not somebody looks.', reference('RebuildProgress'))
const versions = json('The versions.', reference('ViewVersionList'))
const never = problem('It was never rebuilt.', ['view.no-rebuild'])
const noVersion = problem('There is no such version.', ['view.version-unknown'])
const refused = problem('Something is in the way.', ['view.other-tenants', 'view.rebuild-running'])

function body(schema: Schema): object {
  return { required: false, content: { 'application/json': { schema } } }
}

/** The versions of each stored view: rebuilding, switching, dropping. */
export function versionPaths(catalog: Catalog): Record<string, Record<string, Operation>> {
  const stored = catalog.contexts.flatMap(({ views }) =>
    views.filter(({ lifecycle }) => lifecycle !== 'live'),
  )
  return Object.fromEntries(stored.flatMap(({ name }) => Object.entries(pathsOf(name))))
}

function pathsOf(view: string): Record<string, Record<string, Operation>> {
  const common = { tags: ['operation'], parameters: [tenantParameter, branchParameter] }
  const ofVersion = {
    tags: ['operation'],
    parameters: [pathParameter('version', 'Its number.'), tenantParameter, branchParameter],
  }
  return {
    [`/views/${view}/rebuild`]: {
      post: {
        ...common,
        operationId: `rebuild.${view}`,
        summary: `Fold the whole log into a new version of the view ${view}, and switch to it.`,
        requestBody: body(rebuildRequest),
        responses: { ...always, '202': begun, '403': forbidden, '409': refused },
      },
      get: {
        ...common,
        operationId: `rebuilding.${view}`,
        summary: `How far the rebuild of the view ${view} is, or what became of the last one.`,
        responses: { ...always, '200': progress, '403': forbidden, '404': never },
      },
      delete: {
        ...common,
        operationId: `cancelRebuild.${view}`,
        summary: `Give up the rebuild of the view ${view}.`,
        responses: {
          ...always,
          '200': progress,
          '403': forbidden,
          '404': never,
          '409': problem('It has taken over already.', ['view.version-current']),
        },
      },
    },
    [`/views/${view}/versions`]: {
      get: {
        ...common,
        operationId: `versions.${view}`,
        summary: `The versions of the view ${view}.`,
        parameters: [branchParameter],
        responses: { ...always, '200': versions },
      },
    },
    [`/views/${view}/versions/{version}`]: {
      delete: {
        ...ofVersion,
        operationId: `dropVersion.${view}`,
        summary: `Drop a version of the view ${view}.`,
        responses: {
          ...always,
          '200': versions,
          '403': forbidden,
          '404': noVersion,
          '409': problem('It is the one that is read.', ['view.version-current']),
        },
      },
    },
    [`/views/${view}/versions/{version}/switch`]: {
      post: {
        ...ofVersion,
        operationId: `switchVersion.${view}`,
        summary: `Have a version of the view ${view} take over, when it has caught up.`,
        requestBody: body(switchRequest),
        responses: { ...always, '202': begun, '403': forbidden, '404': noVersion, '409': refused },
      },
    },
    [`/views/${view}/accept`]: {
      post: {
        ...common,
        operationId: `accept.${view}`,
        summary: `Say that the documents of the view ${view} are as the code would make them.`,
        responses: { ...always, '200': versions, '403': forbidden },
      },
    },
  }
}
