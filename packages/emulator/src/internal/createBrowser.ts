/** A page or a redirect, as a browser without scripts gets it. */
export interface Visit {
  readonly url: URL
  readonly status: number
  /** Where a redirect leads. */
  readonly location: URL | undefined
  readonly html: string
}

/** A form of a page. */
export interface Form {
  readonly action: URL
  readonly fields: URLSearchParams
}

/** The least of a browser: cookies, redirects that are told and not followed, forms. */
export interface Browser {
  get(url: URL): Promise<Visit>
  post(url: URL, form: URLSearchParams): Promise<Visit>
}

function keep(cookies: Map<string, string>, url: URL, header: string): void {
  const [pair = '', ...attributes] = header.split(';').map((part) => part.trim())
  const equals = pair.indexOf('=')
  const attribute = (name: string): string | undefined =>
    attributes.find((part) => part.toLowerCase().startsWith(`${name}=`))?.slice(name.length + 1)
  const key = `${url.origin}${attribute('path') ?? '/'} ${pair.slice(0, equals)}`
  const expires = attribute('expires')
  const gone = attribute('max-age') === '0' || (expires !== undefined && Date.parse(expires) <= Date.now())
  if (gone) cookies.delete(key)
  else cookies.set(key, pair.slice(equals + 1))
}

const cookieHeader = (cookies: ReadonlyMap<string, string>, url: URL): string =>
  [...cookies]
    .flatMap(([key, value]) => {
      const [place = '', name = ''] = key.split(' ')
      return `${url.origin}${url.pathname}`.startsWith(place) ? [`${name}=${value}`] : []
    })
    .join('; ')

/** Makes a browser over a jar of cookies, which it fills. */
export function createBrowser(cookies: Map<string, string>): Browser {
  const visit = async (url: URL, init: RequestInit): Promise<Visit> => {
    const cookie = cookieHeader(cookies, url)
    const response = await fetch(url, {
      ...init,
      redirect: 'manual',
      headers: { accept: 'text/html', ...(cookie && { cookie }) },
    })
    for (const header of response.headers.getSetCookie()) keep(cookies, url, header)
    const location = response.headers.get('location')
    return {
      url,
      status: response.status,
      location: location === null ? undefined : new URL(location, url),
      html: await response.text(),
    }
  }
  return {
    get: (url) => visit(url, {}),
    post: (url, body) => visit(url, { method: 'POST', body }),
  }
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' }

const unescape = (text: string): string =>
  text.replace(/&(?:#(\d+)|(amp|lt|gt|quot));/g, (_all, code: string | undefined, name: string | undefined) =>
    code === undefined ? (NAMED[name ?? ''] ?? '') : String.fromCodePoint(Number(code)),
  )

function attributeOf(tag: string, name: string): string | undefined {
  const value = new RegExp(`\\s${name}="([^"]*)"`, 'i').exec(tag)?.[1]
  return value === undefined ? undefined : unescape(value)
}

/** The first form of a page, with the values it would send when nothing is typed. */
export function formOn({ html, url }: Visit): Form | undefined {
  const [all, tag = ''] = /(<form\b[^>]*>)[\s\S]*?<\/form>/i.exec(html) ?? []
  if (all === undefined) return undefined
  const inputs = [...all.matchAll(/<input\b[^>]*>/gi)].flatMap(([input]) => {
    const name = attributeOf(input, 'name')
    return name === undefined ? [] : [[name, attributeOf(input, 'value') ?? ''] as [string, string]]
  })
  return { action: new URL(attributeOf(tag, 'action') ?? url.href, url), fields: new URLSearchParams(inputs) }
}

/** What an error page of the emulator says, in one line. */
export function complaintOf({ html, status }: Visit): string {
  const error = /<p data-error="([^"]*)"/.exec(html)?.[1]
  const description = /<p data-error-description>([^<]*)</.exec(html)?.[1]
  return [`HTTP ${status}`, error, description]
    .filter(Boolean)
    .map((text) => unescape(text ?? ''))
    .join(': ')
}
