import { conforms } from './contract.ts'

conforms('sql')
