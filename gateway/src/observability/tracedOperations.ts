import type { Tracing } from '@supergraph/chassis/tracing';
import type { Operations } from '../operations.ts';

/** Operations each of which is a trace of its own when it runs: for those that come over one long connection. */
export function tracedOperations<Traced extends Pick<Operations, 'execute'>>(
  operations: Traced,
  tracing: Pick<Tracing, 'serve'>,
): Traced {
  return {
    ...operations,
    execute(prepared, gone) {
      const { operation } = prepared.request.operation;
      return tracing.serve({ name: `${operation} over WebSocket`, carrier: {} }, () =>
        operations.execute(prepared, gone),
      );
    },
  };
}
