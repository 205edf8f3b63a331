import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** The documents and the sources, told without git: an archive has none. */
const texts = (folder = ''): string[] =>
  readdirSync(root + folder, { withFileTypes: true }).flatMap((entry) => {
    const path = folder + entry.name
    // What is installed, built or hidden was written elsewhere.
    if (entry.isDirectory()) return /^(\..*|node_modules|dist|coverage)$/.test(entry.name) ? [] : texts(`${path}/`)
    return /\.md$|^packages\/[^/]+\/src\/.*\.ts$/.test(path) ? [path] : []
  })

/** Every fenced block of TypeScript in documents and doc comments, under the name of a file beside where it stands. */
function snippets(): Map<string, string> {
  const found = new Map<string, string>()
  for (const path of texts()) {
    const text = readFileSync(root + path, 'utf8')
    for (const { index, 1: code = '' } of text.matchAll(/^[ *]*```ts\n([\s\S]*?)^[ *]*```$/gm))
      found.set(
        `${root}${path.replace(/[^/]*$/, '')}snippet-of-${path.split('/').pop()}-${text.slice(0, index).split('\n').length}.ts`,
        path.endsWith('.ts') ? code.replace(/^ *\* ?/gm, '') : code,
      )
  }
  return found
}

describe('the examples in documents and doc comments', () => {
  it('compile as they stand', () => {
    const files = snippets()
    expect(files.size).toBeGreaterThan(30)
    const { config } = ts.readConfigFile(`${root}tsconfig.json`, ts.sys.readFile) as { config: object }
    const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root)
    const host = ts.createCompilerHost(options)
    const { getSourceFile, fileExists, readFile } = host
    host.fileExists = (name) => files.has(name) || fileExists.call(host, name)
    host.readFile = (name) => files.get(name) ?? readFile.call(host, name)
    host.getSourceFile = (name, ...rest) => {
      const code = files.get(name)
      return code === undefined
        ? getSourceFile.call(host, name, ...rest)
        : ts.createSourceFile(name, `${code}\nexport {}`, ts.ScriptTarget.ES2022, true)
    }
    const program = ts.createProgram([...files.keys()], { ...options, noUnusedLocals: false }, host)
    const problems = [...files.keys()].flatMap((name) =>
      [
        ...program.getSyntacticDiagnostics(program.getSourceFile(name)),
        ...program.getSemanticDiagnostics(program.getSourceFile(name)),
      ].map(({ messageText }) => `${name.slice(root.length)}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`),
    )
    expect(problems).toEqual([])
  }, 60_000)
})
