import { expectTypeOf, test } from 'vitest'
import type { OauthConfig, OidcConfig, SamlConfig } from '@genauth-oidc/core/types'
import type { UserInfo } from '@genauth-oidc/tokens/types'
import type { CheckedClaims, IdTokenClaims, SignedClaims } from '@genauth-oidc/verify/types'
import { beginLogin } from './beginLogin.js'
import { completeLogin } from './completeLogin.js'
import { openTransaction } from './openTransaction.js'
import { refreshLogin } from './refreshLogin.js'
import { transactionFromCookie } from './transactionFromCookie.js'
import type { Login, LoginResponseType, LoginTransaction } from './types.js'

declare const config: OidcConfig
declare const request: Request
declare const of: <R extends LoginResponseType>(responseType: R) => LoginTransaction<R>

test('the response type goes from the link to the login', async () => {
  const { url, transaction } = await beginLogin(config, { responseType: 'code id_token' })
  expectTypeOf(url).toEqualTypeOf<URL>()
  expectTypeOf(transaction).toEqualTypeOf<LoginTransaction<'code id_token'>>()
  expectTypeOf((await beginLogin(config)).transaction).toEqualTypeOf<LoginTransaction<'code'>>()
})

test('a login is signed unless direct is asked for, and then it is not called signed', async () => {
  const signed = await completeLogin(config, request, of('code'))
  expectTypeOf(signed.claims).toEqualTypeOf<IdTokenClaims<'signed'>>()
  expectTypeOf(signed.claims).toExtend<IdTokenClaims>()
  const said = await completeLogin(config, request, of('code'), { idToken: 'signed' })
  expectTypeOf(said.claims).toEqualTypeOf<SignedClaims>()
  const direct = await completeLogin(config, request, of('code'), { idToken: 'direct' })
  expectTypeOf(direct.claims).toEqualTypeOf<CheckedClaims>()
  expectTypeOf(direct.claims).not.toExtend<SignedClaims>()
})

test('direct is for code only: what comes through the browser has no TLS to vouch for it', () => {
  // @ts-expect-error an implicit ID token
  void completeLogin(config, request, of('id_token'), { idToken: 'direct' })
  // @ts-expect-error an implicit ID token with an access token
  void completeLogin(config, request, of('id_token token'), { idToken: 'direct' })
  // @ts-expect-error a hybrid ID token
  void completeLogin(config, request, of('code id_token'), { idToken: 'direct' })
  // @ts-expect-error an access token that nothing binds
  void completeLogin(config, request, of('code token'), { idToken: 'direct' })
  // @ts-expect-error a hybrid ID token with an access token
  void completeLogin(config, request, of('code id_token token'), { idToken: 'direct' })
  // @ts-expect-error a response type that is not known may be any of these
  void completeLogin(config, request, of<LoginResponseType>('code'), { idToken: 'direct' })
  // @ts-expect-error or one of two
  void completeLogin(config, request, of<'code' | 'code id_token'>('code'), { idToken: 'direct' })
  const help = <R extends LoginResponseType>(begun: LoginTransaction<R>) =>
    // @ts-expect-error also in a generic helper
    completeLogin(config, request, begun, { idToken: 'direct' })
  expectTypeOf(help).toBeFunction()
  // @ts-expect-error no such level
  void completeLogin(config, request, of('code'), { idToken: 'none' })
})

test('an access token is there where one comes', async () => {
  for (const type of ['code', 'id_token token', 'code id_token', 'code token', 'code id_token token'] as const) {
    const { tokens } = await completeLogin(config, request, of(type))
    expectTypeOf(tokens.access_token).toEqualTypeOf<string>()
    expectTypeOf(tokens.id_token).toEqualTypeOf<string>()
  }
  const { tokens } = await completeLogin(config, request, of('id_token'))
  expectTypeOf(tokens.id_token).toEqualTypeOf<string>()
  // @ts-expect-error no access token comes with an ID token alone
  const accessToken: string = tokens.access_token
  // @ts-expect-error nor its type
  const tokenType: string = tokens.token_type
  // @ts-expect-error nor one to refresh it
  const refreshToken: string = tokens.refresh_token
  expectTypeOf([accessToken, tokenType, refreshToken]).toEqualTypeOf<string[]>()
  expectTypeOf(tokens.claims).toEqualTypeOf<SignedClaims>()
  expectTypeOf(tokens['custom']).toBeUnknown()
})

test('a transaction of any response type gives the members of all, where they may be missing', async () => {
  const kept = new Map<string, LoginTransaction>()
  const { tokens, claims } = await completeLogin(config, request, (state) => kept.get(state))
  expectTypeOf(tokens.access_token).toEqualTypeOf<string | undefined>()
  expectTypeOf(tokens.token_type).toEqualTypeOf<string | undefined>()
  expectTypeOf(tokens.expires_in).toEqualTypeOf<number | undefined>()
  expectTypeOf(tokens.expires_at).toEqualTypeOf<number | undefined>()
  expectTypeOf(tokens.refresh_token).toEqualTypeOf<string | undefined>()
  expectTypeOf(tokens.scope).toEqualTypeOf<string | undefined>()
  expectTypeOf(tokens.id_token).toEqualTypeOf<string>()
  expectTypeOf(claims).toEqualTypeOf<SignedClaims>()
  // @ts-expect-error a missing token has to be looked at first
  const accessToken: string = tokens.access_token
  expectTypeOf(accessToken).toBeString()
  // A generic helper that leaves the level alone.
  const help = <R extends LoginResponseType>(begun: LoginTransaction<R>) => completeLogin(config, request, begun)
  expectTypeOf(help(of('code'))).resolves.toExtend<Login<'code'>>()
})

test('user info is there when it is asked for', async () => {
  expectTypeOf((await completeLogin(config, request, of('code'))).userInfo).toEqualTypeOf<undefined>()
  expectTypeOf((await completeLogin(config, request, of('code'), {})).userInfo).toEqualTypeOf<undefined>()
  const asked = await completeLogin(config, request, of('code'), { userInfo: true })
  expectTypeOf(asked.userInfo).toEqualTypeOf<UserInfo>()
  const not = await completeLogin(config, request, of('code'), { userInfo: false })
  expectTypeOf(not.userInfo).toEqualTypeOf<undefined>()
})

test('a transaction may be taken by a function, at once or later', async () => {
  const kept = new Map<string, LoginTransaction<'code'>>()
  expectTypeOf(await completeLogin(config, request, (state) => kept.get(state))).toExtend<Login<'code'>>()
  expectTypeOf(await completeLogin(config, request, async (state: string) => kept.get(state))).toExtend<Login<'code'>>()
  // As Redis and KV namespaces have it.
  expectTypeOf(await completeLogin(config, request, async (s: string) => kept.get(s) ?? null)).toExtend<Login<'code'>>()
  const sealed = await openTransaction('sealed', 'key')
  expectTypeOf(await completeLogin(config, request, sealed)).toExtend<Login<'code'>>()
  const cookies = transactionFromCookie(request.headers.get('cookie'), 'https://app.example.com/cb', 'key')
  expectTypeOf(await completeLogin(config, request, cookies)).toExtend<Login<'code'>>()
  // @ts-expect-error a sealed transaction is opened first
  void completeLogin(config, request, 'sealed')
  // @ts-expect-error the state alone is no transaction
  void completeLogin(config, request, { state: 'x' })
  // @ts-expect-error without a transaction nobody began this sign-in
  void completeLogin(config, request)
})

test('only oidc signs users in', () => {
  const oauth = {} as OauthConfig
  const saml = {} as SamlConfig
  // @ts-expect-error oauth says nothing of the user
  void beginLogin(oauth)
  // @ts-expect-error saml has links only
  void beginLogin(saml)
  // @ts-expect-error oauth says nothing of the user
  void completeLogin(oauth, request, of('code'))
  // @ts-expect-error oauth has no ID token to compare
  void refreshLogin(oauth, () => ({}) as never)
})

test('what is made is never given', () => {
  void beginLogin(config, { scope: 'openid', appState: '/', maxAge: 60, responseMode: 'form_post' })
  // @ts-expect-error the state is made
  void beginLogin(config, { state: 's' })
  // @ts-expect-error the nonce is made
  void beginLogin(config, { nonce: 'n' })
  // @ts-expect-error the challenge is made
  void beginLogin(config, { codeChallenge: 'c' })
  // @ts-expect-error a token alone signs nobody in
  void beginLogin(config, { responseType: 'token' })
  // @ts-expect-error nothing signs nobody in
  void beginLogin(config, { responseType: 'none' })
})

test('what is kept and what is given cannot be changed', async () => {
  const transaction = of('code')
  // @ts-expect-error a transaction is compared as it was
  transaction.nonce = 'n'
  const login = await completeLogin(config, request, transaction)
  // @ts-expect-error claims are as they were checked
  login.claims.sub = 'mallory'
  // @ts-expect-error tokens too
  login.tokens.access_token = 'x'
})

test('a login can be refreshed, and a refreshed one again', async () => {
  const login = await completeLogin(config, request, of('code'))
  const next = await refreshLogin(config, login)
  expectTypeOf(next.claims).toEqualTypeOf<SignedClaims>()
  expectTypeOf(next.tokens.refresh_token).toEqualTypeOf<string>()
  expectTypeOf(await refreshLogin(config, next)).toEqualTypeOf(next)
  expectTypeOf((await refreshLogin(config, next, { idToken: 'direct' })).claims).toEqualTypeOf<CheckedClaims>()
  const least = { tokens: { refresh_token: 'rt' }, claims: { iss: 'i', sub: 's', aud: 'a' } }
  void refreshLogin(config, async () => least, { save: async ({ tokens }) => tokens.access_token })
  // @ts-expect-error without the user whose login it is nothing can be compared
  void refreshLogin(config, { tokens: { refresh_token: 'rt' } })
})
