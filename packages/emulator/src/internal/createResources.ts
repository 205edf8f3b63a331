import type { ServerResponse } from 'node:http'
import type { EmulatorFeatures } from '../types.js'
import { sendJson, sendText, type Exchange } from './http.js'

const WELL_KNOWN = '/.well-known/oauth-protected-resource'

/**
 * Makes what answers for the APIs on the emulator itself: what each says of itself, and what the caller's own function
 * says to the rest.
 *
 * @param appHost - the emulator's address
 * @param features - the resources, by absolute names
 * @returns answers, or gives undefined where there is no such API
 */
export function createResources(
  appHost: string,
  { api, resources = {} }: EmulatorFeatures,
): (exchange: Exchange) => Promise<ServerResponse | undefined> {
  const own = Object.keys(resources).filter((name) => name.startsWith(`${appHost}/`))
  const pathOf = (name: string): string => new URL(name).pathname.replace(/\/$/, '')
  // RFC 9728 section 3.1: only a slash right after the host goes. Behind a path it belongs to the name.
  const suffixOf = (name: string): string => new URL(name).href.slice(appHost.length).replace(/^\/(?=\?|$)/, '')
  return async ({ body, method, req, res, url }) => {
    const { pathname } = url
    const described = own.find((name) => pathname + url.search === WELL_KNOWN + suffixOf(name))
    if (described !== undefined)
      return sendJson(res, 200, {
        resource: described,
        authorization_servers: [`${appHost}/oidc`],
        scopes_supported: resources[described]?.split(' ').filter(Boolean),
        bearer_methods_supported: ['header'],
      })
    if (!own.some((name) => pathname === pathOf(name) || pathname.startsWith(`${pathOf(name)}/`))) return undefined
    if (!api) return sendText(res, 501, 'No function answers for this API: give one as features.api.')
    const headers = Object.entries(req.headers).map(([name, value]): [string, string] => [name, String(value)])
    const bare = ['GET', 'HEAD'].includes(method)
    const answer = await api(new Request(url, { method, headers, ...(!bare && { body }) }))
    // Whole before it begins, so that what fails is a failure and not half an answer.
    const bytes = Buffer.from(await answer.arrayBuffer())
    res.writeHead(answer.status, Object.fromEntries(answer.headers))
    return res.end(bytes)
  }
}
