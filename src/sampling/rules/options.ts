import { InvalidOptionError } from '../../errors.js'

/** @throws {InvalidOptionError} unless `value` is a finite number ≥ `lowest` */
export function requireAtLeast(lowest: number, option: string, value: unknown): void {
  if (typeof value !== 'number' || !Number.isFinite(value) || value < lowest) {
    throw new InvalidOptionError(option, `a finite number ≥ ${lowest}`, value)
  }
}

/** @throws {InvalidOptionError} unless `value` is a finite number > 0 */
export function requirePositive(option: string, value: unknown): void {
  if (typeof value !== 'number' || !Number.isFinite(value) || value <= 0) {
    throw new InvalidOptionError(option, 'a finite number > 0', value)
  }
}
