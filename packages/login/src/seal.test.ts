import { describe, expect, it } from 'vitest'
import { at, now } from '../../../tests/support/tokens.js'
import { open } from './open.js'
import { seal, type SealParams } from './seal.js'

const key = 'a-key-of-at-least-32-characters!'
const params = { key, purpose: 'session', expiresIn: 60 } as const
const sealed = (value: unknown, changes?: Partial<SealParams>) => seal(value, { ...params, ...changes }, at())
const opened = (text: unknown, changes?: Partial<SealParams>, seconds = 0) =>
  open(text as string, { ...params, ...changes }, at(seconds))
const closed = { name: 'OidcError', code: 'argument_invalid', argument: 'sealed' }

describe('a sealed value [R17]', () => {
  it.each<unknown>([{ sub: 'alice', list: [1, null] }, 'text', 7, null, true, [], '用户 🙂'])(
    'opens as it was: %j',
    async (value) => {
      expect(await opened(await sealed(value))).toEqual(value)
    },
  )

  it('is another text each time, fit for a cookie, that shows nothing', async () => {
    const texts = await Promise.all(Array.from({ length: 50 }, () => sealed({ marked: 'marked-value' })))
    expect(new Set(texts).size).toBe(50)
    for (const text of texts) {
      expect(text).toMatch(/^[\w.-]+$/)
      expect(Buffer.from(text.replace('.', ''), 'base64url').toString('latin1')).not.toContain('marked')
    }
  })

  it('opens with none of its characters changed', async () => {
    const text = await sealed({ sub: 'alice' })
    for (let place = 0; place < text.length; place++) {
      const other = text[place] === 'A' ? 'B' : 'A'
      await expect(opened(text.slice(0, place) + other + text.slice(place + 1)), `at ${place}`).rejects.toMatchObject(
        closed,
      )
    }
  })

  it('opens neither cut, nor lengthened, nor joined with another', async () => {
    const text = await sealed('a')
    const other = await sealed('b')
    const [salt = '', cipher = ''] = text.split('.')
    const [otherSalt = '', otherCipher = ''] = other.split('.')
    const changed = [
      `${salt}.${otherCipher}`,
      `${otherSalt}.${cipher}`,
      `${cipher}.${salt}`,
      `${salt}.`,
      `.${cipher}`,
      '.',
      `${text}.`,
      `${text}.${cipher}`,
      `${text}A`,
      `${text}=`,
      text.slice(0, -1),
      text.slice(1),
      salt,
      ` ${text}`,
      `${text}\n`,
    ]
    for (const one of changed) await expect(opened(one), one).rejects.toMatchObject(closed)
  })

  it.each<unknown>([undefined, null, '', 7, {}, [], ['a.b'], 'x'.repeat(5000), 'a.b', 'ä.ö', '\u0000.'])(
    'opens not from %j',
    async (value) => {
      await expect(opened(value)).rejects.toMatchObject(closed)
    },
  )

  it('opens until its time is over', async () => {
    const text = await sealed('a')
    expect(await opened(text, {}, 59.9)).toBe('a')
    await expect(opened(text, {}, 60)).rejects.toMatchObject(closed)
    await expect(open(text, params, { now: NaN })).rejects.toMatchObject(closed)
  })

  it('opens for its own purpose only: all pairs', async () => {
    const purposes = ['session', 'transaction', 'Session', 'session ', 'v1 session', 'reset']
    for (const one of purposes)
      for (const other of purposes) {
        const judged = opened(await sealed('a', { purpose: one }), { purpose: other })
        if (one === other) expect(await judged).toBe('a')
        else await expect(judged).rejects.toMatchObject(closed)
      }
  })

  it('is at most 3 KB, which a cookie holds', async () => {
    const text = await sealed('x'.repeat(2200))
    expect(text.length).toBeLessThanOrEqual(3072)
    expect(await opened(text)).toBe('x'.repeat(2200))
    for (const length of [3000, 300_000])
      await expect(sealed('x'.repeat(length))).rejects.toMatchObject({ code: 'argument_invalid', argument: 'value' })
  })

  it('gives the same error for everything that is wrong with it', async () => {
    const text = await sealed('a')
    const wrong: [string, Partial<SealParams>, number?][] = [
      [text, { key: key.replace('a', 'b') }],
      [text, { purpose: 'other' }],
      [text, {}, 61],
      [`${text}A`, {}],
      ['garbage', {}],
    ]
    const texts = await Promise.all(
      wrong.map(([one, changes, seconds]) =>
        opened(one, changes, seconds).catch((error: unknown) => (error as Error).message),
      ),
    )
    expect(new Set(texts).size).toBe(1)
  })
})

describe('the keys [R17]', () => {
  const next = 'another-key-of-at-least-32-chars'

  it('are one or several: the first seals, all open', async () => {
    const old = await sealed('a')
    expect(await opened(old, { key: [next, key] })).toBe('a')
    expect(await opened(old, { key: [key, next] })).toBe('a')
    const fresh = await sealed('b', { key: [next, key] })
    expect(await opened(fresh, { key: next })).toBe('b')
    await expect(opened(fresh, { key })).rejects.toMatchObject(closed)
    await expect(opened(old, { key: [next] })).rejects.toMatchObject(closed)
  })

  it.each<unknown>(['', 'short', 'x'.repeat(31), undefined, null, 7, [], [''], ['x'.repeat(31)], {}])(
    'are refused when short or none: %j',
    async (bad) => {
      await expect(sealed('a', { key: bad as string })).rejects.toMatchObject({
        code: 'argument_invalid',
        argument: 'key',
      })
      // Not only when a value comes that none of the good ones opens.
      await expect(sealed('a', { key: [key, bad as string] })).rejects.toMatchObject({ argument: 'key' })
      await expect(opened(await sealed('a'), { key: [key, bad as string] })).rejects.toMatchObject({ argument: 'key' })
      await expect(opened(await sealed('a'), { key: bad as string })).rejects.toMatchObject({
        code: 'argument_invalid',
        argument: 'key',
      })
    },
  )

  it('are never part of an error', async () => {
    const short = 'marked-short-key'
    const error = await sealed('a', { key: short }).catch((reason: unknown) => reason as Error)
    expect(JSON.stringify(error) + String((error as Error).stack)).not.toContain(short)
  })
})

describe('what cannot be sealed', () => {
  it.each([0, -1, NaN, Infinity, undefined, '60', ['60'], true])(
    'a value that expires in %s seconds',
    async (expiresIn) => {
      // Text would be put behind the time, not added to it, and the value would open for ages.
      const judged = sealed('a', { expiresIn: expiresIn as number })
      await expect(judged).rejects.toMatchObject({ code: 'argument_invalid', argument: 'expiresIn' })
    },
  )

  it.each(['', undefined, null, 7])('a value for purpose %j', async (purpose) => {
    await expect(sealed('a', { purpose: purpose as string })).rejects.toMatchObject({ argument: 'purpose' })
    await expect(opened(await sealed('a'), { purpose: purpose as string })).rejects.toMatchObject({
      argument: 'purpose',
    })
  })

  it.each([undefined, null, 5, 'text'])('anything with %j for params', async (none) => {
    await expect(seal('a', none as never)).rejects.toMatchObject({ argument: 'expiresIn' })
    await expect(open(await sealed('a'), none as never)).rejects.toMatchObject({ argument: 'purpose' })
  })

  it('a value that is no JSON', async () => {
    const circle: Record<string, unknown> = {}
    circle['self'] = circle
    for (const value of [circle, 1n]) await expect(sealed(value)).rejects.toMatchObject({ argument: 'value' })
  })
})

it('a value is sealed with the randomness that is given', async () => {
  const random = (bytes: Uint8Array) => bytes.fill(1)
  const [one, other] = await Promise.all([1, 2].map(() => seal('a', params, { random, now: now * 1000 })))
  expect(one).toBe(other)
})
