import { buildAuthorizeUrl } from '@genauth-oidc/urls/buildAuthorizeUrl'
import { readCallback } from '@genauth-oidc/urls/readCallback'
import type { AuthorizeParams } from '@genauth-oidc/urls/types'
import { fails, holds, same, type Cases, type World } from './world.js'

const PLACES = [
  { responseType: 'code', responseMode: 'query' },
  { responseType: 'code', responseMode: 'fragment' },
  { responseType: 'code', responseMode: 'form_post' },
  { responseType: 'id_token', responseMode: 'fragment' },
  { responseType: 'code id_token token', responseMode: 'form_post' },
] as const

export const callbackCases = (world: World): Cases => {
  const begin = (params: AuthorizeParams) => {
    const config = world.config('post')
    const url = buildAuthorizeUrl(config, params)
    return { config, url, state: url.searchParams.get('state') ?? '' }
  }
  const places = PLACES.map((params) => [
    `reads ${params.responseType} from ${params.responseMode}`,
    async () => {
      const { config, url, state } = begin(params)
      const answer = await readCallback(config, await world.callback(url), { state, ...params })
      same(answer.state, state, 'state')
      for (const [part, name] of Object.entries({ code: 'code', id_token: 'id_token', token: 'access_token' }))
        same(name in answer, params.responseType.split(' ').includes(part), `presence of ${name}`)
    },
  ])
  return {
    ...(Object.fromEntries(places) as Cases),

    'reads an address as URL, as text, and as its parameters': async () => {
      const { config, url, state } = begin({})
      const { url: address } = await world.arrive(url)
      const { code } = await readCallback(config, address, { state })
      holds(code.length > 20, 'a code')
      for (const form of [new URL(address), new URL(address).searchParams, new Request(address)])
        same((await readCallback(config, form, { state })).code, code)
    },

    'refuses another state': async () => {
      const { config, url } = begin({})
      const state = 'x'.repeat(43)
      await fails(readCallback(config, await world.callback(url), { state }), 'callback_invalid', { reason: 'state' })
    },

    'refuses an answer in another place than the one asked for': async () => {
      const { config, url, state } = begin({ responseMode: 'fragment' })
      const refused = readCallback(config, await world.callback(url), { state, responseMode: 'form_post' })
      await fails(refused, 'callback_invalid', { reason: 'place' })
    },

    'says that the person has refused': async () => {
      const { config, url, state } = begin({})
      const refused = readCallback(config, await world.callback(url, { deny: true }), { state })
      await fails(refused, 'authorization_error', { error: 'access_denied' })
    },
  }
}
