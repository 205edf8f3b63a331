import type { Answer, Claims, Run } from '../types.js'
import { json } from './answers.js'
import { keyPair, publicJwk } from './signers.js'

const paths: Readonly<Record<string, string>> = {
  authorization_endpoint: '/authorize',
  token_endpoint: '/token',
  userinfo_endpoint: '/userinfo',
  jwks_uri: '/jwks',
  end_session_endpoint: '/session/end',
}

/** Where an endpoint is, by its member in the metadata. */
export const pathOf = ({ behaviour, user }: Run, member: string): string =>
  `${behaviour.moved?.includes(member) ? `/${user.sid}` : ''}${paths[member] ?? ''}`

/** The provider's metadata (OIDC Discovery section 3). */
export function metadata(run: Run): Answer {
  const { issuer, variant, behaviour, client } = run
  const own: Claims = {
    issuer,
    ...Object.fromEntries(Object.keys(paths).map((member) => [member, issuer + pathOf(run, member)])),
    response_types_supported: [variant.responseType],
    response_modes_supported: ['query', 'fragment', 'form_post'],
    grant_types_supported: ['authorization_code', 'implicit', 'refresh_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: [variant.alg],
    token_endpoint_auth_methods_supported: [
      variant.fapi ? 'private_key_jwt' : (client.authMethod ?? 'client_secret_post'),
    ],
    code_challenge_methods_supported: ['S256'],
    scopes_supported: ['openid', 'profile', 'email', 'phone', 'address', 'offline_access'],
    claims_supported: ['sub', 'name', 'email'],
    ...(variant.fapi && {
      pushed_authorization_request_endpoint: `${issuer}/par`,
      require_pushed_authorization_requests: true,
      dpop_signing_alg_values_supported: ['ES256'],
      token_endpoint_auth_signing_alg_values_supported: ['ES256'],
      authorization_response_iss_parameter_supported: true,
    }),
    ...(client.dynamic && { registration_endpoint: `${issuer}/register` }),
    ...(client.authMethod === 'tls_client_auth' && {
      token_endpoint: `${issuer}/token-without-certificates`,
      mtls_endpoint_aliases: { token_endpoint: `${issuer}/token` },
    }),
    ...(client.signedUserInfo && { userinfo_signing_alg_values_supported: [variant.alg] }),
    ...(variant.fapi === 'signed' && {
      response_modes_supported: ['jwt', 'query.jwt'],
      authorization_signing_alg_values_supported: [variant.alg],
    }),
  }
  const answer = json(behaviour.metadata?.(own, run) ?? own)
  return behaviour.metadataAnswer?.(answer, run) ?? answer
}

/** The provider's key set (RFC 7517 section 5). */
export async function keySet(run: Run): Promise<Answer> {
  const name = String(run.generation)
  const own = [
    publicJwk(await keyPair('rsa', name), run.variant.alg === 'PS256' ? 'PS256' : 'RS256'),
    publicJwk(await keyPair('ec', name), 'ES256'),
  ]
  const answer = json({ keys: (await run.behaviour.keys?.(own, run)) ?? own })
  return run.behaviour.keysAnswer?.(answer, run) ?? answer
}
