import type { AnyModule, Module, Profile, ResponseType, Variant } from './types.js'

const implicit = ['id_token', 'id_token token'] as const
const hybrid = ['code id_token', 'code token', 'code id_token token'] as const
export const allTypes = ['code', ...implicit, ...hybrid] as const

/** What each profile asks for. */
const grid: Readonly<Record<Profile, readonly [readonly ResponseType[], ('form_post' | undefined)?]>> = {
  Basic: [['code']],
  Implicit: [implicit],
  Hybrid: [hybrid],
  'Form Post (Basic)': [['code'], 'form_post'],
  'Form Post (Implicit)': [implicit, 'form_post'],
  'Form Post (Hybrid)': [hybrid, 'form_post'],
  Config: [['code']],
  Comprehensive: [allTypes],
  Refresh: [['code']],
  'RP-initiated logout': [['code']],
  'Back-channel logout': [['code']],
  'Front-channel logout': [['code']],
  'Third-party-initiated login': [['code']],
  'FAPI 2': [['code']],
  'FAPI 2, message signing': [['code']],
  Own: [allTypes],
}

export const everySignIn: readonly Profile[] = [
  'Basic',
  'Implicit',
  'Hybrid',
  'Form Post (Basic)',
  'Form Post (Implicit)',
  'Form Post (Hybrid)',
]
export const withFrontChannel: readonly Profile[] = ['Implicit', 'Hybrid', 'Form Post (Implicit)', 'Form Post (Hybrid)']
export const withCode: readonly Profile[] = ['Basic', 'Hybrid', 'Form Post (Basic)', 'Form Post (Hybrid)']
export const hybridAlone: readonly Profile[] = ['Hybrid', 'Form Post (Hybrid)']

/** Response types whose ID token comes through the browser. */
export const frontIdToken = ['id_token', 'id_token token', 'code id_token', 'code id_token token'] as const
/** Response types that end with an access token. */
export const accessTokenTypes = ['code', 'id_token token', ...hybrid] as const
/** Response types with a code. */
export const codeTypes = ['code', ...hybrid] as const

export const applies = (module: AnyModule): module is Module => !('reason' in module)

const fapiOf: Partial<Record<Profile, 'plain' | 'signed'>> = {
  'FAPI 2': 'plain',
  'FAPI 2, message signing': 'signed',
}

/** The variants in which a module runs in one of its profiles, algorithms included. */
export function variantsOf(module: Module, profile: Profile): Variant[] {
  const [types, mode] = grid[profile]
  const modes = module.responseModes ?? [mode]
  const fapi = module.fapi ?? fapiOf[profile]
  const algs = module.algs ?? (fapi ? (['PS256', 'ES256'] as const) : (['HS256', 'RS256', 'ES256'] as const))
  return types
    .filter((type) => module.responseTypes?.includes(type) ?? true)
    .flatMap((responseType) =>
      modes.flatMap((responseMode) => algs.map((alg) => ({ responseType, responseMode, alg, fapi }))),
    )
}

/** All profiles, in the order of the suite's pages. */
export const profileNames = Object.keys(grid) as readonly Profile[]

/** The variants of a module in all its profiles, each once. */
export function casesOf(module: Module): Variant[] {
  const all = module.profiles.flatMap((profile) => variantsOf(module, profile))
  return [...new Map(all.map((variant) => [nameOf(variant), variant])).values()]
}

/** The way of a variant in words, whatever the algorithm is. */
export const wayOf = ({ responseType, responseMode, fapi }: Variant): string =>
  `${responseType}${responseMode ? ` by ${responseMode}` : ''}${fapi ? ` in FAPI 2${fapi === 'signed' ? ' with signed answers' : ''}` : ''}`

/** A variant in words; the same for the same variant. */
export const nameOf = (variant: Variant): string => `${wayOf(variant)}, ${variant.alg}`
