import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createStore } from './createStore.js'

describe('the store', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('gives back what it was given until it expires, and a minute more', async () => {
    const store = createStore()('AccessToken')
    await store.upsert('a', { iat: 1 }, 100)
    await store.upsert('b', { iat: 2 })
    vi.advanceTimersByTime(159_000)
    expect(await store.find('a')).toEqual({ iat: 1 })
    vi.advanceTimersByTime(1000)
    expect(await store.find('a')).toBeUndefined()
    expect(await store.find('b')).toEqual({ iat: 2 })
  })

  it('keeps models apart, and stores apart', async () => {
    const [one, two] = [createStore(), createStore()]
    await one('AccessToken').upsert('a', {}, 100)
    expect(await one('AccessToken').find('a')).toEqual({})
    expect(await one('RefreshToken').find('a')).toBeUndefined()
    expect(await two('AccessToken').find('a')).toBeUndefined()
  })

  it('drops what has expired when it grows', async () => {
    const store = createStore()('Session')
    for (let index = 0; index < 499; index++) await store.upsert(`s${index}`, { uid: `u${index}` }, 1)
    vi.advanceTimersByTime(62_000)
    await store.upsert('new', { uid: 'u1' }, 1)
    expect(await store.findByUid('u2')).toBeUndefined()
    expect(await store.findByUid('u1')).toEqual({ uid: 'u1' })
  })

  it('finds by the second names', async () => {
    const store = createStore()('DeviceCode')
    await store.upsert('a', { userCode: 'WDJB-MJHT' }, 100)
    expect(await store.findByUserCode('WDJB-MJHT')).toEqual({ userCode: 'WDJB-MJHT' })
    expect(await store.findByUserCode('other')).toBeUndefined()
    expect(await store.findByUid('other')).toBeUndefined()
  })

  it('marks what was used, removes what is done, and revokes a grant with all that hangs on it', async () => {
    const store = createStore()('RefreshToken')
    for (const id of ['a', 'b', 'c']) await store.upsert(id, { grantId: id === 'c' ? 'two' : 'one' }, 100)
    await store.consume('a')
    await store.consume('unknown')
    expect(await store.find('a')).toMatchObject({ consumed: Math.floor(Date.now() / 1000) })
    await store.destroy('b')
    expect(await store.find('b')).toBeUndefined()
    await store.revokeByGrantId('one')
    expect(await store.find('a')).toBeUndefined()
    expect(await store.find('c')).toEqual({ grantId: 'two' })
  })
})
