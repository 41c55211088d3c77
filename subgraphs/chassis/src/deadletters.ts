// What an operator can do about events that failed for good: look, replay, drop. Letters are taken without
// acknowledgement while it looks, and go back unless one was acted on, so nothing is lost on the way.
import type { Channel, SyncMessage } from 'rabbitmq-client';
import type { Broker } from './broker.ts';
import { type Delivery, deliveryOf } from './delivery.ts';

export interface DeadLetter {
  /** The event's id; for a message that named none, a hash of its body. */
  id: string;
  /** Why it failed at last. */
  reason: string | null;
  attempts: number;
  firstFailedAt: Date | null;
}

export interface InspectedDeadLetter extends DeadLetter {
  /** The message's body as it arrived; an event, unless it was invalid. */
  body: string;
}

export interface DeadLetters {
  /** The oldest letters, at most `limit` (default 100, at most 1,000). */
  list(options?: { limit?: number }): Promise<DeadLetter[]>;
  /** One letter with its body, or null when it is not there. */
  inspect(id: string): Promise<InspectedDeadLetter | null>;
  /** Gives one letter back to the work queue, as new. False when it is not there. */
  replay(id: string): Promise<boolean>;
  /** Gives back all letters that were there when it began, at most 1,000. Returns how many. */
  replayAll(): Promise<number>;
  /** Deletes one letter. False when it is not there. */
  drop(id: string): Promise<boolean>;
}

const mostLetters = 1_000;

/** All methods see the oldest 1,000 letters and throw while RabbitMQ is away. */
export function openDeadLetters(broker: Broker): DeadLetters {
  const { workQueue, deadQueue } = broker.topology;
  // Two at once would hide letters from each other.
  let turn: Promise<unknown> = Promise.resolve();

  const withLetters = <T>(limit: number, work: (letters: Letter[]) => Promise<T>): Promise<T> => {
    const result = turn.then(async () => {
      const channel = await broker.connection.acquire();
      try {
        // Where nothing has failed yet the queue may not be there.
        await broker.declareQueues();
        const letters = await take(channel, { queue: deadQueue, limit });
        const answer = await work(letters);
        for (const letter of letters) if (!letter.isDone) letter.putBack();
        return answer;
      } finally {
        // Whatever is not acknowledged by now returns to the queue with the channel.
        await channel.close();
      }
    });
    turn = result.catch(() => undefined);
    return result;
  };

  const giveBack = async ({ delivery: { messageId, body, contentType }, finish }: Letter) => {
    await broker.send(workQueue, { messageId, body, ...(contentType === undefined ? {} : { contentType }) });
    // Dying here leaves it in both queues; the inbox makes the second a duplicate.
    finish();
  };

  const onOne = <T>(id: string, act: (letter: Letter) => Promise<T>): Promise<T | null> =>
    withLetters(mostLetters, async (letters) => {
      const letter = letters.find(({ delivery }) => delivery.messageId === id);
      return letter === undefined ? null : act(letter);
    });

  return {
    list({ limit = 100 } = {}) {
      return withLetters(Math.min(limit, mostLetters), async (letters) => letters.map(summary));
    },
    inspect: (id) =>
      onOne(id, async (letter) => ({ ...summary(letter), body: letter.delivery.body.toString('utf8') })),
    async replay(id) {
      return (await onOne(id, giveBack)) !== null;
    },
    replayAll() {
      return withLetters(mostLetters, async (letters) => {
        for (const letter of letters) await giveBack(letter);
        return letters.length;
      });
    },
    async drop(id) {
      return (await onOne(id, async ({ finish }) => finish())) !== null;
    },
  };
}

interface Letter {
  readonly delivery: Delivery;
  isDone: boolean;
  finish(): void;
  putBack(): void;
}

async function take(channel: Channel, { queue, limit }: { queue: string; limit: number }): Promise<Letter[]> {
  const letters: Letter[] = [];
  while (letters.length < limit) {
    const message: SyncMessage | undefined = await channel.basicGet({ queue });
    if (message === undefined) break;
    const { deliveryTag } = message;
    const letter: Letter = {
      delivery: deliveryOf(message),
      isDone: false,
      finish() {
        channel.basicAck({ deliveryTag });
        letter.isDone = true;
      },
      putBack: () => channel.basicNack({ deliveryTag, requeue: true }),
    };
    letters.push(letter);
  }
  return letters;
}

function summary({ delivery: { messageId, reason, attempts, firstFailedAt } }: Letter): DeadLetter {
  return { id: messageId, reason, attempts, firstFailedAt };
}
