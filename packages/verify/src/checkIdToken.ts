import { appId } from '@genauth-oidc/core/appId'
import { equal } from '@genauth-oidc/core/equal'
import { issuer } from '@genauth-oidc/core/issuer'
import type { TokenCheck } from '@genauth-oidc/core/OidcError'
import { requireObject } from '@genauth-oidc/core/requireObject'
import { sha } from '@genauth-oidc/core/sha'
import { toBase64url } from '@genauth-oidc/core/toBase64url'
import type { OidcConfig, RequestOptions } from '@genauth-oidc/core/types'
import { checkAlg } from './checkAlg.js'
import { idTokenAlgs } from './idTokenAlgs.js'
import { checkTimes } from './checkTimes.js'
import { readJwt, type Jwt } from './readJwt.js'
import { refuser } from './refuser.js'
import { uphold, type Rules } from './uphold.js'
import type { ExpectedIdToken } from './types.js'

/**
 * Checks all that an ID token says, but not its signature: what the token endpoint gave over TLS needs no more (OIDC
 * Core section 3.1.3.7 item 6). For any other use take `verifyIdToken`.
 *
 * @param config - an oidc config
 * @param idToken - as it came
 * @param expected - what it has to fit
 * @param options - its clock
 * @returns the token in parts
 * @throws OidcError `token_invalid` whose `check` names what failed, `config_invalid`
 * @see OIDC Core sections 2, 3.1.3.7, 3.2.2.11 and 3.3.2.12
 */
export async function checkIdToken(
  config: OidcConfig,
  idToken: unknown,
  expected: ExpectedIdToken = {},
  options?: RequestOptions,
): Promise<Jwt> {
  const refuse = refuser('ID token')
  const jwt = readJwt(idToken, refuse)
  const {
    alg,
    claims,
    header: { typ = 'JWT' },
  } = jwt
  const { sub, aud, azp } = claims
  const { nonce, maxAge, trustedAudiences, frontChannel, fresh, accessToken, code, state } = requireObject(
    expected,
    'expected',
  )
  const id = appId(config)
  // The two ways out for a public client whose tokens are signed with GenAuth's default.
  const hint = "; without a secret sign with RS256, or set HS256 and idToken: 'direct'"
  checkAlg(jwt, idTokenAlgs(config), refuse, 'idTokenSigningAlgs', hint)
  const audiences: unknown[] = Array.isArray(aud) ? aud : [aud]
  const rules: Rules = {
    typ: (typeof typ == 'string' && /^jwt$/i.test(typ)) || 'JWT',
    // Another kind of token of the same issuer is no ID token.
    purpose: !['scope', 'scp', 'client_id', 'events'].some((name) => name in claims) || 'signing in',
    iss: claims.iss === issuer(config) || "the config's issuer",
    sub: (typeof sub == 'string' && /^[\0-\x7f]{1,255}$/.test(sub)) || '1 to 255 ASCII characters',
    aud:
      (audiences.includes(id) &&
        audiences.every((one) => one === id || (typeof one == 'string' && [trustedAudiences].flat().includes(one)))) ||
      'this appId',
    azp: azp === id || (azp === undefined && audiences.every((one) => one === id)) || 'this appId',
    ...checkTimes(config, claims, options, fresh ? 600 : undefined, maxAge),
    nonce:
      (nonce
        ? equal(claims.nonce, nonce)
        : !frontChannel && (nonce === undefined || (nonce ?? claims.nonce) === undefined)) || 'that of the link',
  }
  for (const [name, value] of Object.entries({ at_hash: accessToken, c_hash: code, s_hash: state }))
    // What comes through the browser has to have the hash of what came along. The state is compared anyway.
    if (value !== undefined && ((frontChannel && name != 's_hash') || claims[name] !== undefined)) {
      const digest = await sha(value, /S(\d+)/.exec(alg)?.[1] ?? 512)
      rules[name as TokenCheck] =
        equal(claims[name], toBase64url(digest.slice(0, digest.byteLength / 2))) || 'the right hash'
    }
  uphold(refuse, rules)
  return jwt
}
