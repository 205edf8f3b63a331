import type { Config } from './types.js'

/**
 * How far clocks may differ, in seconds. What is not a finite number from 0 on counts as 30, and 300 is the most, so
 * that a config which nobody parsed can't switch off a time check.
 *
 * @param config - any config
 * @returns seconds
 */
export const tolerance = ({ clockTolerance: s }: Config): number =>
  Number.isFinite(s) && s! >= 0 ? Math.min(s!, 300) : 30
