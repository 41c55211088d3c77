// Asking another subgraph for what must be kept nowhere on its way, by RabbitMQ's request and reply. Facts are events, which
// stay in outboxes for days and may wait; a question is answered now or not at all.
import type { AsyncMessage, Connection } from 'rabbitmq-client';
import { serviceUnavailable } from './errors.ts';
import type { Service, Worker } from './service.ts';
import { questionQueueOf } from './topology.ts';

export interface Questions {
  /**
   * Asks one subgraph, and waits for one of its copies to answer.
   * @throws PlatformError SERVICE_UNAVAILABLE when none does in time, or it can't
   */
  ask(subgraph: string, question: object): Promise<unknown>;
}

export interface QuestionOptions {
  connection: Connection;
  namespace: string;
  /** How long an answer may take. Default 5,000. */
  timeoutMs?: number;
}

/** Most questions that one copy answers at once. */
const concurrency = 4;

export function openQuestions({
  connection,
  namespace,
  timeoutMs = 5_000,
}: QuestionOptions): Questions & { close(): Promise<void> } {
  const client = connection.createRPCClient({ timeout: timeoutMs });
  return {
    async ask(subgraph, question) {
      const answered = await client
        .send({ routingKey: questionQueueOf({ namespace, service: subgraph }).queue }, question)
        .catch((cause: unknown) => {
          throw unanswered(subgraph, cause);
        });
      const { headers } = answered;
      if (headers?.['x-failed'] === true)
        throw unanswered(subgraph, new Error('It answered that it failed.'));
      return answered.body;
    },
    close: () => client.close(),
  };
}

/** Answers what the others ask of this service. */
export function answerQuestions({
  connection,
  namespace,
  service: { name, logger },
  answer,
}: Pick<QuestionOptions, 'connection' | 'namespace'> & {
  service: Pick<Service<unknown, unknown>, 'name' | 'logger'>;
  answer(question: unknown): Promise<object>;
}): Worker {
  const { queue, ...queueOptions } = questionQueueOf({ namespace, service: name });
  let consumer: ReturnType<Connection['createConsumer']> | undefined;
  const handle = async (
    { body }: AsyncMessage,
    reply: (body: object, envelope?: object) => Promise<void>,
  ): Promise<void> => {
    try {
      await reply(await answer(body));
    } catch (error) {
      logger.error({ err: error }, 'a question was not answered');
      await reply({}, { headers: { 'x-failed': true } });
    }
  };
  return {
    name: 'answers',
    async start() {
      consumer = connection.createConsumer(
        {
          ...{ queue, queueOptions },
          // Questions that nobody took in time expire by themselves.
          ...{ concurrency, qos: { prefetchCount: concurrency }, noAck: true },
        },
        handle,
      );
      consumer.on('error', (error: unknown) => logger.warn({ err: error }, 'questions are not heard'));
    },
    async stop() {
      const closing = consumer?.close();
      if (connection.ready) return closing;
      // It would first wait for a connection that nobody needs any more.
      closing?.catch(() => undefined);
    },
  };
}

function unanswered(subgraph: string, cause: unknown) {
  return serviceUnavailable(`${subgraph} does not answer right now. Try again in a moment.`, { cause });
}
