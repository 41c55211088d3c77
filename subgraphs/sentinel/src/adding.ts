// More to do about an event that something is done about already, in the same transaction.
import type { EventHandlers, HandlerInput } from '@supergraph/chassis/event-handlers';
import type { EventType } from '@supergraph/chassis/events';
import type { Sentinel } from './context.ts';

export type Addition = (input: HandlerInput<Sentinel, EventType>) => Promise<void>;

/** The handlers, of which those of the given types do what is added after their own work. @throws for a type that has none */
export function adding(
  handlers: EventHandlers<Sentinel>,
  { types, addition }: { types: readonly EventType[]; addition: Addition },
): EventHandlers<Sentinel> {
  const added = types.map((type) => {
    const handler = handlers[type];
    if (handler === undefined || !('run' in handler)) throw new Error(`Nothing takes ${type} in steps.`);
    const { run } = handler;
    return [
      type,
      {
        ...handler,
        // Of one type: what `handlers` has for it takes its events, and so does the addition.
        run: ({ event, service, once }: Parameters<typeof run>[0]) =>
          (run as (input: Parameters<typeof run>[0]) => Promise<void>)({
            ...{ event, service },
            once: (effect: Parameters<typeof once>[0]) =>
              once(async (unit) => {
                await effect(unit);
                await addition({ event, service, ...unit } as HandlerInput<Sentinel, EventType>);
              }),
          } as Parameters<typeof run>[0]),
      },
    ];
  });
  return { ...handlers, ...Object.fromEntries(added) };
}
