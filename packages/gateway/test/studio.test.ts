import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { get, request, serve, type Served } from './support/serve.ts'

const html = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }

async function withStudio(): Promise<Served> {
  const directory = mkdtempSync(join(tmpdir(), 'headwater-studio-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  mkdirSync(join(directory, 'assets'))
  writeFileSync(
    join(directory, 'index.html'),
    '<!doctype html><title>Studio</title><script>go()</script><script src="/x.js"></script>',
  )
  writeFileSync(join(directory, 'assets', 'index-4f9a.js'), 'go()')
  writeFileSync(join(directory, 'favicon.svg'), '<svg/>')
  writeFileSync(join(directory, '.env'), 'SECRET=1')
  writeFileSync(join(directory, '..', 'headwater-secret.txt'), 'secret')
  onTestFinished(() => rmSync(join(directory, '..', 'headwater-secret.txt'), { force: true }))
  return serve({ studio: directory })
}

describe('Studio', () => {
  it('is where a browser gets that asks for the root', async () => {
    const served = await withStudio()
    expect(await get(served, '/', html)).toMatchObject({
      status: 302,
      headers: { location: '/studio/', vary: 'accept' },
    })
    expect(await get(served, '/studio')).toMatchObject({ status: 302, headers: { location: '/studio/' } })
    expect((await get(served, '/', { accept: 'application/json' })).json()).toMatchObject({
      code: 'request.not-found',
    })
  })

  it('is served with a policy that lets in nothing from elsewhere, and only the inline scripts of its own page', async () => {
    const { status, body, headers } = await get(await withStudio(), '/studio/', html)
    expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
    expect(body).toContain('<title>Studio</title>')
    expect(headers['cache-control']).toBe('no-cache')
    expect(headers['x-frame-options']).toBe('DENY')
    expect(headers['content-security-policy']).toMatch(/script-src 'self' 'sha256-[A-Za-z0-9+/=]{44}';/)
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'")
  })

  it('has files that never change kept for ever, and the others asked for again', async () => {
    const served = await withStudio()
    expect((await get(served, '/studio/assets/index-4f9a.js')).headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-type': expect.stringContaining('javascript'),
      'x-content-type-options': 'nosniff',
    })
    expect((await get(served, '/studio/favicon.svg')).headers['cache-control']).toBe('no-cache')
  })

  it('answers addresses inside of it with its page', async () => {
    const served = await withStudio()
    for (const path of ['/studio/streams/counter-a', '/studio/views?x=1', '/studio/a.b/c']) {
      const { status, body, headers } = await get(served, path, html)
      expect([path, status]).toEqual([path, 200])
      expect(body).toContain('<title>Studio</title>')
      expect(headers['content-security-policy']).toBeDefined()
    }
  })

  it('has no page for a script that is missing, or for who sends something', async () => {
    const served = await withStudio()
    expect((await get(served, '/studio/assets/gone.js', { accept: '*/*' })).status).toBe(404)
    expect((await request(served, 'POST', '/studio/streams', { headers: html })).status).toBe(405)
  })

  it('gives out nothing beside its own files', async () => {
    const served = await withStudio()
    for (const path of [
      '/studio/../headwater-secret.txt',
      '/studio/%2e%2e/headwater-secret.txt',
      '/studio/..%2fheadwater-secret.txt',
      '/studio/..%5cheadwater-secret.txt',
      '/studio/.env',
    ]) {
      const { status, body } = await get(served, path)
      expect([path, status >= 400]).toEqual([path, true])
      expect(body).not.toMatch(/secret$|SECRET/)
    }
  })

  it('is not there where there is none', async () => {
    const served = await serve()
    expect((await get(served, '/studio/', html)).status).toBe(404)
    expect((await get(served, '/', html)).status).toBe(404)
  })
})
