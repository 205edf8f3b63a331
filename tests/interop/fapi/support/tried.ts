import { signIn } from '@genauth-oidc/emulator/signIn'
import { startEmulator } from '@genauth-oidc/emulator/startEmulator'
import { accounts, begin, complete, connect } from './bank.js'

// The key of the application: the private half stays with it, the public half is registered at the bank.
const algorithm = { name: 'RSA-PSS', hash: 'SHA-256', modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1) }
const { privateKey, publicKey } = await crypto.subtle.generateKey(algorithm, false, ['sign', 'verify'])
const { kty, n, e } = await crypto.subtle.exportKey('jwk', publicKey)
const jwk = { kty, n, e, kid: 'key-1', alg: 'PS256', use: 'sig' }

const emulator = await startEmulator({
  features: { par: true, dpop: { forceNonce: true }, jwtClientAuth: true, signingAlgs: ['PS256'] },
  apps: [
    {
      redirectUri: 'http://127.0.0.1:3000/callback',
      metadata: {
        token_endpoint_auth_method: 'private_key_jwt',
        jwks: { keys: [jwk] },
        id_token_signed_response_alg: 'PS256',
        require_pushed_authorization_requests: true,
        dpop_bound_access_tokens: true,
        response_types: ['code'],
        grant_types: ['authorization_code', 'refresh_token'],
      },
    },
  ],
})
const { appId, redirectUri } = emulator.config
const bank = { appId, redirectUri, issuer: emulator.issuer, allowInsecureRequests: true }

const { config, metadata } = await connect(bank, privateKey, 'key-1')
const { url, transaction, dpop } = await begin({ config, metadata })
console.log(url.href) // client_id and request_uri, nothing else
const callback = await signIn(url, { user: 'alice' }) // what the browser does
const { claims, tokens } = await complete(config, callback.url, transaction, dpop)
console.log(claims.sub, tokens.token_type)
// Any API that takes the token; here the bank's own user info.
console.log(await accounts(config, `${emulator.issuer}/me`, tokens.access_token, dpop))
await emulator.stop()
