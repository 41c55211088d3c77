// A GraphQL target answers when an operation has no errors and what is asserted of its answer holds.
import { assertHostAllowed } from '@supergraph/chassis/addresses';
import { request } from 'undici';
import { z } from 'zod';
import { firstFailure } from '../expectations/assertions.ts';
import { certificateMeasurements, demandDaysLeft } from './certificates.ts';
import { ProbeFailure } from './failures.ts';
import { boundedText, guardedAgent } from './http.ts';
import type { Probe } from './probe.ts';
import type { Target } from './reaching.ts';
import type { SettingsOf } from './settings.ts';

/** The shape of an answer: https://spec.graphql.org/October2021/#sec-Response-Format */
const answered = z.object({
  data: z.unknown(),
  errors: z.array(z.object({ message: z.string() })).optional(),
});

/** GraphQL over HTTP: a POST, over a new connection each time. */
export function graphqlProbe(target: Target, settings: SettingsOf<'GRAPHQL'>): Probe {
  const { document, variables, assertions, certificateDays } = settings;
  const body = JSON.stringify({ query: document, ...(variables && { variables: JSON.parse(variables) }) });
  const headers = {
    'user-agent': 'SystemHealth/1 (uptime check)',
    accept: 'application/graphql-response+json, application/json;q=0.9',
    'content-type': 'application/json',
    ...target.headers,
  };
  return {
    async ask(signal) {
      assertHostAllowed(target.url, target.guard);
      const agent = guardedAgent(target);
      try {
        const { dispatcher } = agent;
        const response = await request(target.url, { method: 'POST', body, headers, dispatcher, signal });
        const shown = agent.certificate();
        const measurements = shown === null ? [] : certificateMeasurements(shown, Date.now());
        const text = await boundedText(response, measurements);
        const { errors } = readAnswer(text, response.statusCode);
        if (errors?.[0]) throw new ProbeFailure('the answer has errors', measurements);
        const failure = firstFailure(assertions, { body: text });
        if (failure !== null) throw new ProbeFailure(failure, measurements);
        if (certificateDays !== null) {
          if (shown === null) throw new ProbeFailure('no certificate was shown', measurements);
          demandDaysLeft(shown, { least: certificateDays, now: Date.now(), measurements });
        }
        return { message: null, measurements };
      } finally {
        await agent.destroy();
      }
    },
    close: async () => undefined,
  };
}

function readAnswer(text: string, status: number): z.infer<typeof answered> {
  try {
    return answered.parse(JSON.parse(text));
  } catch {
    throw new ProbeFailure(`no GraphQL answer, HTTP status ${status}`);
  }
}
