import { buildAuthorizeUrl } from '@genauth-oidc/urls/buildAuthorizeUrl'
import { decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose'
import { generateKeyPair, issueRequestObject } from 'oauth4webapi'
import { describe, expect, it } from 'vitest'
import { errorOf } from '../test/answering.js'
import { signRequestObject, type SignedRequestParams } from './signRequestObject.js'

const config = {
  appId: 'app',
  issuer: 'https://id.example.com',
  redirectUri: 'https://app.example.com/callback',
  endpoints: { authorization: 'https://id.example.com/auth' },
} as const
const now = 1_700_000_000
const { privateKey: key, publicKey } = await generateKeyPair('PS256')
const link = (extra?: Record<string, string>, more: object = {}) =>
  buildAuthorizeUrl(config, { ...more, ...(extra && { extra }) })
const sign = async (params: Omit<SignedRequestParams, 'key'>) => {
  const url = await signRequestObject(config, { key: { key, kid: 'k' }, ...params }, { now: now * 1000 })
  return url.searchParams.get('request')!
}

describe('a request object (RFC 9101)', () => {
  it.each<[string, () => Omit<SignedRequestParams, 'key'>]>([
    ['a link', () => ({ link: link() })],
    ['a limit of age', () => ({ link: link(undefined, { maxAge: 300 }) })],
    ['claims that are asked for', () => ({ link: link({ claims: '{"id_token":{"acr":null}}' }) })],
    ['one resource', () => ({ link: link(), resource: 'https://api.example.com/' })],
    ['two resources', () => ({ link: link(), resource: ['https://a.example/', 'https://b.example/'] })],
    ['authorization details', () => ({ link: link(), authorizationDetails: [{ type: 'payment', amount: 1 }] })],
  ])('of %s says what one of oauth4webapi says', async (_, make) => {
    const params = make()
    const ours = await sign(params)
    const fields = new URLSearchParams(params.link.searchParams)
    if (params.authorizationDetails) fields.set('authorization_details', JSON.stringify(params.authorizationDetails))
    for (const one of [params.resource ?? []].flat()) fields.append('resource', one)
    const theirs = await issueRequestObject({ issuer: config.issuer }, { client_id: 'app' }, fields, { key, kid: 'k' })
    expect(decodeProtectedHeader(ours)).toEqual(decodeProtectedHeader(theirs))
    const [one, two] = [ours, theirs].map((jwt) => {
      const { iat, nbf, exp, jti, ...claims } = decodeJwt(jwt)
      expect([nbf, exp, typeof jti]).toEqual([iat, iat! + 60, 'string'])
      return claims
    })
    expect(one).toEqual(two)
    await jwtVerify(ours, publicKey, {
      typ: 'oauth-authz-req+jwt',
      currentDate: new Date(now * 1000),
      audience: config.issuer,
    })
  })

  it('has no subject, and nothing that the link says twice', async () => {
    expect(await errorOf(async () => sign({ link: link({ sub: 'app' }) }))).toMatchObject({ argument: 'link' })
    const twice = link()
    twice.searchParams.append('scope', 'openid admin')
    expect(await errorOf(async () => sign({ link: twice }))).toMatchObject({ argument: 'link' })
  })

  it('can not be made of claims or details that are no JSON, nor with a key that can not sign', async () => {
    for (const claims of ['nonsense', '[]', '"text"', 'null'])
      expect(await errorOf(async () => sign({ link: link({ claims }) }))).toMatchObject({ argument: 'link' })
    expect(await errorOf(async () => sign({ link: link({ authorization_details: '{}' }) }))).toMatchObject({
      argument: 'link',
    })
    const wrong = signRequestObject(config, { key: publicKey, link: link() })
    expect(await errorOf(async () => wrong)).toMatchObject({ argument: 'key' })
  })
})
