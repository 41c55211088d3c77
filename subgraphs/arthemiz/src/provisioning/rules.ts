// What comes next in a tenant's provisioning. The steps are done one after the other; when one fails for good, those
// before it are taken back in reverse order. All of it follows from what is stored, so a crash loses nothing.
// A step that a subgraph declares later is done for the tenants that are there, too, and takes nothing back.

export const provisioningStatuses = ['RUNNING', 'COMPENSATING', 'SUCCEEDED', 'FAILED'] as const;
export type ProvisioningStatus = (typeof provisioningStatuses)[number];

export const stepStatuses = [
  'PENDING',
  'RUNNING',
  'DONE',
  'SKIPPED',
  'FAILED',
  'COMPENSATING',
  'COMPENSATED',
  'COMPENSATION_FAILED',
] as const;
export type StepStatus = (typeof stepStatuses)[number];

export interface DeclaredStep {
  readonly subgraph: string;
  readonly name: string;
  readonly description: string;
}

export interface StepState extends DeclaredStep {
  readonly status: StepStatus;
  /** How often it was asked for, and how often to take it back. */
  readonly attempts: number;
  readonly compensations: number;
  /** Why it failed the last time. */
  readonly error: string | null;
  /** Of the last request about it; 0 before the first. */
  readonly sequence: number;
  /** Not to be asked before; only while it waits to be tried again. */
  readonly retryAt: Date | null;
  /** When its subgraph is given up on; only while it has been asked. */
  readonly giveUpAt: Date | null;
  /** Whether it came after the tenant stood. */
  readonly isLate: boolean;
  /** Whether a request for it was left without an answer, so that it may have been done all the same. */
  readonly isUncertain: boolean;
}

export interface ProvisioningState {
  readonly status: ProvisioningStatus;
  readonly steps: readonly StepState[];
  /** Of the last request. */
  readonly sequence: number;
  /** When to look again; null when nothing is awaited. */
  readonly dueAt: Date | null;
}

export type StepAction = 'provision' | 'compensate';

export interface StepRequest {
  readonly subgraph: string;
  readonly name: string;
  readonly action: StepAction;
  readonly sequence: number;
}

export interface StepAnswer extends StepRequest {
  readonly error: string | null;
}

export interface Patience {
  /** Most attempts at one step, and to take it back. */
  readonly attempts: number;
  /** Before the second attempt; each further wait is four times as long. */
  readonly retryMs: number;
  /** A request without an answer is repeated after this. */
  readonly repeatMs: number;
  /** A subgraph that has not answered for so long is given up on. */
  readonly giveUpMs: number;
}

export function newStep({ subgraph, name, description }: DeclaredStep): StepState {
  return {
    ...{ subgraph, name, description },
    status: 'PENDING',
    attempts: 0,
    compensations: 0,
    error: null,
    sequence: 0,
    retryAt: null,
    giveUpAt: null,
    isLate: false,
    isUncertain: false,
  };
}

/** The steps in the order in which they are done: whoever provisions comes first, the others by name, `last` after them. */
export function inOrder<S extends DeclaredStep>(
  steps: readonly S[],
  { first, last }: { first: string; last: Pick<DeclaredStep, 'subgraph' | 'name'> },
): S[] {
  // No subgraph is called by a space or a tilde.
  const rank = (step: S) => (isSameStep(step, last) ? '~' : step.subgraph === first ? ' ' : step.subgraph);
  return [...steps].sort((a, b) => (rank(a) < rank(b) ? -1 : rank(a) > rank(b) ? 1 : 0));
}

/** A failed one from its beginning, with the steps that are declared by now; null for one that did not fail. */
export function begunAnew(
  state: ProvisioningState,
  { declared, skipped }: { declared: readonly DeclaredStep[]; skipped: readonly DeclaredStep[] },
): ProvisioningState | null {
  if (state.status !== 'FAILED') return null;
  const steps = declared.map((step) => {
    const isSkipped = skipped.some((each) => isSameStep(each, step));
    return { ...newStep(step), status: isSkipped ? ('SKIPPED' as const) : ('PENDING' as const) };
  });
  // Numbers go on, so that whatever is still under way of the first time counts as overtaken.
  return { ...state, status: 'RUNNING', steps, dueAt: null };
}

export const isSameStep = (a: { subgraph: string; name: string }, b: { subgraph: string; name: string }) =>
  a.subgraph === b.subgraph && a.name === b.name;

/** Adds steps that were declared since. */
export function withStep(state: ProvisioningState, declared: DeclaredStep): ProvisioningState {
  if (state.status === 'COMPENSATING' || state.status === 'FAILED') return state;
  if (state.steps.some((step) => isSameStep(step, declared))) return state;
  const step = { ...newStep(declared), isLate: state.status === 'SUCCEEDED' };
  return { ...state, steps: [...state.steps, step], dueAt: new Date(0) };
}

/** Takes an answer in. One to another request than the last changes nothing. */
export function answered(
  state: ProvisioningState,
  answer: StepAnswer,
  { now, patience }: { now: Date; patience: Patience },
): ProvisioningState {
  return {
    ...state,
    steps: state.steps.map((step) => {
      if (!isSameStep(step, answer) || step.sequence !== answer.sequence) return step;
      const settled = { ...step, giveUpAt: null, error: answer.error };
      if (answer.action === 'provision') {
        if (step.status !== 'RUNNING') return step;
        if (answer.error === null) return { ...settled, status: 'DONE', isUncertain: false };
        return step.attempts < patience.attempts
          ? { ...settled, status: 'PENDING', retryAt: retryAt(step.attempts, { now, patience }) }
          : { ...settled, status: 'FAILED' };
      }
      // Also one that had been given up on.
      if (answer.error === null && ['COMPENSATING', 'COMPENSATION_FAILED'].includes(step.status))
        return { ...settled, status: 'COMPENSATED', error: step.error };
      if (step.status !== 'COMPENSATING') return step;
      return step.compensations < patience.attempts
        ? { ...settled, retryAt: retryAt(step.compensations, { now, patience }) }
        : { ...settled, status: 'COMPENSATION_FAILED' };
    }),
  };
}

function retryAt(attempts: number, { now, patience }: { now: Date; patience: Patience }): Date {
  return new Date(now.getTime() + patience.retryMs * 4 ** (attempts - 1));
}

/** The state after everything that can be decided now, and the request that it takes, if any. */
export function advance(
  state: ProvisioningState,
  { now, patience }: { now: Date; patience: Patience },
): { state: ProvisioningState; request: StepRequest | null } {
  const isBack = state.status === 'COMPENSATING';
  const step = isBack ? lastToTakeBack(state.steps) : firstToDo(state.steps);
  if (state.status === 'FAILED') return { state: { ...state, dueAt: null }, request: null };
  if (state.status === 'RUNNING' && state.steps.some(({ status, isLate }) => status === 'FAILED' && !isLate))
    return advance({ ...state, status: 'COMPENSATING' }, { now, patience });
  if (step === undefined)
    return { state: { ...state, status: isBack ? 'FAILED' : 'SUCCEEDED', dueAt: null }, request: null };

  if (step.retryAt !== null && step.retryAt > now)
    return { state: { ...state, dueAt: step.retryAt }, request: null };
  const isAsked = step.giveUpAt !== null;
  if (isAsked && step.giveUpAt !== null && step.giveUpAt <= now) {
    const error = 'There was no answer.';
    const given: StepState = isBack
      ? { ...step, giveUpAt: null, error, status: 'COMPENSATION_FAILED' }
      : { ...step, giveUpAt: null, error, status: 'FAILED', isUncertain: true };
    return advance(replaced(state, given), { now, patience });
  }
  if (isAsked && state.dueAt !== null && state.dueAt > now) return { state, request: null };

  // Repeated under its number: it is the same request.
  const sequence = isAsked ? step.sequence : state.sequence + 1;
  const counted = isAsked ? 0 : 1;
  const giveUpAt = step.giveUpAt ?? new Date(now.getTime() + patience.giveUpMs);
  const asked: StepState = {
    ...step,
    status: isBack ? 'COMPENSATING' : 'RUNNING',
    attempts: step.attempts + (isBack ? 0 : counted),
    compensations: step.compensations + (isBack ? counted : 0),
    sequence,
    retryAt: null,
    isUncertain: step.isUncertain || (isAsked && !isBack),
    giveUpAt,
  };
  const { subgraph, name } = step;
  return {
    state: {
      ...replaced(state, asked),
      sequence: Math.max(state.sequence, sequence),
      dueAt: new Date(Math.min(now.getTime() + patience.repeatMs, giveUpAt.getTime())),
    },
    request: { subgraph, name, action: isBack ? 'compensate' : 'provision', sequence },
  };
}

function firstToDo(steps: readonly StepState[]): StepState | undefined {
  return steps.find(({ status }) => status === 'PENDING' || status === 'RUNNING');
}

/** What failed with an answer, each time, has left nothing. */
function lastToTakeBack(steps: readonly StepState[]): StepState | undefined {
  return steps.findLast(
    ({ status, isUncertain }) =>
      status === 'COMPENSATING' || status === 'DONE' || (status === 'FAILED' && isUncertain),
  );
}

function replaced(state: ProvisioningState, step: StepState): ProvisioningState {
  return { ...state, steps: state.steps.map((each) => (isSameStep(each, step) ? step : each)) };
}
