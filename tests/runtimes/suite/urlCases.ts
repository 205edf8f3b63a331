import { discover } from '@genauth-oidc/core/discover'
import { buildAuthorizeUrl } from '@genauth-oidc/urls/buildAuthorizeUrl'
import { buildLogoutUrl } from '@genauth-oidc/urls/buildLogoutUrl'
import { holds, same, type Cases, type World } from './world.js'

export const urlCases = (world: World): Cases => ({
  'an authorization link carries what was asked, encoded once': async () => {
    const config = world.config('post')
    const url = buildAuthorizeUrl(config, {
      scope: 'openid offline_access',
      state: 'a+b &=ü😀',
      loginHint: 'alice@example.com',
      extra: { orders: '1 2' },
    })
    const read = new URL(url.href).searchParams
    same(url.origin + url.pathname, `${world.issuer}/auth`)
    same(read.get('client_id'), config.appId)
    same(read.get('redirect_uri'), config.redirectUri)
    same(read.get('state'), 'a+b &=ü😀')
    same(read.get('login_hint'), 'alice@example.com')
    same(read.get('orders'), '1 2')
    same(read.get('prompt'), 'consent')
    holds(/^[\w-]{43}$/.test(read.get('nonce') ?? ''), 'the nonce has 256 bits')
  },

  'a logout link carries the ID token only where it was asked for': async () => {
    const config = world.config('post')
    const simple = buildLogoutUrl(config, { redirectUri: 'https://app.example.com/bye?a=1&b=2' })
    same(simple.searchParams.get('redirect_uri'), 'https://app.example.com/bye?a=1&b=2')
    const expert = buildLogoutUrl(config, { expert: true, idToken: 'a.b.c', state: 'x' })
    same(expert.searchParams.get('id_token_hint'), 'a.b.c')
  },

  'discovery finds the endpoints of the provider': async () => {
    const { endpoints, requireIss } = await discover({ ...world.apps['post']! })
    same(endpoints?.token, `${world.issuer}/token`)
    same(endpoints?.jwks, `${world.issuer}/.well-known/jwks.json`)
    same(requireIss, true)
  },
})
