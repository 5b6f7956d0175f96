import type { Grid, SurfaceSet } from '../types.js'

/** `size` values of each axis (all of a shorter one), evenly spread from the first to the last. */
export function subGrid(grid: Grid, size: number): Grid {
  return { t0: spread(grid.t0, size), theta: spread(grid.theta, size) }
}

function spread(axis: readonly number[], size: number): number[] {
  if (size >= axis.length) return [...axis]
  return Array.from({ length: size }, (_, i) => axis[Math.round((i * (axis.length - 1)) / (size - 1))])
}

/** The surfaces on some of their cells. @param grid its values are all in the set's grid */
export function restrictToGrid(set: SurfaceSet, grid: Grid): SurfaceSet {
  const cells = grid.t0.flatMap((t0) =>
    grid.theta.map((theta) => set.grid.t0.indexOf(t0) * set.grid.theta.length + set.grid.theta.indexOf(theta)),
  )
  const pick = (values: Float32Array) => Float32Array.from(cells, (cell) => values[cell])
  return {
    ...set,
    grid,
    surfaces: set.surfaces.map((surface) => ({
      ...surface,
      quality: pick(surface.quality),
      selfBleu: pick(surface.selfBleu),
    })),
  }
}
