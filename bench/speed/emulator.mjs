// The other side of the load: a GenAuth in a process of its own. Ends with its parent.
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const [folder] = process.argv.slice(2)
const path = createRequire(`${folder}/application.js`).resolve('@genauth-oidc/emulator')
const { startEmulator } = await import(pathToFileURL(path).href)
// A refresh token that stays good is what lets a thousand flows be ready at once.
const emulator = await startEmulator({ rotate: false })
process.send(emulator.config)
process.on('disconnect', () => void emulator.stop().then(() => process.exit()))
