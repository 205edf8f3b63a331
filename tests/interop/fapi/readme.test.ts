import { signIn } from '@genauth-oidc/emulator/signIn'
import { readFile } from 'node:fs/promises'
import { describe, expect, it, vi } from 'vitest'
import { clientKey, startProvider } from './support/fapi.js'
import { accounts, begin, complete, connect } from './support/bank.js'

describe('the FAPI 2 sign-in of the README', () => {
  it.each([
    ['worked', 'bank'],
    ['tried', 'tried'],
  ])('is the code that is run here: %s', async (tag, file) => {
    const text = async (path: string) => readFile(new URL(path, import.meta.url), 'utf8')
    const readme = await text('../../../packages/fapi/README.md')
    const [, block] = new RegExp(`\`\`\`ts ${tag}\\n([^]*?)\`\`\``).exec(readme) ?? []
    // Node runs the file beside it by its own name, and here it is compiled, where names end in .js.
    expect(block?.replace("'./bank.ts'", "'./bank.js'")).toBe(await text(`./support/${file}.ts`))
  })

  it('can be tried as it stands', async () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined)
    await import('./support/tried.js')
    const [[link = ''] = [], [sub, type] = [], [account] = []] = log.mock.calls as string[][]
    log.mockRestore()
    expect([...new URL(link).searchParams.keys()]).toEqual(['client_id', 'request_uri'])
    expect(type).toBe('DPoP')
    expect(account).toMatchObject({ sub, preferred_username: 'alice' })
  })

  it('signs the user in: pushed, with the client’s key, bound to the user’s, under forced nonces', async () => {
    const { key, kid, jwk } = await clientKey('PS256')
    const { emulator, statuses } = await startProvider(
      { par: true, dpop: { forceNonce: true }, jwtClientAuth: true, signingAlgs: ['PS256'] },
      {
        token_endpoint_auth_method: 'private_key_jwt',
        token_endpoint_auth_signing_alg: 'PS256',
        jwks: { keys: [jwk] },
        id_token_signed_response_alg: 'PS256',
        require_pushed_authorization_requests: true,
        dpop_bound_access_tokens: true,
        response_types: ['code'],
        grant_types: ['authorization_code'],
      },
    )
    const { appId, redirectUri } = emulator.config
    const bank = await connect({ appId, redirectUri, issuer: emulator.issuer, allowInsecureRequests: true }, key, kid)
    const { url, transaction, dpop } = await begin(bank)
    const { claims, tokens, userInfo } = await complete(bank.config, (await signIn(url)).url, transaction, dpop)
    expect(tokens.token_type).toBe('DPoP')
    expect(userInfo.sub).toBe(claims.sub)
    expect(await accounts(bank.config, `${emulator.issuer}/me`, tokens.access_token, dpop)).toMatchObject({
      sub: claims.sub,
    })
    expect(statuses('/oidc/request')).toEqual([400, 201])
    expect(statuses('/oidc/token')).toEqual([200])
  })
})
