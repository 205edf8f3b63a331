import { createHash } from 'node:crypto'
import type { Settings } from './resolveOptions.js'

/** The scopes of GenAuth and the claims that each opens. */
export const SCOPE_CLAIMS: Readonly<Record<string, readonly string[]>> = {
  openid: ['sub'],
  profile: [
    'birthdate',
    'family_name',
    'gender',
    'given_name',
    'locale',
    'middle_name',
    'name',
    'nickname',
    'picture',
    'preferred_username',
    'profile',
    'updated_at',
    'website',
    'zoneinfo',
  ],
  email: ['email', 'email_verified'],
  phone: ['phone_number', 'phone_number_verified'],
  address: ['address'],
  username: ['username'],
  roles: ['roles'],
  external_id: ['external_id'],
  extended_fields: ['extended_fields'],
  unionid: ['unionid'],
  tenant_id: ['tenant_id'],
}

/** A user of the emulator. */
export interface User {
  readonly name: string
  readonly sub: string
  readonly claims: Readonly<Record<string, unknown>>
}

/** Everybody who has signed in since the emulator started. */
export interface Users {
  /** Signs a name in; the same name is the same user. */
  signIn(name: string): User
  /** The user of a `sub`. */
  find(sub: string): User | undefined
}

/** GenAuth's user ids are 24 hexadecimal digits; derived from the name, so that a restart knows the same people. */
const subOf = (name: string): string => createHash('sha256').update(name).digest('hex').slice(0, 24)

// What GenAuth does not know about a user is null, not absent, and updated_at is a string where OIDC asks for a number.
const claimsOf = (name: string): Record<string, unknown> => ({
  birthdate: null,
  family_name: null,
  gender: 'U',
  given_name: null,
  locale: null,
  middle_name: null,
  name: null,
  nickname: null,
  picture: 'https://files.authing.co/authing-console/default-user-avatar.png',
  preferred_username: name,
  profile: null,
  updated_at: '2021-03-03T06:17:14.485Z',
  website: null,
  zoneinfo: null,
  email: name.includes('@') ? name : `${encodeURIComponent(name)}@example.com`,
  email_verified: false,
  phone_number: null,
  phone_number_verified: false,
  address: { country: null, postal_code: null, region: null, formatted: null },
  username: name,
  roles: [],
  external_id: null,
  extended_fields: {},
  unionid: null,
  tenant_id: null,
})

/** Makes the list of users: empty, since any name can sign in. */
export function createUsers({ claims }: Pick<Settings, 'claims'>): Users {
  const users = new Map<string, User>()
  return {
    signIn: (name) => {
      const all = { ...claimsOf(name), ...claims(name) }
      const sub = typeof all['sub'] === 'string' && all['sub'] ? all['sub'] : subOf(name)
      const user = { name, sub, claims: { ...all, sub } }
      users.set(sub, user)
      return user
    },
    find: (sub) => users.get(sub),
  }
}
