/** Says that a client has no function for what a run needs. */
export class Unsupported extends Error {}
