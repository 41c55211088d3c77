// What the gateway tells developers beside GraphQL: facts of the schema's fields, and plans that it does not run.

import { deadlineMs, sendSigned, type TokenSource } from '@supergraph/session/signed-requests';
import { z } from 'zod';
import { explainForeignAnswer, explainNoAnswer } from './failures.ts';

const names = z.array(z.string());

const schemaFacts = z.object({
  subgraphs: names,
  types: z.record(z.string(), names),
  fields: z.record(
    z.string(),
    z.object({
      subgraphs: names,
      takes: names,
      cost: z.object({
        weight: z.number().nullable(),
        assumedSize: z.number().nullable(),
        sizedBy: names,
      }),
    }),
  ),
});
export type SchemaFacts = z.infer<typeof schemaFacts>;

const fetchNode = z.object({
  kind: z.literal('Fetch'),
  index: z.number(),
  subgraph: z.string(),
  operation: z.string().nullable(),
  requires: z.string().nullable(),
  variables: names,
});
export type PlannedFetch = z.infer<typeof fetchNode>;

const planNode = z.discriminatedUnion('kind', [
  fetchNode,
  z.object({
    kind: z.enum(['Sequence', 'Parallel']),
    get nodes() {
      return z.array(planNode);
    },
  }),
  z.object({
    kind: z.literal('Flatten'),
    path: z.string(),
    get node() {
      return planNode;
    },
  }),
  z.object({
    kind: z.literal('Condition'),
    variable: z.string(),
    get ifTrue() {
      return z.nullable(planNode);
    },
    get ifFalse() {
      return z.nullable(planNode);
    },
  }),
  z.object({
    kind: z.literal('Subscription'),
    primary: fetchNode,
    get rest() {
      return z.nullable(planNode);
    },
  }),
  z.object({
    kind: z.literal('Defer'),
    get primary() {
      return z.nullable(planNode);
    },
    get deferred() {
      return z.array(
        z.object({ label: z.string().nullable(), path: z.string(), node: z.nullable(planNode) }),
      );
    },
  }),
]);
export type PlanNode = z.infer<typeof planNode>;

const deniedField = z.object({
  coordinate: z.string(),
  message: z.string(),
  line: z.number(),
  column: z.number(),
  length: z.number(),
});
export type DeniedField = z.infer<typeof deniedField>;

const operationReport = z.object({
  operation: z.object({
    type: z.enum(['query', 'mutation', 'subscription']),
    name: z.string().nullable(),
  }),
  plan: planNode.nullable(),
  denied: z.array(deniedField),
  cost: z.object({ estimated: z.number(), maximum: z.number() }),
});
export type OperationReport = z.infer<typeof operationReport>;

const refusedOperation = z.object({ errors: z.array(z.object({ message: z.string() })).min(1) });

/** An operation as it would be sent. */
export interface OperationText {
  query: string;
  operationName?: string | undefined;
  variables?: Record<string, unknown> | undefined;
}

export interface Developers {
  facts(): Promise<SchemaFacts>;
  /** How an operation would be served; it is not run. */
  inspect(operation: OperationText): Promise<OperationReport>;
}

/** Both reject with an error whose message is for people. @param origin of this page */
export function createDevelopers(origin: string, tokens: TokenSource): Developers {
  return {
    async facts() {
      const { ok, status, body } = await ask(tokens, `${origin}/graphql/facts`);
      const facts = ok ? schemaFacts.safeParse(parsed(body)) : undefined;
      if (facts?.success) return facts.data;
      throw new Error(explainForeignAnswer({ status, body }));
    },
    async inspect(operation) {
      const { status, body } = await ask(tokens, `${origin}/graphql/plan`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(operation),
      });
      const report = operationReport.safeParse(parsed(body));
      if (report.success) return report.data;
      const refused = refusedOperation.safeParse(parsed(body));
      throw new Error(
        refused.success
          ? refused.data.errors.map(({ message }) => message).join('\n')
          : explainForeignAnswer({ status, body }),
      );
    },
  };
}

async function ask(
  tokens: TokenSource,
  url: string,
  init?: RequestInit,
): Promise<{ ok: boolean; status: number; body: string }> {
  try {
    const response = await sendSigned(tokens, url, init);
    return { ok: response.ok, status: response.status, body: await response.text() };
  } catch (error) {
    throw new Error(explainNoAnswer(error, { deadlineMs }), { cause: error });
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
