import type { Tracing } from '@supergraph/chassis/tracing';
import type { Operations, PreparedOperation } from '../operations.ts';

type Answering = Pick<Operations, 'execute' | 'executeInParts'>;

/** Operations each of which is a trace of its own when it runs: for those that come over one long connection. */
export function tracedOperations<Traced extends Answering>(
  operations: Traced,
  tracing: Pick<Tracing, 'serve'>,
): Traced {
  function traced<T>({ request }: PreparedOperation, run: () => Promise<T>): Promise<T> {
    return tracing.serve({ name: `${request.operation.operation} over WebSocket`, carrier: {} }, run);
  }
  return {
    ...operations,
    execute: (prepared, gone) => traced(prepared, () => operations.execute(prepared, gone)),
    executeInParts: (prepared, delivery) =>
      traced(prepared, () => operations.executeInParts(prepared, delivery)),
  };
}
