import { describe, expect, it } from 'vitest'
import { redirectUrl } from './redirectUrl.js'

describe('a place that a browser may be sent back to', () => {
  it.each([
    'https://app.example.com/callback',
    'https://app.example.com/callback?a=b&a=c',
    'http://localhost:3000/callback',
    'http://app.example.com',
    'com.example.app:/oauth2redirect',
    'com.example.app://callback',
    'myapp:callback',
    'https://[::1]/callback',
    'HTTPS://APP.EXAMPLE.COM/Callback',
  ])('is %s [A2]', (address) => {
    expect(redirectUrl(address)).toBe(true)
  })

  it.each([
    'javascript:alert(1)',
    'JavaScript:alert(1)',
    ' javascript:alert(1)',
    'java\tscript:alert(1)',
    'java\nscript:alert(1)',
    '\u0001javascript:alert(1)',
    'data:text/html,x',
    'DATA:text/html,x',
    'blob:https://app.example.com/1',
    'file:///etc/passwd',
    'vbscript:msgbox',
    'about:blank',
    'https://app.example.com/callback\n',
    ' https://app.example.com/callback',
    '\u0001https://app.example.com/call\nback',
    'https://user@app.example.com/',
    'https://:password@app.example.com/',
    'https://user:password@app.example.com/',
    'https://app.example.com@evil.example.com/',
    '/callback',
    'callback',
    '//app.example.com/callback',
    'https://',
    '',
    'undefined',
    undefined,
    null,
    5,
    {},
    new URL('https://app.example.com'),
    ['https://app.example.com'],
    Symbol('url'),
  ])('is never %s', (address) => {
    expect(redirectUrl(address)).toBe(false)
    expect(redirectUrl(address, true)).toBe(false)
  })

  it('has no fragment, unless it is where a sign-out leads', () => {
    for (const address of ['https://app.example.com/#a', 'https://app.example.com/#', 'myapp:callback#a']) {
      expect(redirectUrl(address)).toBe(false)
      expect(redirectUrl(address, true)).toBe(true)
    }
  })
})
