export * from '@headwater/core'
