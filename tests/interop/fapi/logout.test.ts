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
import { startProvider } from './support/fapi.js'

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
