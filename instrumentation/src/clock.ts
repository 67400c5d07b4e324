/** The two clocks of the app side. */
export interface TelemetryClock {
  /** Seconds that never go back; only differences mean anything. */
  monotonic(): number;
  /** Milliseconds since 1970, for the times of spans. */
  wall(): number;
}

/** The clocks of the runtime: `performance` where there is one, which is everywhere that the client runs. */
export const systemClock: TelemetryClock = {
  monotonic: () => performance.now() / 1000,
  wall: () => Date.now(),
};
