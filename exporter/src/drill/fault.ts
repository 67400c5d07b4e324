/** A fault that can be switched on and off again. */
export interface Fault {
  /** Switches it on. Rejects with a DrillError when that cannot be, or with the signal's reason. */
  start(signal: AbortSignal): Promise<void>;
  /** Switches it off, whether or not `start` came to its end. Rejects when that failed for good. */
  heal(): Promise<void>;
  /** Takes away what still shows that all is well. Never rejects. */
  close(): Promise<void>;
  /** What keeps its numbers from Prometheus, as far as it can tell. */
  trouble(): string | undefined;
}
