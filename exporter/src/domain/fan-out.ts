import type { DomainEvent, EventSink } from './events.ts';

/**
 * One sink in front of many, in the order given. What one of them throws is told and kept from the others and
 * from whoever measured.
 */
export function fanOut(
  sinks: readonly EventSink[],
  onTrouble: (message: string, error: unknown) => void,
): EventSink {
  return (event: DomainEvent) => {
    for (const sink of sinks) {
      try {
        sink(event);
      } catch (error) {
        onTrouble(`an event (${event.kind}) was not taken by everyone`, error);
      }
    }
  };
}
