// One process, one core: every subject of a group in turn, round after round. Prints JSON.
import { writeFileSync } from 'node:fs'
import { race } from '../internal/race.mjs'
import * as peers from '../peers/subjects.mjs'
import * as fixtures from './fixtures.mjs'
import { loadOurs } from './ours.mjs'

const [folder, out, only, rounds = '151'] = process.argv.slice(2)
const { pkce, urls, verify, tokens } = await loadOurs(folder)
const { algorithms, answering, makeProvider } = fixtures
const { clientId, secret, nonce, state, code, codeVerifier, codeChallenge, redirectUri, scope, endpoints } = fixtures
const { subtle } = crypto

const publicApp = { appId: clientId, appHost: 'https://sample-app.genauth.ai', redirectUri }
const utf8 = (text) => new TextEncoder().encode(text)

/** A mock fetch, and nothing but it and the reading of its answer. */
const bareFetch = (fetch, url) => async () => {
  const response = await fetch(url, { method: 'POST' })
  return response.json()
}

const groups = {
  'PKCE pair': async () => ({
    'floor: 32 random bytes, subtle.digest': async () => {
      const bytes = crypto.getRandomValues(new Uint8Array(32))
      return [bytes, await subtle.digest('SHA-256', utf8('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'))]
    },
    ours: () => pkce.generatePkce(),
    ...peers.pkce,
  }),
  'authorize URL': async () => ({
    'floor: new URL, searchParams.set, href': () => {
      const url = new URL(endpoints.authorization)
      const query = url.searchParams
      query.set('nonce', nonce)
      query.set('state', state)
      query.set('scope', scope)
      query.set('client_id', clientId)
      query.set('redirect_uri', redirectUri)
      query.set('response_type', 'code')
      query.set('prompt', 'consent')
      query.set('code_challenge', codeChallenge)
      query.set('code_challenge_method', 'S256')
      return url.href
    },
    ours: () =>
      urls.buildAuthorizeUrl(publicApp, { scope, state, nonce, codeChallenge, codeChallengeMethod: 'S256' }).href,
    ...peers.url(fixtures),
  }),
}
for (const atHash of [false, true])
  groups[`code exchange, ${atHash ? 'with' : 'without'} at_hash`] = async () => {
    const provider = await makeProvider('RS256', { atHash })
    provider.fetch = answering(provider.tokens)
    const config = { ...publicApp, fetch: provider.fetch }
    return {
      'floor: mock fetch, Response.json': bareFetch(provider.fetch, endpoints.token),
      ours: () => tokens.getAccessTokenByCode(config, { code, codeVerifier, nonce }),
      ...peers.exchange(fixtures, provider),
    }
  }
groups.refresh = async () => {
  const provider = await makeProvider('RS256', { atHash: false })
  provider.fetch = answering(provider.tokens)
  const config = { ...publicApp, fetch: provider.fetch }
  const { refresh_token: refreshToken } = provider.tokens
  return {
    'floor: mock fetch, Response.json': bareFetch(provider.fetch, endpoints.token),
    ours: () => tokens.getNewAccessTokenByRefreshToken(config, refreshToken),
    ...peers.refresh(fixtures, provider),
  }
}
groups.introspection = async () => {
  const provider = await makeProvider('RS256')
  const { sub, exp, iat, iss } = provider.claims
  provider.fetch = answering({ active: true, sub, client_id: clientId, exp, iat, iss, scope, token_type: 'Bearer' })
  const config = { ...publicApp, secret, fetch: provider.fetch }
  return {
    'floor: mock fetch, Response.json': bareFetch(provider.fetch, endpoints.introspection),
    ours: () => tokens.introspectToken(config, provider.accessToken),
    ...peers.introspect(fixtures, provider),
  }
}
for (const alg of ['HS256', 'RS256', 'ES256', 'Ed25519'])
  groups[`verifyIdToken ${alg}`] = async () => {
    const provider = await makeProvider(alg, { atHash: false })
    const { keys, idToken, jwks } = provider
    const [text] = idToken.match(/^.*\..*(?=\.)/)
    const data = utf8(text)
    const signature = Buffer.from(idToken.slice(text.length + 1), 'base64url')
    const config = {
      ...publicApp,
      idTokenSigningAlgs: [alg],
      fetch: answering(jwks),
      ...(alg == 'HS256' && { secret: () => secret }),
    }
    return {
      'floor: subtle.verify': () => subtle.verify(algorithms[alg], keys.publicKey, signature, data),
      ours: () => verify.verifyIdToken(config, idToken, { nonce }),
      ...(await peers.verify(fixtures, provider)),
    }
  }

const results = {}
for (const [name, make] of Object.entries(groups)) {
  if (only && !new RegExp(only).test(name)) continue
  results[name] = await race(await make(), { rounds: Number(rounds) })
  console.log(name)
  for (const [subject, { ratio, low, high, quiet, microseconds }] of Object.entries(results[name]))
    console.log(
      `  ${subject.padEnd(42)} ${ratio.toFixed(2).padStart(6)} (${low.toFixed(2)} to ${high.toFixed(2)}), quiet ${quiet.toFixed(2)}  ${microseconds.toFixed(1)} us`,
    )
}
if (out && out != '-') writeFileSync(out, JSON.stringify(results))
