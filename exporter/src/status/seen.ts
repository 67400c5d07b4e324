/** When something was seen: on the wall clock for people, on the monotonic clock for ages; milliseconds. */
export interface Seen {
  readonly at: number;
  readonly monotonic: number;
}
