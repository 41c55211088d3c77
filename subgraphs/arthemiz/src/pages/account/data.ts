// A person downloads what is kept about them (GDPR, articles 15 and 20).
import { Readable } from 'node:stream';
import { sendStream } from '@supergraph/chassis/download';
import { copyOfPersonalData, tellDataExported } from '../../personal-data/copy.ts';
import { isProven } from './proof.ts';
import type { Visit } from './visit.ts';

export async function dataPage(visit: Visit): Promise<void> {
  const { service, person, response, facts, words } = visit;
  const { title, explanation, action } = words.personal.data;
  if (!(await isProven(visit, { title, explanation, action }))) return;
  const copy = await copyOfPersonalData(service, person);
  await tellDataExported(service, facts);
  const day = new Date().toISOString().slice(0, 10);
  response.writeHead(200, {
    'content-type': 'application/json; charset=utf-8',
    'content-disposition': `attachment; filename="personal-data-${day}.json"`,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  });
  await sendStream(response, Readable.from(copy));
}
