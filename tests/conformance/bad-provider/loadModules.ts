import { readdirSync } from 'node:fs'
import type { AnyModule } from './types.js'

/** All modules, one file each: those modelled on the suite first, each part by name. */
export async function loadModules(): Promise<AnyModule[]> {
  const folder = new URL('modules/', import.meta.url)
  const files = readdirSync(folder).filter((file) => file.endsWith('.ts'))
  const modules = await Promise.all(
    files.map(async (file) => {
      const { module } = (await import(new URL(file, folder).href)) as { module: AnyModule }
      const short = module.name
        .replace('oidcc-client-test', 'suite')
        .replace('fapi2-security-profile-final-client-test', 'fapi2')
      if (short !== file.replace(/\.ts$/, '')) throw new Error(`${file} holds ${module.name}`)
      return module
    }),
  )
  const own = ({ profiles }: AnyModule) => Number(profiles.includes('Own'))
  return modules.sort((a, b) => own(a) - own(b) || (a.name < b.name ? -1 : 1))
}
