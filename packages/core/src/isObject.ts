import type { JsonObject } from './types.js'

/**
 * Tells whether a parsed JSON value is an object, and no array.
 *
 * @param value - what `JSON.parse` gave
 * @returns true, and the value's type is narrowed
 */
export const isObject = (value: unknown): value is JsonObject =>
  typeof value == 'object' && value !== null && !Array.isArray(value)
