import type { Measured } from './observation.ts';
import type { RequestPart } from './request-part.ts';

/** How long files were on their way: files that go at the same time count once. */
export class UploadTime {
  #running = 0;
  #runningSince = 0;
  #seconds = 0;
  #from: number | undefined;
  #to: number | undefined;

  add({ kind, at }: { readonly kind: 'upload_started' | 'upload_ended'; readonly at: number }): void {
    if (kind === 'upload_started') {
      if (this.#running === 0) this.#runningSince = at;
      this.#running += 1;
      this.#from ??= at;
      return;
    }
    if (this.#running === 0) return;
    this.#running -= 1;
    this.#to = at;
    if (this.#running === 0) this.#seconds += Math.max(0, at - this.#runningSince);
  }

  /** Known once every file that began is there or failed. */
  get measured(): Measured | undefined {
    return this.#from === undefined || this.#running > 0
      ? undefined
      : { seconds: this.#seconds, certainty: 'exact' };
  }

  get part(): RequestPart | undefined {
    return this.#from === undefined || this.#to === undefined
      ? undefined
      : { name: 'upload', from: this.#from, to: this.#to, certainty: 'exact' };
  }
}
