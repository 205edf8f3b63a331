import { packageBuild } from '../../build.config.base.js'

export default packageBuild(['node'])
