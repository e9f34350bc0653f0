export * from '@headwater/sql'
