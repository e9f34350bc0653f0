import { conforms } from './contract.ts'

conforms('progress')
