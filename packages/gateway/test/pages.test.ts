import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { get, serve, type Served } from './support/serve.ts'

async function withPages(): Promise<Served> {
  const directory = mkdtempSync(join(tmpdir(), 'headwater-pages-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  writeFileSync(join(directory, 'index.html'), '<!doctype html><title>Hall</title>')
  writeFileSync(join(directory, 'hall.js'), 'go()')
  writeFileSync(join(directory, '.env'), 'SECRET=1')
  return serve({ pages: directory })
}

describe('an app’s own pages', () => {
  it('are served beside the API', async () => {
    const served = await withPages()
    const page = await get(served, '/app/')
    expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
    expect(page.body).toContain('<title>Hall</title>')
    expect((await get(served, '/app/hall.js')).body).toBe('go()')
    expect((await get(served, '/app')).headers['location']).toBe('/app/')
  })

  it('load nothing from elsewhere, and are shown in no frame', async () => {
    const { headers } = await get(await withPages(), '/app/')
    expect(headers['content-security-policy']).toContain("default-src 'self'")
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'")
    expect(headers['x-frame-options']).toBe('DENY')
  })

  it.each([
    '/app/.env',
    '/app/nothing.js',
    '/app/..%2f..%2fetc%2fpasswd',
    '/app/%2e%2e/package.json',
  ])('give away nothing that is none of them: %s', async (path) => {
    const answer = await get(await withPages(), path)
    expect([403, 404]).toContain(answer.status)
    expect(answer.body).not.toContain('SECRET')
  })

  it('are not there unless a folder is named', async () => {
    expect((await get(await serve(), '/app/')).status).toBe(404)
  })
})
