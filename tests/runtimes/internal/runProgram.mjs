// Programs that a run starts: each in a group of its own, so that what it starts itself ends with it.
import { spawn } from 'node:child_process'

/**
 * Starts a program.
 *
 * @returns `died`, which says how it ended when it did; `said`, all of its output; `stop`
 */
export function startProgram(command, args, { cwd, env = {} } = {}) {
  const own = Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_OPTIONS|VITEST)/i.test(name))
  const child = spawn(command, args, {
    cwd,
    env: { ...Object.fromEntries(own), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  let said = ''
  child.stdout.on('data', (data) => (said += data))
  child.stderr.on('data', (data) => (said += data))
  let over = false
  const died = new Promise((resolve) => {
    const end = (how) => {
      over = true
      resolve(`${how}${said.trim() ? `, saying:\n${said.trim().split('\n').slice(-20).join('\n')}` : ''}`)
    }
    child.on('error', (error) => end(error.message))
    child.on('close', (code, signal) => end(`it ended with ${signal ?? code}`))
  })
  return {
    died,
    said: () => said,
    async stop() {
      if (over || child.pid === undefined) return
      const signal = (name) => {
        try {
          process.kill(-child.pid, name)
        } catch {}
      }
      signal('SIGTERM')
      const timer = setTimeout(() => signal('SIGKILL'), 3000)
      await died
      clearTimeout(timer)
      // Those of the group that outlived it.
      signal('SIGKILL')
    },
  }
}

/** Runs a program to its end and gives what it said, or undefined when it can't be run. */
export async function output(command, ...args) {
  const program = startProgram(command, args)
  const how = await program.died
  return how.startsWith('it ended with 0') ? program.said().trim() : undefined
}
