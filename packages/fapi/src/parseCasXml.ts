import { XMLParser } from 'fast-xml-parser'

/**
 * Reads the XML form of a CAS answer, for `validateCasTicket` with `format: 'xml'`. Document types and entities of their
 * own are refused, so that nothing is fetched or expanded.
 *
 * @param xml - as it came
 * @returns what the JSON form would hold
 * @throws Error when it is no XML, or has a document type; `validateCasTicket` makes a `response_invalid` of it
 * @see CAS Protocol 3.0 section 2.5.2 and appendix A
 *
 * @example
 * ```ts
 * import { parseCasXml } from '@genauth-oidc/fapi/parseCasXml'
 * import { validateCasTicket } from '@genauth-oidc/fapi/validateCasTicket'
 *
 * const config = { appId: 'an-app-id', appHost: 'https://sample-app.genauth.ai', protocol: 'cas' } as const
 * export const whose = (ticket: string) =>
 *   validateCasTicket(config, { ticket, service: 'https://app.example.com/cas', format: 'xml', parseXml: parseCasXml })
 * ```
 */
export function parseCasXml(xml: string): unknown {
  // No entities but the five of XML itself, and every element closed: the parser itself is lenient.
  if (typeof xml != 'string' || /<!(doctype|entity)/i.test(xml) || !balanced(xml))
    throw new Error('no XML of a CAS server')
  const parser = new XMLParser({
    removeNSPrefix: true,
    ignoreAttributes: (name) => name != 'code',
    attributeNamePrefix: '@',
    textNodeName: '#',
    parseTagValue: false,
    parseAttributeValue: false,
    // Character references, as in &#38;, are decoded with these only.
    htmlEntities: true,
  })
  const { serviceResponse } = parser.parse(xml) as { serviceResponse?: Record<string, unknown> }
  const { authenticationSuccess, authenticationFailure: failure } = serviceResponse ?? {}
  const no = failure as Record<string, unknown> | undefined
  return {
    serviceResponse: {
      ...(authenticationSuccess !== undefined && { authenticationSuccess }),
      ...(no !== undefined && {
        authenticationFailure: {
          code: no['@code'],
          description: typeof no['#'] == 'string' ? no['#'].trim() : undefined,
        },
      }),
    },
  }
}

function balanced(xml: string): boolean {
  const open: string[] = []
  let tags = 0
  for (const [, tag, end] of xml.matchAll(/<(?:\?[^]*?\?>|!--[^]*?-->|!\[CDATA\[[^]*?]]>|([^<>]*)(>?))/g)) {
    if (tag === undefined) continue
    // What is never closed ends it at once: to look for the end again and again would take time in the square.
    if (!end || /^[?!]/.test(tag)) return false
    const [name = ''] = tag.replace(/^\//, '').split(/[\s/]/)
    if (tag.startsWith('/') && open.pop() != name) return false
    if (!/^\/|\/$/.test(tag)) open.push(name)
    tags++
  }
  const all = xml.trim()
  return tags > 0 && !open.length && all.startsWith('<') && all.endsWith('>')
}
