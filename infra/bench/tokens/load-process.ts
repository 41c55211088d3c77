// Asks a token endpoint on behalf of the benchmark: each connection sends its next request when it has its answer, and a
// refresh token's successor in the place of what it sent.
import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { type TokenLoad, type TokenLoadResult, tokenLoadShape } from './load.ts';

const answerShape = z.object({ access_token: z.string().min(1), refresh_token: z.string().optional() });

async function run({ url, seconds, forms }: TokenLoad): Promise<TokenLoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: forms.length });
  const times: number[] = [];
  const startedAt = performance.now();
  const endsAt = startedAt + seconds * 1_000;
  const last = await Promise.all(
    forms.map(async (first) => {
      let form = first;
      while (performance.now() < endsAt) {
        const askedAt = performance.now();
        const { refresh_token: successor } = await ask(url, { agent, form });
        times.push(performance.now() - askedAt);
        if (successor !== undefined) form = { ...form, refresh_token: successor };
      }
      return form;
    }),
  );
  const took = (performance.now() - startedAt) / 1_000;
  agent.destroy();
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.floor(times.length * share)] ?? Number.NaN;
  return { requests: times.length, seconds: took, p50Ms: at(0.5), p99Ms: at(0.99), forms: last };
}

function ask(url: string, { agent, form }: { agent: Agent; form: Record<string, string> }) {
  const body = new URLSearchParams(form).toString();
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'content-length': Buffer.byteLength(body),
  };
  return new Promise<z.infer<typeof answerShape>>((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      text(response)
        .then((answer) => {
          if (response.statusCode !== 200)
            throw new Error(`${url} answers ${response.statusCode}: ${answer}`);
          resolve(answerShape.parse(JSON.parse(answer)));
        })
        .catch(reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

process.on('message', async (message) => process.send?.(await run(tokenLoadShape.parse(message))));
process.on('disconnect', () => process.exit(0));
