/** What the sealed text of a transaction is bound to: no other provider's or application's transaction opens in its place. */
export const transactionPurpose = (owner: string): string => `transaction ${owner}`
