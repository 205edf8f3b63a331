export { default } from '../../build.config.base.js'
