import { createSessionCheck } from '@genauth-oidc/fapi/createSessionCheck'
import { readFrontChannelLogout } from '@genauth-oidc/fapi/readFrontChannelLogout'
import type { OidcConfig } from '@genauth-oidc/core/types'
import { signIn } from '@genauth-oidc/emulator/signIn'
import { signOut } from '@genauth-oidc/emulator/signOut'
import { beginLogin } from '@genauth-oidc/login/beginLogin'
import { completeLogin } from '@genauth-oidc/login/completeLogin'
import { buildLogoutUrl } from '@genauth-oidc/urls/buildLogoutUrl'
import { verifyLogoutToken } from '@genauth-oidc/verify/verifyLogoutToken'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, describe, expect, it } from 'vitest'
import { errorOf, startProvider } from './support/fapi.js'

const servers: Server[] = []
afterAll(() => servers.forEach((server) => server.close()))

/** An application's back-channel logout address: the sessions of whoever the provider names end, and are named once. */
async function startEndpoint(configured: () => OidcConfig) {
  const sessions = new Map<string, string>()
  const seen = new Set<string>()
  const answers: { status: number; body: string }[] = []
  const endpoint = async (request: Request): Promise<Response> => {
    const headers = { 'cache-control': 'no-store' }
    try {
      const { sub, sid } = await verifyLogoutToken(configured(), request, {
        seen: (jti) => seen.size === seen.add(jti).size,
      })
      for (const [session, user] of sessions) if (session === sid || (!sid && user === sub)) sessions.delete(session)
      return new Response(null, { status: 200, headers })
    } catch {
      return new Response(null, { status: 400, headers })
    }
  }
  const server = createServer((req, res) => {
    void (async () => {
      const chunks: Buffer[] = []
      for await (const chunk of req) chunks.push(chunk as Buffer)
      const body = Buffer.concat(chunks).toString()
      const answer = await endpoint(
        new Request('http://127.0.0.1/logout', {
          method: 'POST',
          body,
          headers: { 'content-type': String(req.headers['content-type']) },
        }),
      )
      answers.push({ status: answer.status, body })
      res.writeHead(answer.status, Object.fromEntries(answer.headers)).end()
    })()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  servers.push(server)
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/logout`, sessions, answers }
}

describe('back-channel logout', () => {
  it.each(['HS256', 'RS256'] as const)('ends the sessions that the provider names, once, by %s', async (alg) => {
    const configured: OidcConfig[] = []
    const endpoint = await startEndpoint(() => configured[0]!)
    const provider = await startProvider(
      { backchannelLogout: true },
      { backchannel_logout_uri: endpoint.url, backchannel_logout_session_required: true },
      { idTokenAlg: alg },
    )
    const { config } = provider
    configured.push(config)
    const cookies = new Map<string, string>()
    const { url, transaction } = await beginLogin(config, { scope: 'openid' })
    const { claims, tokens } = await completeLogin(config, (await signIn(url, { cookies })).url, transaction)
    endpoint.sessions.set(claims.sid!, claims.sub).set('another', 'somebody else')
    await signOut(buildLogoutUrl(config, { expert: true, idToken: tokens.id_token }), { cookies })
    await expect.poll(() => endpoint.answers.length).toBe(1)
    expect(endpoint.answers[0]!.status).toBe(200)
    expect([...endpoint.sessions.keys()]).toEqual(['another'])

    // The same token again, and an ID token in its place: refused, and nobody is signed out.
    for (const body of [endpoint.answers[0]!.body, `logout_token=${tokens.id_token}`]) {
      const again = await fetch(endpoint.url, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      })
      expect([again.status, again.headers.get('cache-control')]).toEqual([400, 'no-store'])
    }
    expect([...endpoint.sessions.keys()]).toEqual(['another'])
  })
})

describe('front-channel logout', () => {
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
  ])('is refused with %s', async (_, query, check) => {
    expect(await errorOf(readFrontChannelLogout(config, at(query as never), { sid: 's1' }))).toMatchObject({ check })
  })

  it('is refused when something comes twice', async () => {
    expect(await errorOf(readFrontChannelLogout(config, `${at({ iss, sid: 's1' })}&sid=s1`))).toMatchObject({
      check: 'sid',
    })
    expect(await errorOf(readFrontChannelLogout(config, `${at({ iss, sid: 's1' })}&iss=x`))).toMatchObject({
      check: 'iss',
    })
  })
})

describe('session management', () => {
  const config = { appId: 'an-app-id', issuer: 'https://id.example.com' } as const
  const metadata = { issuer: config.issuer, check_session_iframe: 'https://id.example.com/session/check' }

  it('asks the provider’s frame in its words, and listens to nobody else', () => {
    const check = createSessionCheck(config, { sessionState: 'abc.salt' }, { metadata })
    expect(check.message).toBe('an-app-id abc.salt')
    expect([check.url.href, check.origin]).toEqual([metadata.check_session_iframe, config.issuer])
    const origin = check.origin
    expect(['changed', 'unchanged', 'error'].map((data) => check.read({ origin, data }))).toEqual([
      'changed',
      'unchanged',
      'error',
    ])
    expect(check.read({ origin: 'https://evil.example', data: 'unchanged' })).toBeUndefined()
    expect(check.read({ origin, data: { changed: true } })).toBeUndefined()
  })

  it('is refused without a frame, and with a state that would end the message early', () => {
    expect(() => createSessionCheck(config, { sessionState: 'abc' })).toThrow(/check_session_iframe/)
    expect(() => createSessionCheck(config, { sessionState: 'abc def' }, { metadata })).toThrow(/sessionState/)
  })
})
