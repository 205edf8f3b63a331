import type { Flow } from '../types.js'

/** A callback that reaches the config of one provider with the transaction of another. */
export const foreignTransaction: Flow = async (session, _, { another, browse, connect, params }) => {
  const { complete } = await session.begin(params)
  const other = await (await connect(another())).begin(params)
  return complete(await browse(other.url))
}
