import { aggregate, reject } from 'headwater'
import { ChangeCustomerAddress, RegisterCustomer } from './commands.ts'
import { type Address, CustomerAddressChanged, CustomerRegistered } from './events.ts'

interface CustomerState {
  /** Undefined: nobody has registered. */
  readonly address: Address | undefined
}

const initial: CustomerState = { address: undefined }

export const customer = aggregate('customer', {
  description: 'Who buys, and where they live.',
  events: [CustomerRegistered, CustomerAddressChanged],
  commands: [RegisterCustomer, ChangeCustomerAddress],
  initial,
  evolve: {
    CustomerRegistered: (_state, { data }) => ({ address: data.address }),
    CustomerAddressChanged: (_state, { data }) => ({ address: data.address }),
  },
  decide: {
    RegisterCustomer: (state, data) =>
      state.address === undefined ? CustomerRegistered(data) : reject('already-registered'),

    ChangeCustomerAddress: (state, data) => {
      if (state.address === undefined) return reject('unknown-customer')
      return isSame(state.address, data.address) ? undefined : CustomerAddressChanged(data)
    },
  },
})

function isSame(one: Address, other: Address): boolean {
  return (
    one.street === other.street &&
    one.city === other.city &&
    one.postcode === other.postcode &&
    one.country === other.country
  )
}
