import { conforms } from './contract.ts'

conforms('branches')
