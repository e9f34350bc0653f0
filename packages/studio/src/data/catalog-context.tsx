import type { Catalog } from '@headwater/client'
import { useQuery } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext, useMemo } from 'react'
import { catalogQuery } from './queries.ts'

/** What Studio knows of the application from its code: the colours of its parts and what its ids name. */
export interface KnownCatalog {
  readonly catalog: Catalog | undefined
  /** The hue of an aggregate, the same in every room. */
  hueOf(aggregate: string): number
  /** The stream that a field such as `orderId` names with its value, if it is an aggregate's id. */
  streamOf(field: string, value: string): string | undefined
  isStream(text: string): boolean
}

// Far enough apart to be told from each other, in an order in which neighbours differ most.
const hues = [205, 145, 55, 300, 25, 245, 100, 345]

function known(catalog: Catalog | undefined): KnownCatalog {
  const aggregates = (catalog?.contexts ?? []).flatMap((context) => context.aggregates)
  const hueByName = new Map(aggregates.map(({ name }, index) => [name, hues[index % hues.length] ?? 205]))
  const aggregateById = new Map(aggregates.map(({ id, name }) => [id, name]))
  return {
    catalog,
    hueOf: (aggregate) => hueByName.get(aggregate) ?? 205,
    streamOf(field, value) {
      const aggregate = aggregateById.get(field)
      return aggregate && value !== '' ? `${aggregate}-${value}` : undefined
    },
    isStream(text) {
      const dash = text.indexOf('-')
      return dash > 0 && dash < text.length - 1 && hueByName.has(text.slice(0, dash))
    },
  }
}

const Context = createContext<KnownCatalog>(known(undefined))

export function CatalogProvider({ children }: { children: ReactNode }) {
  const { data } = useQuery(catalogQuery)
  const value = useMemo(() => known(data), [data])
  return <Context value={value}>{children}</Context>
}

export function useCatalog(): KnownCatalog {
  return useContext(Context)
}
