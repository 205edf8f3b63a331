import { describe, expect, it } from 'vitest'
import { answering, errorOf, formOf } from '../test/answering.js'
import { exchangeToken } from './exchangeToken.js'
import { getAccessTokenByAssertion } from './getAccessTokenByAssertion.js'
import { getAccessTokenByIdToken } from './getAccessTokenByIdToken.js'

const config = {
  appId: 'app',
  appHost: 'https://sample-app.genauth.ai',
  secret: 'the-app-secret-of-32-characters-or-more',
  redirectUri: 'https://app.example.com/callback',
} as const
const URN = 'urn:ietf:params:oauth:token-type:'
const body = { access_token: 'new', issued_token_type: `${URN}access_token`, token_type: 'Bearer' }
const subject = { subjectToken: 'the-token', subjectTokenType: 'access_token' } as const

describe('exchangeToken (RFC 8693)', () => {
  it('sends short names as URIs, and each audience and resource by itself', async () => {
    const { fetch, sent } = answering({ body })
    await exchangeToken(
      config,
      {
        ...subject,
        actorToken: 'actor',
        actorTokenType: 'https://example.com/own-type',
        requestedTokenType: 'jwt',
        audience: ['a', 'b'],
        resource: ['https://a.example/', 'https://b.example/'],
      },
      { fetch },
    )
    const form = new URLSearchParams(sent[0]!.body)
    expect(formOf(sent[0])).toMatchObject({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: 'the-token',
      subject_token_type: `${URN}access_token`,
      actor_token_type: 'https://example.com/own-type',
      requested_token_type: `${URN}jwt`,
    })
    expect([form.getAll('audience'), form.getAll('resource')]).toEqual([
      ['a', 'b'],
      ['https://a.example/', 'https://b.example/'],
    ])
  })

  it('keeps apart what is no access token', async () => {
    const { fetch } = answering({ body: { ...body, issued_token_type: `${URN}saml2`, token_type: 'N_A' } })
    expect(await exchangeToken(config, subject, { fetch })).toMatchObject({
      token_type: 'N_A',
      issued_token_type: `${URN}saml2`,
    })
  })

  it.each<[string, object, string]>([
    ['no issued_token_type', { issued_token_type: undefined }, 'shape'],
    ['an access token that says it is none', { token_type: 'N_A' }, 'token_type'],
    ['another token_type', { token_type: 'mac' }, 'token_type'],
    ['no access_token', { access_token: undefined }, 'shape'],
  ])('refuses %s', async (_, change, reason) => {
    const { fetch } = answering({ body: { ...body, ...change } })
    expect(await errorOf(() => exchangeToken(config, subject, { fetch }))).toMatchObject({ reason })
  })

  it('wants the actor’s type with and only with the actor', async () => {
    const { fetch, sent } = answering({ body })
    for (const actor of [{ actorToken: 'x' }, { actorTokenType: 'jwt' }])
      expect(await errorOf(() => exchangeToken(config, { ...subject, ...actor } as never, { fetch }))).toMatchObject({
        argument: 'actorTokenType',
      })
    expect(sent).toEqual([])
  })
})

describe('other grants', () => {
  it('show a JWT or a SAML assertion', async () => {
    const { fetch, sent } = answering({ body })
    await getAccessTokenByAssertion(config, { assertion: 'jwt' }, { fetch })
    await getAccessTokenByAssertion(config, { assertion: 'saml', type: 'saml2' }, { fetch })
    expect(sent.map((one) => formOf(one).grant_type)).toEqual([
      'urn:ietf:params:oauth:grant-type:jwt-bearer',
      'urn:ietf:params:oauth:grant-type:saml2-bearer',
    ])
  })

  it('show an ID token as GenAuth’s SDKs do, byte for byte', async () => {
    const { fetch, sent } = answering({ body })
    await getAccessTokenByIdToken(config, { idToken: 'a.b.c' }, { fetch })
    expect(formOf(sent[0])).toEqual({
      client_id: 'app',
      grant_type: 'http://authing.cn/oidc/grant_type/authing_token',
      redirect_uri: config.redirectUri,
      token: 'a.b.c',
      scope: '',
    })
  })
})
