// Answers that are being fetched in this process: who wants the same waits for them instead of asking as well.
import { inTime } from '@supergraph/chassis/deadline';
import { TransientMap } from '@supergraph/chassis/transient';

export interface Flights {
  /** The answer under way with this key and stamp; undefined where there is none, so that the caller fetches it. */
  join(key: string, stamp: string): Promise<string | undefined> | undefined;
  /** Says that the caller fetches it. @returns how it lands: with a text, or with nothing that could be kept. */
  begin(key: string, stamp: string): (text: string | undefined) => void;
}

interface Flight {
  stamp: string;
  landed: Promise<string | undefined>;
}

/** @param options.patienceMs how long somebody else's fetch is waited for before a caller asks for itself */
export function createFlights({ patienceMs }: { patienceMs: number }): Flights {
  const flights = new TransientMap<string, Flight>();
  return {
    join(key, stamp) {
      const flight = flights.get(key);
      // One that began before a change brings what was before it.
      if (flight === undefined || flight.stamp !== stamp) return undefined;
      return inTime(flight.landed, { deadlineMs: patienceMs, otherwise: () => undefined });
    },
    begin(key, stamp) {
      let land: (text: string | undefined) => void = () => undefined;
      const landed = new Promise<string | undefined>((resolve) => {
        land = resolve;
      });
      const flight = { stamp, landed };
      flights.set(key, flight);
      return (text) => {
        if (flights.get(key) === flight) flights.delete(key);
        land(text);
      };
    },
  };
}
