// The alerts of a tenant as one evaluation leaves them: read at its beginning, stepped in memory, written at its end.
import { newId } from '@supergraph/chassis/identifiers';
import type { AlertRuleRow } from '../alert-rules/model.ts';
import { type AlertRow, mostTransitions, standingOf, type TransitionKind } from './model.ts';
import { type AlertStanding, fingerprintOf, isOpen, type Label, type Step } from './rules.ts';

export type AlertDraft = Omit<AlertRow, 'tenantId'>;

export interface Happened {
  readonly alert: AlertDraft;
  readonly sequence: number;
  readonly kind: TransitionKind;
  readonly at: number;
}

/** What a new alert is about. */
export interface Subject {
  readonly rule: Pick<AlertRuleRow, '_id' | 'severity' | 'runbookUrl'>;
  readonly labels: readonly Label[];
  readonly serviceId: string | null;
  readonly checkId: string | null;
  readonly summary: string;
}

export interface AlertBook {
  /** All that are or were open during this evaluation. */
  readonly alerts: readonly AlertDraft[];
  /** Everything that happened, in its order. */
  readonly happened: readonly Happened[];
  openOf(fingerprint: string): AlertDraft | undefined;
  /** Writes a step down; `subject` is asked where it begins an alert. */
  take(step: Step, of: { alert?: AlertDraft | undefined; subject?: Subject; message: string | null }): void;
  /** Writes down what happened to an open alert beside its state. */
  note(alert: AlertDraft, kind: TransitionKind, at: number): void;
  readonly changed: ReadonlySet<AlertDraft>;
  readonly created: ReadonlySet<AlertDraft>;
}

export function openBook(rows: readonly AlertRow[]): AlertBook {
  const alerts: AlertDraft[] = [...rows];
  const open = new Map(rows.map((row) => [row.fingerprint, row as AlertDraft]));
  const happened: Happened[] = [];
  const changed = new Set<AlertDraft>();
  const created = new Set<AlertDraft>();

  function write(
    alert: AlertDraft,
    kind: TransitionKind,
    { at, sequence }: { at: number; sequence: number },
  ) {
    alert.sequence = sequence;
    const transition = { sequence, kind, occurredAt: new Date(at), message: alert.message ?? null };
    alert.transitions = [...alert.transitions, transition].slice(-mostTransitions);
    happened.push({ alert, sequence, kind, at });
    changed.add(alert);
  }

  return {
    alerts,
    happened,
    changed,
    created,
    openOf: (fingerprint) => open.get(fingerprint),
    take({ standing, transitions }, { alert: known, subject, message }) {
      if (standing === null) return;
      const first = standing.sequence - transitions.length + 1;
      const isBegun = transitions[0]?.kind === 'STARTED';
      const alert = isBegun && subject !== undefined ? begin(subject, standing, first) : known;
      if (alert === undefined) return;
      if (isBegun) {
        alerts.push(alert);
        created.add(alert);
        open.set(alert.fingerprint, alert);
      }
      if (message !== null) alert.message = message;
      for (const [index, { kind, at }] of transitions.entries()) {
        write(alert, kind, { at, sequence: first + index });
        if (kind === 'FIRED') alert.firedAt = new Date(at);
        if (kind === 'RESOLVED' || kind === 'WITHDRAWN') alert.endedAt = new Date(at);
      }
      alert.state = standing.state;
      alert.isOpen = isOpen(standing);
      alert.observedAt = new Date(standing.observedAt);
      alert.metSince = dateOf(standing.metSince);
      alert.clearSince = dateOf(standing.clearSince);
      changed.add(alert);
      if (!alert.isOpen) open.delete(alert.fingerprint);
    },
    note: (alert, kind, at) => write(alert, kind, { at, sequence: alert.sequence + 1 }),
  };
}

/** An alert may have ended and begun again since the standing was read. */
export function standingIn(book: AlertBook, fingerprint: string, before: AlertStanding | null) {
  const latest = book.alerts.findLast((alert) => alert.fingerprint === fingerprint);
  return latest === undefined ? before : standingOf(latest);
}

function begin(
  { rule, labels, ...subject }: Subject,
  { metSince, observedAt }: AlertStanding,
  first: number,
): AlertDraft {
  const fingerprint = fingerprintOf(labels);
  return {
    ...{ _id: newId('alt'), ruleId: rule._id, severity: rule.severity, runbookUrl: rule.runbookUrl ?? null },
    ...{ ...subject, labels: [...labels], fingerprint, firstSequence: first, message: null },
    ...{ state: 'PENDING', isOpen: true, sequence: 0, observedAt: new Date(observedAt) },
    ...{ startedAt: new Date(metSince ?? observedAt), firedAt: null, endedAt: null, metSince: null },
    ...{ clearSince: null, acknowledgement: null, suppression: null, transitions: [], toldChannelIds: [] },
    ...{ stepsTold: 0, toldAt: null, expiresAt: null },
  };
}

function dateOf(moment: number | null): Date | null {
  return moment === null ? null : new Date(moment);
}
