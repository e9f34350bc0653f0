import { command } from 'headwater'
import { z } from 'zod'
import { Address } from './events.ts'

const customerId = z.string().min(1).max(100)

export const RegisterCustomer = command(
  'RegisterCustomer',
  z.object({ customerId, name: z.string().min(1), address: Address }),
  { description: 'Makes somebody a customer.' },
)

export const ChangeCustomerAddress = command(
  'ChangeCustomerAddress',
  z.object({ customerId, address: Address }),
  { description: 'Notes that a customer moved.' },
)
