// Whatever operators decide in whatever order, and however answers about batches come in.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type BatchAnswer, batchAnswered, newErasure } from './erasure-rules.ts';
import { askNext } from './rounds.ts';
import {
  begun,
  cancelled,
  followed,
  isOpen,
  type Lifecycle,
  resumed,
  scheduled,
  suspended,
} from './rules.ts';

const tenant = { id: 'ten_acme', slug: 'acme' };
const untouched: Lifecycle = { suspension: null, deletion: null };

type Step = 'suspend' | 'resume' | 'schedule' | 'cancel' | 'begin';
const steps = fc.array(
  fc.tuple(fc.constantFrom<Step>('suspend', 'resume', 'schedule', 'cancel', 'begin'), fc.nat({ max: 40 })),
  { maxLength: 30 },
);

/** The lifecycle after a step, and whether it was refused. */
function after(lifecycle: Lifecycle, step: Step, now: Date): { lifecycle: Lifecycle; refusal?: string } {
  if (step === 'begin') return { lifecycle: begun(lifecycle, now) ?? lifecycle };
  const suspension = { reason: 'r', since: now, by: 'per_o' };
  const plan = { tenant, confirmSlug: 'acme', graceDays: 3, by: 'per_o', now };
  const decision = {
    suspend: () => suspended(lifecycle, { tenantId: tenant.id, suspension }),
    resume: () => resumed(lifecycle),
    schedule: () => scheduled(lifecycle, plan),
    cancel: () => cancelled(lifecycle),
  }[step]();
  return 'refusal' in decision
    ? { lifecycle, refusal: decision.refusal.__typename }
    : { lifecycle: decision.lifecycle };
}

describe("a tenant's life", () => {
  it('is erased no sooner than announced, and there is no way back from it', () => {
    fc.assert(
      fc.property(steps, (taken) => {
        let now = new Date(0);
        let lifecycle = untouched;
        for (const [step, hours] of taken) {
          now = new Date(now.getTime() + hours * 3_600_000);
          const before = lifecycle;
          const { lifecycle: next, refusal } = after(before, step, now);
          lifecycle = next;
          if (before.deletion?.begunAt) {
            expect(next).toEqual(before);
            if (['suspend', 'resume', 'cancel'].includes(step)) expect(refusal).toBe('TenantDeletionBegun');
          }
          const { deletion } = next;
          if (deletion?.begunAt) expect(deletion.begunAt >= deletion.eraseAt).toBe(true);
          if (deletion !== null) expect(isOpen(next)).toBe(false);
          // Each decision takes back its own alone.
          if (step === 'cancel') expect(next.suspension).toEqual(before.suspension);
          if (step === 'schedule') expect(next.suspension).toEqual(before.suspension);
          if (step === 'resume') expect(next.deletion).toEqual(before.deletion);
        }
      }),
    );
  });

  it('leads an environment along, which is as it was when all is taken back', () => {
    const closing = fc.constantFrom<Step>('suspend', 'schedule');
    fc.assert(
      fc.property(fc.array(closing), fc.array(closing, { minLength: 1 }), (ofItself, ofTenant) => {
        const reached = (from: Lifecycle, taken: readonly Step[], at: number) =>
          taken.reduce((lifecycle, step) => after(lifecycle, step, new Date(at)).lifecycle, from);
        const alone = reached(untouched, ofItself, 1_000);
        let parent = untouched;
        let environment = alone;
        const decide = (step: Step, at: number) => {
          const before = parent;
          parent = reached(parent, [step], at);
          const outcome = followed(environment, { before, after: parent });
          if ('refusal' in outcome) throw new Error(outcome.refusal.message);
          environment = outcome.lifecycle;
          if (!isOpen(parent)) expect(isOpen(environment)).toBe(false);
        };
        for (const [index, step] of ofTenant.entries()) decide(step, 2_000 + index);
        decide('cancel', 3_000);
        decide('resume', 3_001);
        expect(isOpen(parent)).toBe(true);
        expect(environment).toEqual(alone);
      }),
    );
  });

  it('is never erased while access tokens of its people may live', () => {
    const now = new Date(0);
    const decision = scheduled(untouched, { tenant, confirmSlug: 'acme', graceDays: 0, by: 'per_o', now });
    if ('refusal' in decision) throw new Error(decision.refusal.message);
    expect(Number(decision.lifecycle.deletion?.eraseAt)).toBeGreaterThanOrEqual(30 * 60_000);
  });
});

describe('an erasure', () => {
  const patience = { retryMs: 1_000, repeatMs: 60_000 };
  type Event =
    | { kind: 'wait'; ms: number }
    | { kind: 'answer'; fails: boolean; left: boolean }
    | { kind: 'again'; pick: number };
  const events: fc.Arbitrary<Event[]> = fc.array(
    fc.oneof(
      fc.record({ kind: fc.constant('wait' as const), ms: fc.nat({ max: 100_000 }) }),
      fc.record({ kind: fc.constant('answer' as const), fails: fc.boolean(), left: fc.boolean() }),
      fc.record({ kind: fc.constant('again' as const), pick: fc.nat() }),
    ),
    { maxLength: 60 },
  );

  it('goes through the subgraphs one by one, arthemiz last, and counts each batch once', () => {
    fc.assert(
      fc.property(events, (given) => {
        let now = new Date(0);
        let state = newErasure(['sentinel', 'arthemiz', 'systemhealth'], { last: 'arthemiz', now });
        const order = state.parts.map(({ subgraph }) => subgraph);
        expect(order).toEqual(['sentinel', 'systemhealth', 'arthemiz']);
        const counted = new Map<string, number>();
        const sent: BatchAnswer[] = [];
        let open: { subgraph: string; batch: number } | null = null;
        const finish = Array.from({ length: 3 }, () => [
          { kind: 'wait' as const, ms: 3_600_000 },
          { kind: 'answer' as const, fails: false, left: false },
        ]).flat();
        for (const event of [...given, ...finish]) {
          if (event.kind === 'wait') now = new Date(now.getTime() + event.ms);
          else if (event.kind === 'answer') {
            if (open === null) continue;
            const error = event.fails ? 'Away.' : null;
            const answer = {
              ...open,
              erased: event.fails ? 0 : 7,
              isDone: !event.fails && !event.left,
              error,
            };
            sent.push(answer);
            counted.set(open.subgraph, (counted.get(open.subgraph) ?? 0) + answer.erased);
            state = batchAnswered(state, answer, { now, patience });
            open = null;
          } else {
            const old = sent[event.pick % Math.max(sent.length, 1)];
            if (old !== undefined) expect(batchAnswered(state, old, { now, patience })).toBe(state);
          }
          const asked = askNext(state, { now, patience });
          state = asked.state;
          if (asked.request !== null) open = asked.request;
          // A part is begun when those before it are done.
          const done = state.parts.map(({ isDone }) => isDone);
          expect(done).toEqual([...done].sort((a, b) => Number(b) - Number(a)));
          for (const { subgraph, erased } of state.parts) expect(erased).toBe(counted.get(subgraph) ?? 0);
        }
        expect(state.parts.every(({ isDone }) => isDone)).toBe(state.dueAt === null);
        expect(state.dueAt).toBeNull();
      }),
    );
  });
});
