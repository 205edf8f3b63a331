// Fails while the packages can't be published: asked first by "npm run release", before the tests take their time.
import { packageNames, readManifest, unpublishable } from './internal/workspace.mjs'

const missing = unpublishable(packageNames().map((name) => readManifest(name)))
if (missing.length > 0) {
  console.error(
    `Set "repository" in the package.json of ${missing.join(', ')} first: npm signs provenance only for a package that names the repository it is built from.`,
  )
  process.exitCode = 1
}
