import { conforms } from './contract.ts'

conforms('log')
