import { describe, expect, it } from 'vitest'
import { failure } from '../../../tests/support/failure.js'
import { defineConfig } from './defineConfig.js'
import { extendConfig } from './extendConfig.js'
import type { ConfigPatch } from './types.js'

const first = defineConfig({ appId: 'app', appHost: 'https://one.genauth.ai', secret: 'a-secret', timeout: 5000 })
const path = async (run: () => unknown) => (await failure(run, 'config_invalid')).issues.map((issue) => issue.path)

describe('extendConfig', () => {
  it('gives a new frozen config, and leaves the first as it was', () => {
    const next = extendConfig(first, { timeout: 9000, redirectUri: 'https://app.example.com/cb' })
    expect(next).toEqual({ ...first, timeout: 9000, redirectUri: 'https://app.example.com/cb' })
    expect(Object.isFrozen(next)).toBe(true)
    expect(first.timeout).toBe(5000)
  })

  it('keeps the secret, hidden as it was', () => {
    const next = extendConfig(first, {})
    expect((next.secret as () => string)()).toBe('a-secret')
    expect((extendConfig(first, { secret: 'another' }).secret as () => string)()).toBe('another')
  })

  it('checks what it makes like any other config', async () => {
    expect(await path(() => extendConfig(first, { timeout: -1 }))).toEqual(['timeout'])
    expect(await path(() => extendConfig(first, { appId: undefined } as never))).toEqual(['appId'])
    expect(await path(() => extendConfig(first, { secret: undefined } as never))).toEqual(['secret'])
    expect(await path(() => extendConfig(first, { colour: 'red' } as ConfigPatch))).toEqual(['colour'])
  })

  it('changes no protocol', async () => {
    expect(await path(() => extendConfig(first, { protocol: 'oauth' } as never))).toEqual(['protocol'])
    const oauth = defineConfig({ appId: 'app', appHost: 'https://one.genauth.ai', protocol: 'oauth' })
    expect(extendConfig(oauth, { timeout: 1 }).protocol).toBe('oauth')
    expect(await path(() => extendConfig(oauth, { protocol: undefined } as never))).toEqual(['protocol'])
  })

  it('moves to another GenAuth host as long as the endpoints follow it', () => {
    expect(extendConfig(first, { appHost: 'https://two.genauth.ai' }).appHost).toBe('https://two.genauth.ai')
  })

  it('does not move a discovered config to another issuer, whose endpoints these are not', async () => {
    const found = defineConfig({
      appId: 'app',
      issuer: 'https://id.example.com',
      endpoints: { token: 'https://id.example.com/token' },
    })
    expect(await path(() => extendConfig(found, { issuer: 'https://other.example.com' }))).toEqual(['issuer'])
    expect(await path(() => extendConfig(found, { appHost: 'https://two.genauth.ai' }))).toEqual(['appHost'])
    expect(extendConfig(found, { issuer: 'https://id.example.com', timeout: 1 }).timeout).toBe(1)
  })

  it.each([undefined, null, 5, 'text', Symbol('config')])('refuses %s as a config', async (nothing) => {
    await failure(() => extendConfig(nothing as never, {}), 'config_invalid')
  })

  it.each([undefined, null, 5, true])('changes nothing for a patch of %s', (nothing) => {
    expect(extendConfig(first, nothing as never)).toEqual(first)
  })

  it('lets no getter of a patch out as a foreign error', async () => {
    const patch = {
      get timeout(): number {
        throw new Error('a getter')
      },
    }
    await failure(() => extendConfig(first, patch), 'config_invalid')
  })
})
