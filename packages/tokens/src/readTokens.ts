/** Reads a token answer as every token function does, for a grant that is asked for elsewhere. */
export { readTokens } from './internal/readTokens.js'
