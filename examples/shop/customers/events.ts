import { event } from 'headwater'
import { z } from 'zod'

export const Address = z.object({
  street: z.string().min(1),
  city: z.string().min(1),
  postcode: z.string(),
  country: z.string().min(1),
})
export type Address = z.infer<typeof Address>

export const CustomerRegistered = event(
  'CustomerRegistered',
  z.object({ customerId: z.string(), name: z.string(), address: Address }),
  { visibility: 'public', description: 'Somebody became a customer.' },
)

export const CustomerAddressChanged = event(
  'CustomerAddressChanged',
  z.object({ customerId: z.string(), address: Address }),
  {
    visibility: 'public',
    description: 'A customer moved. It carries the whole new address, so that nobody has to ask for it.',
  },
)
