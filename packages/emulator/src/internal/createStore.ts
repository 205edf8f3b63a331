/** What the engine stores: plain data that it gives back later. */
type Payload = Record<string, unknown> & {
  readonly grantId?: string
  readonly uid?: string
  readonly userCode?: string
}

interface Entry {
  readonly payload: Payload
  readonly expiresAt: number
}

/** The adapter of one model of the engine. */
export interface Store {
  upsert(id: string, payload: Payload, expiresIn?: number): Promise<void>
  find(id: string): Promise<Payload | undefined>
  findByUid(uid: string): Promise<Payload | undefined>
  findByUserCode(userCode: string): Promise<Payload | undefined>
  consume(id: string): Promise<void>
  destroy(id: string): Promise<void>
  revokeByGrantId(grantId: string): Promise<void>
}

/** A model is swept when it has grown by this many entries, so that a long-running emulator stays small. */
const SWEEP_EVERY = 500

/** The engine compares times with a tolerance of its own; what it may still ask for is kept that much longer. */
const GRACE_SECONDS = 60

/**
 * Makes the storage of one engine: all in memory, nothing shared with another emulator in the same process, expired
 * entries dropped, which the engine's own development adapter (it prints a warning) does with one store for all.
 */
export function createStore(): (model: string) => Store {
  const models = new Map<string, Map<string, Entry>>()
  return (model) => {
    const entries = models.get(model) ?? new Map<string, Entry>()
    models.set(model, entries)
    // Every use of a session-bound token asks for its session by uid: too often for a walk through all entries.
    const uids = new Map<string, string>()
    let written = 0
    const sweep = (): void => {
      for (const [id, { expiresAt }] of entries) if (expiresAt <= Date.now()) entries.delete(id)
      for (const [uid, id] of uids) if (!entries.has(id)) uids.delete(uid)
    }
    const live = (id: string): Payload | undefined => {
      const entry = entries.get(id)
      return entry && entry.expiresAt > Date.now() ? entry.payload : undefined
    }
    return {
      upsert: async (id, payload, expiresIn) => {
        if (++written % SWEEP_EVERY === 0) sweep()
        const expiresAt = expiresIn === undefined ? Infinity : Date.now() + (expiresIn + GRACE_SECONDS) * 1000
        entries.set(id, { payload, expiresAt })
        if (payload.uid !== undefined) uids.set(payload.uid, id)
      },
      find: async (id) => live(id),
      findByUid: async (uid) => live(uids.get(uid) ?? ''),
      findByUserCode: async (userCode) => {
        for (const id of entries.keys()) if (live(id)?.userCode === userCode) return live(id)
        return undefined
      },
      consume: async (id) => {
        const payload = live(id)
        if (payload) payload['consumed'] = Math.floor(Date.now() / 1000)
      },
      destroy: async (id) => {
        entries.delete(id)
      },
      revokeByGrantId: async (grantId) => {
        for (const [id, { payload }] of entries) if (payload.grantId === grantId) entries.delete(id)
      },
    }
  }
}
