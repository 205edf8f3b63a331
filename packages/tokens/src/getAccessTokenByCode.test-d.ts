import type {
  CasConfig,
  OauthConfig,
  OidcConfig,
  SamlConfig,
  StandardClaims,
  TokenConfig,
} from '@genauth-oidc/core/types'
import type { IdTokenClaims } from '@genauth-oidc/verify/types'
import * as oauth from 'oauth4webapi'
import { describe, expectTypeOf, test } from 'vitest'
import { getAccessTokenByClientCredentials } from './getAccessTokenByClientCredentials.js'
import { getAccessTokenByCode } from './getAccessTokenByCode.js'
import { getNewAccessTokenByRefreshToken } from './getNewAccessTokenByRefreshToken.js'
import { getUserInfoByAccessToken } from './getUserInfoByAccessToken.js'
import { introspectToken } from './introspectToken.js'
import { revokeToken } from './revokeToken.js'
import type { IntrospectionResponse, TokenResponse, UserInfo } from './types.js'
import { validateToken } from './validateToken.js'

declare const oidc: OidcConfig
declare const plain: OauthConfig
declare const either: TokenConfig
declare const saml: SamlConfig
declare const cas: CasConfig
const account = { scope: 's', accessKey: 'k', accessSecret: 'x' }

describe('the token functions', () => {
  test('take an oidc or an oauth config', () => {
    for (const config of [oidc, plain, either]) {
      expectTypeOf(getAccessTokenByCode(config, { code: 'c' })).resolves.toEqualTypeOf<TokenResponse>()
      expectTypeOf(getNewAccessTokenByRefreshToken(config, 'r')).resolves.toEqualTypeOf<TokenResponse>()
      expectTypeOf(getAccessTokenByClientCredentials(config, account)).resolves.toEqualTypeOf<TokenResponse>()
      expectTypeOf(introspectToken(config, 't')).resolves.toEqualTypeOf<IntrospectionResponse>()
      expectTypeOf(revokeToken(config, 't')).resolves.toEqualTypeOf<true>()
      expectTypeOf(validateToken(config, { idToken: 'i' })).resolves.toHaveProperty('exp')
    }
  })

  test('take no SAML or CAS config', () => {
    // @ts-expect-error SAML has no tokens
    void getAccessTokenByCode(saml, { code: 'c' })
    // @ts-expect-error nor has CAS
    void getAccessTokenByCode(cas, { code: 'c' })
    // @ts-expect-error for none of the functions
    void getNewAccessTokenByRefreshToken(saml, 'r')
    // @ts-expect-error for none of the functions
    void getAccessTokenByClientCredentials(saml, account)
    // @ts-expect-error for none of the functions
    void getUserInfoByAccessToken(saml, 'a')
    // @ts-expect-error for none of the functions
    void introspectToken(cas, 't')
    // @ts-expect-error for none of the functions
    void revokeToken(cas, 't')
    // @ts-expect-error for none of the functions
    void validateToken(cas, { idToken: 'i' })
  })

  test('take their options', () => {
    const dpop = oauth.DPoP({}, {} as oauth.CryptoKeyPair)
    void getAccessTokenByCode(oidc, { code: 'c' }, { dpop, fetch, signal: AbortSignal.timeout(1), now: () => 0 })
    // @ts-expect-error there is no such option
    void getAccessTokenByCode(oidc, { code: 'c' }, { timeout: 5 })
  })
})

describe('getAccessTokenByCode', () => {
  test('takes the code and what the link was made with', () => {
    void getAccessTokenByCode(oidc, { code: 'c', codeVerifier: 'v', nonce: null, maxAge: 60 })
    void getAccessTokenByCode(oidc, { code: 'c', nonce: undefined, trustedAudiences: ['a'] })
    // @ts-expect-error the code is needed
    void getAccessTokenByCode(oidc, { codeVerifier: 'v' })
    // @ts-expect-error the code goes into an object
    void getAccessTokenByCode(oidc, 'c')
    // @ts-expect-error it is a verifier that is sent here, not a challenge
    void getAccessTokenByCode(oidc, { code: 'c', codeChallenge: 'v' })
  })

  test('says how far the claims were checked', async () => {
    const { claims } = await getAccessTokenByCode(oidc, { code: 'c' })
    expectTypeOf(claims).toEqualTypeOf<IdTokenClaims | undefined>()
    // @ts-expect-error they were not checked against a key
    expectTypeOf(claims!).toExtend<IdTokenClaims<'signed'>>()
    // @ts-expect-error claims that nobody checked are no checked claims
    const forged: IdTokenClaims = { iss: 'i', sub: 's', aud: 'a', exp: 1, iat: 1 }
    expectTypeOf(forged.sub).toBeString()
  })

  test('gives tokens that are not assigned to', async () => {
    const tokens = await getAccessTokenByCode(oidc, { code: 'c' })
    // @ts-expect-error every member is readonly
    tokens.access_token = 'x'
    expectTypeOf(tokens.expires_at).toEqualTypeOf<number | undefined>()
    expectTypeOf(tokens['custom']).toBeUnknown()
  })
})

describe('the others', () => {
  test('validateToken takes one token, not both and not none', () => {
    void validateToken(oidc, { idToken: 'i' })
    void validateToken(oidc, { accessToken: 'a' })
    // @ts-expect-error both are one too many
    void validateToken(oidc, { idToken: 'i', accessToken: 'a' })
    // @ts-expect-error none is one too few
    void validateToken(oidc, {})
    // @ts-expect-error a string does not say which
    void validateToken(oidc, 'a')
  })

  test('a refresh takes an earlier answer as it is', () => {
    const previous = {} as TokenResponse
    void getNewAccessTokenByRefreshToken(oidc, { refreshToken: 'r', previous, scope: 'openid' })
    void getNewAccessTokenByRefreshToken(oidc, { refreshToken: 'r', previous: { claims: { iss: 'i', sub: 's' } } })
    // @ts-expect-error a missing token has to be looked at first
    void getNewAccessTokenByRefreshToken(oidc, previous.refresh_token)
  })

  test('client credentials need all three', () => {
    // @ts-expect-error the secret is missing
    void getAccessTokenByClientCredentials(oidc, { scope: 's', accessKey: 'k' })
    // @ts-expect-error the field is called accessSecret
    void getAccessTokenByClientCredentials(oidc, { scope: 's', accessKey: 'k', secretKey: 'x' })
  })

  test('what is inactive says nothing else', async () => {
    const answer = await introspectToken(oidc, 't')
    if (answer.active) expectTypeOf(answer.sub).toEqualTypeOf<string | undefined>()
    // @ts-expect-error only an active one has a subject
    else expectTypeOf(answer.sub).toBeString()
    // @ts-expect-error there is no such hint
    void introspectToken(oidc, { token: 't', tokenTypeHint: 'id_token' })
  })

  test('user info says whose it is with protocol oidc; with oauth it need not', async () => {
    expectTypeOf(getUserInfoByAccessToken(oidc, 'a')).resolves.toEqualTypeOf<UserInfo>()
    expectTypeOf<UserInfo['sub']>().toEqualTypeOf<string>()
    expectTypeOf(
      getUserInfoByAccessToken({ appId: 'a', appHost: 'https://a.b' }, 'a'),
    ).resolves.toEqualTypeOf<UserInfo>()
    for (const config of [plain, either]) {
      const info = await getUserInfoByAccessToken(config, { accessToken: 'a' })
      expectTypeOf(info).toEqualTypeOf<StandardClaims>()
      // @ts-expect-error a missing sub has to be looked at first
      const subject: string = info.sub
      expectTypeOf(subject).toBeString()
    }
  })

  test("GenAuth's nulls are in the types", async () => {
    const info = await getUserInfoByAccessToken(oidc, { accessToken: 'a', expectedSubject: 's' })
    expectTypeOf(info.name).toEqualTypeOf<string | null | undefined>()
    expectTypeOf(info['custom']).toBeUnknown()
  })
})
