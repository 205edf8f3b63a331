// What is weighed: the rows of the budget, each the import lines of an application that uses no more than this.
const from = (pkg, ...names) => names.map((name) => `export { ${name} } from '@genauth-oidc/${pkg}/${name}'`).join('\n')

/** Ours. `goal` is the most that the larger of the two bundles should weigh, in brotli bytes. */
export const rows = {
  pkce: { name: 'generatePkce', goal: 400, code: from('pkce', 'generatePkce') },
  link: {
    name: 'buildAuthorizeUrl + generatePkce',
    goal: 1150,
    code: from('urls', 'buildAuthorizeUrl') + '\n' + from('pkce', 'generatePkce'),
  },
  config: { name: 'defineConfig', goal: 2100, code: from('core', 'defineConfig') },
  callback: { name: 'readCallback', goal: 950, code: from('urls', 'readCallback') },
  code: { name: 'getAccessTokenByCode', goal: 3200, code: from('tokens', 'getAccessTokenByCode') },
  refresh: {
    name: 'getNewAccessTokenByRefreshToken',
    goal: 3200,
    code: from('tokens', 'getNewAccessTokenByRefreshToken'),
  },
  machine: {
    name: 'getAccessTokenByClientCredentials',
    goal: 1900,
    code: from('tokens', 'getAccessTokenByClientCredentials'),
  },
  tokens: {
    name: 'revokeToken + introspectToken',
    goal: 1750,
    code: from('tokens', 'revokeToken', 'introspectToken'),
  },
  userInfo: { name: 'getUserInfoByAccessToken', goal: 1500, code: from('tokens', 'getUserInfoByAccessToken') },
  verify: { name: 'verifyIdToken', goal: 2900, code: from('verify', 'verifyIdToken') },
  seal: {
    name: 'sealTransaction + openTransaction',
    goal: 850,
    code: from('login', 'sealTransaction', 'openTransaction'),
  },
  login: { name: 'beginLogin + completeLogin', goal: 5300, code: from('login', 'beginLogin', 'completeLogin') },
  // The goals of these two: less than openid-client.
  bound: {
    name: 'createDpop + getAccessTokenByCode',
    goal: 8506,
    code: from('fapi', 'createDpop') + '\n' + from('tokens', 'getAccessTokenByCode'),
  },
  fapi: {
    name: 'createDpop + PrivateKeyJwt + pushAuthorizationRequest + login',
    goal: 11020,
    code:
      from('fapi', 'createDpop', 'PrivateKeyJwt', 'pushAuthorizationRequest') +
      '\n' +
      from('login', 'beginLogin', 'completeLogin'),
  },
}

/** The packages whose functions are weighed one by one. */
export const packages = ['core', 'pkce', 'urls', 'verify', 'tokens', 'login', 'fapi']
