// The operator's hands on dead letters: whoever may reach the broker may use them.
import type { Logger } from 'pino';
import { type Broker, openBroker } from './broker.ts';
import { chassisConfig, readConfig } from './config.ts';
import { type DeadLetters, openDeadLetters } from './deadletters.ts';

export interface DeadLetterCommand {
  /** What follows the program's name: a service, what to do, and to which letter. */
  words: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  logger: Logger;
  /** Takes one line of the answer. */
  print: (line: string) => void;
}

const config = chassisConfig.pick({ NAMESPACE: true, AMQP_URL: true });

const usage = `Usage: SERVICE ACTION
  list             the oldest hundred, one JSON object a line
  inspect ID       one with its body
  replay ID        gives one back to the service, as new
  replay-all       gives back all, at most a thousand
  drop ID          deletes one`;

/** Does what was asked. Gives the exit code: 0 done, 1 there is no such letter or service, 2 not understood. */
export async function runDeadLetterCommand({
  words,
  env,
  logger,
  print,
}: DeadLetterCommand): Promise<number> {
  const [service = '', name = '', id] = words;
  const action = actions.get(name);
  if (service === '' || action === undefined || action.takesId !== (id !== undefined)) {
    print(usage);
    return 2;
  }
  const { NAMESPACE: namespace, AMQP_URL: url } = readConfig(config, { service: 'dead-letters', env });
  const broker = openBroker({ url, namespace, service, logger });
  try {
    if (!(await isThere(broker))) {
      print(`There is no service ${service} in ${namespace}: nothing has declared its queues.`);
      return 1;
    }
    const isDone = await action.act(openDeadLetters(broker), { id: id ?? '', print });
    if (!isDone) print(`There is no dead letter ${id}.`);
    return isDone ? 0 : 1;
  } finally {
    await broker.close();
  }
}

interface Action {
  takesId: boolean;
  /** False when the letter is not there. */
  act(letters: DeadLetters, given: { id: string; print: (line: string) => void }): Promise<boolean>;
}

const actions = new Map<string, Action>([
  [
    'list',
    {
      takesId: false,
      async act(letters, { print }) {
        for (const letter of await letters.list()) print(JSON.stringify(letter));
        return true;
      },
    },
  ],
  [
    'inspect',
    {
      takesId: true,
      async act(letters, { id, print }) {
        const letter = await letters.inspect(id);
        if (letter !== null) print(JSON.stringify(letter, null, 2));
        return letter !== null;
      },
    },
  ],
  ['replay', { takesId: true, act: (letters, { id }) => letters.replay(id) }],
  [
    'replay-all',
    {
      takesId: false,
      async act(letters, { print }) {
        print(`${await letters.replayAll()} given back`);
        return true;
      },
    },
  ],
  ['drop', { takesId: true, act: (letters, { id }) => letters.drop(id) }],
]);

/** Asked before anything is declared, so that a mistyped name makes no queues. */
async function isThere({ connection, topology }: Broker): Promise<boolean> {
  try {
    await connection.queueDeclare({ queue: topology.workQueue, passive: true });
    return true;
  } catch (error) {
    if (error instanceof Error && Reflect.get(error, 'code') === 'NOT_FOUND') return false;
    throw new Error('RabbitMQ (AMQP_URL) does not answer.', { cause: error });
  }
}
