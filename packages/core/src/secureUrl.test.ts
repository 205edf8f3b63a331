import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { secureUrl } from './secureUrl.js'

describe('an address that a secret may be sent to', () => {
  it.each([
    'https://id.example.com',
    'https://id.example.com:8443/oidc/token?tenant=1',
    'HTTPS://ID.EXAMPLE.COM/',
    'https://xn--mnchen-3ya.example/token',
    'https://münchen.example/token',
    'https://[2001:db8::1]/token',
    'https://127.0.0.1/token',
  ])('is %s, whether http is allowed or not [O120]', (address) => {
    expect(secureUrl(address, false)?.href).toBe(new URL(address).href)
    expect(secureUrl(address, true)?.href).toBe(new URL(address).href)
  })

  // What counts is the host after parsing, in the spelling that the connection is made with.
  it.each([
    'http://localhost',
    'http://localhost:3000/oidc',
    'http://LOCALHOST/',
    'http://127.0.0.1:8080/token',
    'http://127.1',
    'http://127.255.255.254/',
    'http://0x7f000001/',
    'http://2130706433/',
    'http://0177.0.0.1/',
    'http://[::1]:3000/',
    'http://[0:0:0:0:0:0:0:1]/',
  ])('is %s, but only when http is allowed [H76]', (address) => {
    expect(secureUrl(address, true)?.href).toBe(new URL(address).href)
    for (const no of [false, undefined, null, 'true', 1, {}]) expect(secureUrl(address, no)).toBeUndefined()
  })

  it.each([
    'http://id.example.com',
    'http://localhost.',
    'http://localhost.evil.example/',
    'http://sub.localhost/',
    'http://evil-localhost/',
    'http://127.0.0.1.evil.example/',
    'http://127.evil.example/',
    'http://128.0.0.1/',
    'http://0.0.0.0/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::]/',
    'http://[::1].evil.example/',
    'http://localhost@evil.example/',
    'http://user@localhost/',
    'http://user:password@127.0.0.1/',
    'https://user@id.example.com/',
    'https://:password@id.example.com/',
    'https://id.example.com/#fragment',
    'https://id.example.com/#',
    'https://id.example.com/ ',
    'https://id.example.com\n',
    '\thttps://id.example.com',
    '\u0001https://id.example.com',
    'ht\ntps://id.exa\tmple.com/x\0',
    'ws://localhost/',
    'wss://id.example.com/',
    'ftp://id.example.com/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'data:application/json,{}',
    'blob:https://id.example.com/1',
    'about:blank',
    'https:',
    'https://',
    '//id.example.com/',
    '/token',
    'id.example.com',
    'localhost:3000',
    '',
    ' ',
  ])('is never %s [H77]', (address) => {
    expect(secureUrl(address, true)).toBeUndefined()
    expect(secureUrl(address, false)).toBeUndefined()
  })

  it('is a string: nothing that only turns into one', () =>
    fc.assert(
      fc.property(
        fc
          .oneof(
            fc.anything(),
            fc.constantFrom(new URL('https://a.b'), ['https://a.b'], Symbol('url'), { href: 'https://a.b' }),
          )
          .filter((value) => typeof value !== 'string'),
        (value) => secureUrl(value, true) === undefined,
      ),
    ))

  it('is https, or http on this machine, whatever string it is made from', () =>
    fc.assert(
      fc.property(
        fc.oneof(
          fc.webUrl(),
          fc.string(),
          fc.webAuthority().map((at) => `http://${at}`),
        ),
        (address) => {
          const url = secureUrl(address, true)
          expect(
            url === undefined || url.protocol === 'https:' || /^(localhost|127\.|\[::1\])/.test(url.hostname),
          ).toBe(true)
          expect(secureUrl(address, false)?.protocol ?? 'https:').toBe('https:')
        },
      ),
      { numRuns: 500 },
    ))
})
