import { view } from 'headwater'
import { type Address, CustomerAddressChanged, CustomerRegistered } from './events.ts'

interface CustomerDocument {
  readonly customerId: string
  readonly name: string
  readonly address: Address | null
  readonly moves: number
}

export const customersView = view('customers', {
  description: 'All customers with their current address.',
  events: [CustomerRegistered, CustomerAddressChanged],
  initial: (customerId): CustomerDocument => ({ customerId, name: '', address: null, moves: 0 }),
  on: {
    CustomerRegistered: (doc, { data }) => ({ ...doc, name: data.name, address: data.address }),
    CustomerAddressChanged: (doc, { data }) => ({ ...doc, address: data.address, moves: doc.moves + 1 }),
  },
  indexes: ['name', 'address.country'],
})
