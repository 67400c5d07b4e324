/**
 * Upper bounds of every duration histogram, in seconds. 10, 15, 30, 60 and 300 are thresholds that users alert
 * on and must be bounds; above 60 the steps are small because video models live there, and because a pile of
 * client time-outs at 600 s must not read as a P95 of half an hour.
 */
export const DURATION_BOUNDS: readonly number[] = [
  0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1, 1.5, 2, 3, 4, 6, 8, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 300, 450,
  600, 900, 1200, 1800, 3600,
];
