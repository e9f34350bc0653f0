import { expect, test } from 'vitest'
import { missing } from '../lib/install.mjs'

const zod = { 'node_modules/zod': { version: '4.6.7' } }

test('everything is missing where nothing is installed', () => {
  expect(missing({ packages: zod }, undefined)).toBe('nothing is installed yet')
})

test('nothing is missing where the lock file is what is installed', () => {
  expect(missing({ packages: { '': { version: '0.1.0' }, ...zod } }, { packages: zod })).toBeUndefined()
})

test('a package is missing that the lock file has and the installation has not', () => {
  expect(missing({ packages: zod }, { packages: {} })).toBe('zod is missing')
})

test('a package of another version is missing', () => {
  const installed = { packages: { 'node_modules/zod': { version: '4.6.6' } } }
  expect(missing({ packages: zod }, installed)).toBe('zod 4.6.7 replaces 4.6.6')
})

test('a package for another platform is not missing', () => {
  const locked = { 'node_modules/@swc/core-win32-x64-msvc': { version: '1.16.22', optional: true } }
  expect(missing({ packages: locked }, { packages: {} })).toBeUndefined()
})

test('a checkout without a lock file has nothing that could be missing', () => {
  expect(missing(undefined, { packages: zod })).toBeUndefined()
})
