import { describe, expect, it } from 'vitest'
import { errorOf } from '../test/answering.js'
import { readFrontChannelLogout } from './readFrontChannelLogout.js'

describe('readFrontChannelLogout (OpenID Connect Front-Channel Logout 1.0 section 2)', () => {
  const config = { appId: 'an-app-id', issuer: 'https://id.example.com' } as const
  const at = (query: Record<string, string>) =>
    `https://app.example.com/logout?${new URLSearchParams(query).toString()}`
  const iss = config.issuer

  it('names the session of this browser, or none', async () => {
    expect(await readFrontChannelLogout(config, at({ iss, sid: 's1' }), { sid: 's1' })).toEqual({ sid: 's1' })
    expect(await readFrontChannelLogout(config, at({ iss, sid: 's1' }))).toEqual({ sid: 's1' })
    expect(await readFrontChannelLogout(config, new Request(at({})))).toEqual({ sid: undefined })
  })

  it.each([
    ['another issuer', { iss: `${iss}/`, sid: 's1' }, 'iss'],
    ['no issuer', { sid: 's1' }, 'iss'],
    ['nothing, where a session is required', {}, 'iss'],
    ['another session', { iss, sid: 's2' }, 'sid'],
    ['no session', { iss }, 'sid'],
    ['an empty session', { iss, sid: '' }, 'sid'],
  ])('is refused with %s', async (_, query, check) => {
    expect(await errorOf(async () => readFrontChannelLogout(config, at(query as never), { sid: 's1' }))).toMatchObject({
      check,
    })
  })

  it('is refused when something comes twice', async () => {
    expect(await errorOf(async () => readFrontChannelLogout(config, `${at({ iss, sid: 's1' })}&sid=s1`))).toMatchObject(
      {
        check: 'sid',
      },
    )
    expect(await errorOf(async () => readFrontChannelLogout(config, `${at({ iss, sid: 's1' })}&iss=x`))).toMatchObject({
      check: 'iss',
    })
  })

  it('is refused when only one of the two comes, whatever is known here', async () => {
    for (const [query, check] of [
      [{ iss }, 'sid'],
      [{ iss, sid: '' }, 'sid'],
      [{ sid: 's1' }, 'iss'],
      [{ sid: '' }, 'iss'],
      [{ iss: '', sid: 's1' }, 'iss'],
    ] as const)
      expect(await errorOf(async () => readFrontChannelLogout(config, at(query as never)))).toMatchObject({ check })
  })

  it('is read from the address, by whatever method it is called', async () => {
    for (const method of ['GET', 'POST', 'PUT']) {
      const called = (query: Record<string, string>) =>
        new Request(at(query), { method, ...(method !== 'GET' && { body: new URLSearchParams({ iss, sid: 's1' }) }) })
      expect(await readFrontChannelLogout(config, called({ iss, sid: 's1' }))).toEqual({ sid: 's1' })
      expect(
        await errorOf(async () => readFrontChannelLogout(config, called({ iss: 'https://evil.example', sid: 's1' }))),
      ).toMatchObject({ check: 'iss' })
    }
    // Node's own request has a path for its address.
    const path = { method: 'GET', url: `/logout?${new URLSearchParams({ iss, sid: 's1' }).toString()}` }
    expect(await readFrontChannelLogout(config, path as never, { sid: 's1' })).toEqual({ sid: 's1' })
  })
})
