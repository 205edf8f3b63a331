import type { FetchLike, OidcConfig } from '@genauth-oidc/core/types'
import { pushAuthorizationRequest } from '@genauth-oidc/fapi/pushAuthorizationRequest'
import { readServerMetadata } from '@genauth-oidc/fapi/readServerMetadata'
import { TlsClientAuth } from '@genauth-oidc/fapi/TlsClientAuth'
import { useMtlsEndpoints } from '@genauth-oidc/fapi/useMtlsEndpoints'
import { signIn } from '@genauth-oidc/emulator/signIn'
import { beginLogin } from '@genauth-oidc/login/beginLogin'
import { completeLogin } from '@genauth-oidc/login/completeLogin'
import { getUserInfoByAccessToken } from '@genauth-oidc/tokens/getUserInfoByAccessToken'
import { createServer, request, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { afterAll, describe, expect, it } from 'vitest'
import { errorOf, startProvider, withoutSecret } from './support/fapi.js'
import { selfSigned } from './support/selfSigned.js'

const servers: Server[] = []
afterAll(() => servers.forEach((server) => server.close()))

type Identity = ReturnType<typeof selfSigned>

/** Ends TLS in front of an emulator and tells it whose certificate came, as a proxy of a bank does. */
async function startGate(appHost: string, identity: Identity): Promise<string> {
  const server = createServer({ ...identity, requestCert: true, rejectUnauthorized: false }, (req, res) => {
    void (async () => {
      const chunks: Buffer[] = []
      for await (const chunk of req) chunks.push(chunk as Buffer)
      const { raw } = (req.socket as TLSSocket).getPeerCertificate() as { raw?: Buffer }
      const pem = raw && `-----BEGIN CERTIFICATE-----\n${raw.toString('base64')}\n-----END CERTIFICATE-----`
      const headers = new Headers()
      for (const name of ['authorization', 'content-type', 'accept'])
        if (req.headers[name]) headers.set(name, String(req.headers[name]))
      if (pem) headers.set('x-client-cert', encodeURIComponent(pem))
      const answer = await fetch(`${appHost}${req.url!}`, {
        method: req.method!,
        headers,
        redirect: 'manual',
        ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
      })
      res.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' })
      res.end(await answer.text())
    })()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  servers.push(server)
  return `https://localhost:${(server.address() as AddressInfo).port}`
}

/** A fetch that comes with a certificate, and trusts the gate's alone; what is not for the gate goes as always. */
const fetchAs =
  (gate: string, trusted: Identity, own?: Identity): FetchLike =>
  async (address, init) => {
    const url = new URL(address)
    if (url.origin !== gate) return fetch(address, init)
    return new Promise((resolve, reject) => {
      const { port, pathname, search } = url
      const outgoing = request(
        {
          host: '127.0.0.1',
          servername: 'localhost',
          port,
          path: pathname + search,
          ca: trusted.cert,
          ...own,
          ...init,
        },
        (incoming) => {
          const chunks: Buffer[] = []
          incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
          incoming.on('end', () =>
            resolve(
              new Response(Buffer.concat(chunks), {
                status: incoming.statusCode!,
                headers: { 'content-type': incoming.headers['content-type'] ?? '' },
              }),
            ),
          )
        },
      )
      outgoing.on('error', reject)
      outgoing.end(init.body)
    })
  }

describe('mutual TLS (RFC 8705)', () => {
  it('authenticates the client by its certificate, and binds the token to it, at the addresses for it', async () => {
    const [gateIdentity, client, other] = [
      selfSigned('localhost'),
      selfSigned('client.example'),
      selfSigned('other.example'),
    ]
    const { config } = await startProvider(
      { mtls: true, par: true },
      {
        token_endpoint_auth_method: 'tls_client_auth',
        tls_client_auth_subject_dn: 'CN=client.example',
        tls_client_certificate_bound_access_tokens: true,
        response_types: ['code'],
        grant_types: ['authorization_code'],
      },
    )
    const gate = await startGate(config.appHost!, gateIdentity)
    const found = await readServerMetadata(config)
    const own = (fetch: FetchLike) => ({ ...withoutSecret(config, TlsClientAuth()), fetch }) as OidcConfig
    const ready = useMtlsEndpoints(own(fetchAs(gate, gateIdentity, client)), {
      ...found,
      mtls_endpoint_aliases: {
        token_endpoint: `${gate}/oidc/token`,
        userinfo_endpoint: `${gate}/oidc/me`,
        pushed_authorization_request_endpoint: `${gate}/oidc/request`,
      },
    })
    expect(ready.config.endpoints).toEqual({ token: `${gate}/oidc/token`, userInfo: `${gate}/oidc/me` })
    const { url, transaction } = await beginLogin(ready.config, { scope: 'openid' })
    const short = await pushAuthorizationRequest(ready.config, url, { metadata: ready.metadata })
    const { tokens, claims } = await completeLogin(ready.config, (await signIn(short)).url, transaction)
    expect(await getUserInfoByAccessToken(ready.config, tokens.access_token)).toMatchObject({ sub: claims.sub })

    // With another certificate, or none, neither the token nor the client is worth anything.
    for (const fetch of [fetchAs(gate, gateIdentity, other), fetchAs(gate, gateIdentity)]) {
      const thief = { ...ready.config, fetch } as OidcConfig
      expect(await errorOf(getUserInfoByAccessToken(thief, tokens.access_token))).toMatchObject({ status: 401 })
      const begun = await beginLogin(thief, { scope: 'openid' })
      expect(await errorOf(pushAuthorizationRequest(thief, begun.url, { metadata: ready.metadata }))).toMatchObject({
        error: 'invalid_client',
      })
    }
  })
})
