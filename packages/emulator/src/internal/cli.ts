import { runCommand } from './runCommand.js'

const running = await runCommand(process.argv.slice(2), {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
})

if (typeof running === 'number') {
  process.exitCode = running
} else {
  // Once: a second Ctrl+C ends a process that does not stop.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void running.stop())
}
