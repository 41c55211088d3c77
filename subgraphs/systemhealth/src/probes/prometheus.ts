// A Prometheus server is asked an instant query; every value must be as expected, and there must be one.
import { assertHostAllowed } from '@supergraph/chassis/addresses';
import { request } from 'undici';
import { z } from 'zod';
import { failureOf, holds } from '../expectations/comparisons.ts';
import { ProbeFailure } from './failures.ts';
import { boundedText, guardedAgent } from './http.ts';
import type { Probe } from './probe.ts';
import type { Target } from './reaching.ts';
import type { SettingsOf } from './settings.ts';

const sample = z.tuple([z.number(), z.string()]);

/** https://prometheus.io/docs/prometheus/latest/querying/api/#instant-queries */
const answered = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('success'),
    data: z.discriminatedUnion('resultType', [
      z.object({ resultType: z.literal('vector'), result: z.array(z.object({ value: sample })) }),
      z.object({ resultType: z.literal('scalar'), result: sample }),
    ]),
  }),
  z.object({ status: z.literal('error'), errorType: z.string().max(100) }),
]);

/** `target.url` is where the server's own path begins: `/api/v1/query` comes behind it. */
export function prometheusProbe(target: Target, settings: SettingsOf<'PROMETHEUS'>): Probe {
  const { query, comparison, value } = settings;
  const url = new URL(target.url);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/api/v1/query`;
  const body = new URLSearchParams({ query }).toString();
  const headers = {
    'user-agent': 'SystemHealth/1 (uptime check)',
    'content-type': 'application/x-www-form-urlencoded',
    ...target.headers,
  };
  return {
    async ask(signal) {
      assertHostAllowed(url, target.guard);
      const agent = guardedAgent(target);
      try {
        const { dispatcher } = agent;
        const response = await request(url, { method: 'POST', body, headers, dispatcher, signal });
        const values = readValues(await boundedText(response), response.statusCode);
        if (values.length === 0) throw new ProbeFailure('the query has no value');
        // NaN is no number to compare, and Prometheus writes +Inf and -Inf.
        const measurements = values
          .map((each) => Number(each))
          .filter(Number.isFinite)
          .slice(0, 1)
          .map((first) => ({ metric: 'prometheus_query_value', value: first }));
        const isExpected = values.every((each) => holds(each, comparison, String(value)));
        if (!isExpected)
          throw new ProbeFailure(failureOf('a value', comparison, String(value)), measurements);
        return { message: null, measurements };
      } finally {
        await agent.destroy();
      }
    },
    close: async () => undefined,
  };
}

function readValues(text: string, status: number): string[] {
  const answer = answered.safeParse(parsed(text)).data;
  if (answer === undefined) throw new ProbeFailure(`no answer of Prometheus, HTTP status ${status}`);
  if (answer.status === 'error') throw new ProbeFailure(`the query was refused: ${answer.errorType}`);
  const { data } = answer;
  const samples = data.resultType === 'scalar' ? [data.result] : data.result.map((each) => each.value);
  return samples.map(([, written]) => String(numberOf(written)));
}

function numberOf(written: string): number {
  return Number(written.replace(/^([+-]?)Inf$/, '$1Infinity'));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
