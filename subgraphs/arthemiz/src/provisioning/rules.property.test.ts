// Whatever fails, is lost, repeated or late: a provisioning ends with everything made, or with nothing.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  advance,
  answered,
  newStep,
  type ProvisioningState,
  type StepAction,
  type StepRequest,
} from './rules.ts';

const patience = { attempts: 3, retryMs: 10, repeatMs: 100, giveUpMs: 1_000 };

/** What becomes of one delivery of a request. */
const fates = ['works', 'fails', 'is lost', 'answer is lost', 'arrives twice', 'is late'] as const;

/** A subgraph as the chassis makes it: atomic, idempotent, deaf to what was overtaken. */
class Subgraphs {
  readonly made = new Set<string>();
  readonly takenBack: string[] = [];
  readonly #latest = new Map<string, number>();

  act({ name, action, sequence }: StepRequest, { fails }: { fails: boolean }): string | null | undefined {
    if ((this.#latest.get(name) ?? 0) > sequence) return undefined;
    this.#latest.set(name, sequence);
    if (fails) return 'Error: no';
    if (action === 'provision') this.made.add(name);
    else if (this.made.delete(name)) this.takenBack.push(name);
    return null;
  }
}

/** Plays a provisioning to its end. */
function play(count: number, chosen: ReadonlyArray<(typeof fates)[number]>) {
  const subgraphs = new Subgraphs();
  const names = Array.from({ length: count }, (_, index) => `step-${index}`);
  const late: StepRequest[] = [];
  let clock = 0;
  let moves = 0;
  let state: ProvisioningState = {
    status: 'RUNNING',
    steps: names.map((name) => newStep({ subgraph: 'any', name, description: name })),
    sequence: 0,
    dueAt: null,
  };
  const answer = (request: StepRequest, error: string | null | undefined) => {
    if (error === undefined) return;
    const at = { now: new Date(clock), patience };
    state = answered(state, { ...request, error }, at);
  };
  const deliver = (request: StepRequest) => {
    const fate = chosen[moves % chosen.length] ?? 'works';
    if (fate === 'is lost') return;
    if (fate === 'is late') return void late.push(request);
    const error = subgraphs.act(request, { fails: fate === 'fails' });
    if (fate === 'answer is lost') return;
    answer(request, error);
    if (fate === 'arrives twice') answer(request, subgraphs.act(request, { fails: false }));
  };
  const actions: StepAction[] = [];
  while (state.status === 'RUNNING' || state.status === 'COMPENSATING') {
    const next = advance(state, { now: new Date(clock), patience });
    state = next.state;
    const active = state.steps.filter(({ giveUpAt }) => giveUpAt !== null);
    expect(active.length).toBeLessThanOrEqual(1);
    if (next.request !== null) {
      actions.push(next.request.action);
      deliver(next.request);
    } else if (state.dueAt !== null) clock = Math.max(clock + 1, state.dueAt.getTime());
    if (moves % 3 === 2)
      for (const request of late.splice(0)) answer(request, subgraphs.act(request, { fails: false }));
    moves += 1;
    expect(moves).toBeLessThan(1_000);
  }
  for (const request of late.splice(0)) answer(request, subgraphs.act(request, { fails: false }));
  return { state, subgraphs, names, actions };
}

const games = [
  fc.integer({ min: 1, max: 5 }),
  fc.array(fc.constantFrom(...fates), { minLength: 1, maxLength: 40 }),
] as const;

describe('a provisioning', () => {
  it('ends with everything made or nothing, but for what it says could not be taken back', () => {
    fc.assert(
      fc.property(...games, (count, chosen) => {
        const { state, subgraphs, names } = play(count, chosen);
        if (state.status === 'SUCCEEDED') {
          expect([...subgraphs.made]).toEqual(names);
          return;
        }
        const stuck = state.steps.filter(({ status }) => status === 'COMPENSATION_FAILED');
        const left = [...subgraphs.made].filter((name) => !stuck.some((step) => step.name === name));
        expect(left).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });

  it('tries no step more often than it may, and begins to take back only when it does nothing new', () => {
    fc.assert(
      fc.property(...games, (count, chosen) => {
        const { state, actions } = play(count, chosen);
        for (const step of state.steps) {
          expect(step.attempts).toBeLessThanOrEqual(patience.attempts);
          expect(step.compensations).toBeLessThanOrEqual(patience.attempts);
        }
        expect(actions).toEqual([...actions].sort().reverse());
      }),
    );
  });

  it('takes back in the reverse order', () => {
    fc.assert(
      fc.property(...games, (count, chosen) => {
        const { state, subgraphs, names } = play(count, chosen);
        // One that could not be taken back in time may be, late.
        if (state.steps.some(({ compensations }) => compensations > 1)) return;
        const isLate = chosen.includes('is late') || chosen.includes('is lost');
        if (isLate) return;
        const reverse = [...names].reverse().filter((name) => subgraphs.takenBack.includes(name));
        expect(subgraphs.takenBack).toEqual(reverse);
      }),
    );
  });
});
