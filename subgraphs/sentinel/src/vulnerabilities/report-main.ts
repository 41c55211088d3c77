// Sends a scanner's report, as a step of CI does: node --import tsx subgraphs/sentinel/src/vulnerabilities/report-main.ts
// --target TARGET FILE, with the platform's origin in SUPERGRAPH_URL and in SUPERGRAPH_TOKEN an API key or an access token
// that has finding:write. Says what became of it and exits 0; 1 where it was not taken, 2 where it can't be sent like that.
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { UnreadableReport, vulnerabilitiesOf } from './reports.ts';

const deadlineMs = 60_000;
const mostAttempts = 4;
const mutation = `mutation ReportVulnerabilities($input: ReportVulnerabilitiesInput!) {
  reportVulnerabilities(input: $input) { newCount reopenedCount resolvedCount unchangedCount errors { message } }
}`;
const answerShape = z.object({
  data: z
    .object({
      reportVulnerabilities: z
        .object({
          ...{ newCount: z.int(), reopenedCount: z.int(), resolvedCount: z.int(), unchangedCount: z.int() },
          errors: z.array(z.object({ message: z.string() })),
        })
        .nullable(),
    })
    .nullish(),
  errors: z.array(z.object({ message: z.string() })).optional(),
});
const environment = z.object({
  SUPERGRAPH_URL: z.url({ protocol: /^https?$/, error: 'must be the origin of the platform, as https://…' }),
  SUPERGRAPH_TOKEN: z.string('must be an API key or an access token with finding:write').min(1),
});

const { values, positionals } = parseArgs({
  options: { target: { type: 'string' }, help: { type: 'boolean' } },
  allowPositionals: true,
});
const [file, ...others] = positionals;
const usage = `Usage: SUPERGRAPH_URL=ORIGIN SUPERGRAPH_TOKEN=KEY report-main.ts --target TARGET FILE
FILE is CycloneDX with vulnerabilities, or grype's JSON; TARGET what was scanned, such as an image without its tag.
`;
if (values.help) leave(0, usage);
const target = values.target ?? '';
if (file === undefined || others.length > 0 || target === '') leave(2, usage);
const settings = environment.safeParse(process.env);
if (!settings.success) {
  leave(2, settings.error.issues.map(({ path, message }) => `${path.join('.')} ${message}\n`).join(''));
}
const report = readReport(file);
const { SUPERGRAPH_URL: origin, SUPERGRAPH_TOKEN: token } = settings.data;
const answer = answerShape.parse(await send());
const { reportVulnerabilities: taken = null } = answer.data ?? {};
const refusals = [...(answer.errors ?? []), ...(taken?.errors ?? [])];
if (taken === null || refusals.length > 0)
  leave(1, `The report was not taken:\n${refusals.map(({ message }) => `  ${message}\n`).join('')}`);
process.stdout.write(
  `${target}: ${taken.newCount} new, ${taken.reopenedCount} back, ${taken.unchangedCount} as before, ${taken.resolvedCount} resolved\n`,
);

/** The same report twice changes nothing, so what may have been lost is sent again. */
async function send(attempt = 1): Promise<unknown> {
  const failed = (why: string) => leave(1, `${origin} ${why}.\n`);
  const response = await fetch(new URL('/graphql', origin), {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: mutation, variables: { input: { target, report } } }),
    signal: AbortSignal.timeout(deadlineMs),
  }).catch((error: unknown) => (error instanceof Error ? error : new Error('unknown')));
  const isPassing = response instanceof Error || response.status === 429 || response.status >= 500;
  if (isPassing && attempt < mostAttempts) {
    await pause(2 ** attempt * 500 * (0.5 + Math.random()));
    return send(attempt + 1);
  }
  if (response instanceof Error) return failed(`can't be reached (${response.message})`);
  if (response.status === 401) return failed('does not take SUPERGRAPH_TOKEN: it is wrong, or over');
  return response.json().catch(() => failed(`answered ${response.status} and no JSON`));
}

/** What the platform reads of it: reports list every component of a target, and are much larger than may be sent. */
function readReport(path: string): string {
  try {
    const vulnerabilities = vulnerabilitiesOf(readFileSync(path, 'utf8')).map(
      ({ advisory: id, severity, component }) => ({
        id,
        ratings: [{ severity: severity.toLowerCase() }],
        affects: [{ ref: component }],
      }),
    );
    return JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.6', vulnerabilities });
  } catch (error) {
    const why = error instanceof Error ? error.message : 'unknown';
    return leave(2, error instanceof UnreadableReport ? `${path} ${why}.\n` : `${path}: ${why}\n`);
  }
}

function leave(code: number, words: string): never {
  (code === 0 ? process.stdout : process.stderr).write(words);
  process.exit(code);
}
