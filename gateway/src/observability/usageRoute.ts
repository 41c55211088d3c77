// For platform engineers: who still uses a field? Beside /metrics, and as little public.
import { refusal } from '@supergraph/chassis/body';
import type { Route } from '@supergraph/chassis/http';
import { z } from 'zod';
import type { FieldUsage } from './fieldUsage.ts';
import type { FieldUses } from './fieldUses.ts';

const question = z.object({
  coordinate: z.string().regex(/^\w+\.\w+(\(\w+:\))?$/, 'expected Type.field or Type.field(argument:)'),
  days: z.coerce.number().int().min(1).max(400).default(30),
});

/** `GET /usage?coordinate=Service.name&days=30` */
export function usageRoute({ uses, usage }: { uses: FieldUses; usage: Pick<FieldUsage, 'tell'> }): Route {
  return {
    path: '/usage',
    observation: 'quiet',
    async handle(request, response) {
      const { searchParams } = new URL(request.url ?? '', 'http://gateway');
      const asked = question.safeParse(Object.fromEntries(searchParams));
      if (!asked.success)
        throw refusal(400, asked.error.issues.map(({ path, message }) => `${path}: ${message}`).join('; '));
      const { coordinate, days } = asked.data;
      // What this gateway has counted and not told yet belongs to the answer.
      await usage.tell();
      const clients = await uses.of(coordinate, { days });
      response.setHeader('content-type', 'application/json');
      response.setHeader('cache-control', 'no-store');
      response.end(JSON.stringify({ coordinate, days, clients }));
    },
  };
}
