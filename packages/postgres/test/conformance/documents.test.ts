import { conforms } from './contract.ts'

conforms('documents')
