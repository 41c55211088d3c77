// What a channel is told, as data and as text. Pure.

export interface ToldAlert {
  readonly id: string;
  readonly idempotencyKey: string;
  /** What happened to it, such as FIRED. */
  readonly kind: string;
  readonly state: string;
  readonly severity: string;
  readonly summary: string;
  readonly message: string | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly runbookUrl: string | null;
  readonly startedAt: string;
  readonly firedAt: string | null;
  readonly endedAt: string | null;
}

export interface Message {
  /** The same at each attempt, so that whoever gets it twice can tell. */
  readonly id: string;
  /** Empty for a test. */
  readonly alerts: readonly ToldAlert[];
}

const verbs: Readonly<Record<string, string>> = {
  FIRED: 'Firing',
  UNSUPPRESSED: 'Still firing',
  ESCALATED: 'Nobody took care of it',
  REPEATED: 'Still firing',
  RESOLVED: 'Resolved',
};

/** One line of a mail's head. Names in it were chosen by others, so no line breaks and nothing invisible. */
export function subjectOf({ alerts }: Message): string {
  const [first] = alerts;
  if (first === undefined) return 'A test of this notification channel';
  const more = alerts.length > 1 ? ` and ${alerts.length - 1} more` : '';
  return (
    inline(`[${first.severity}] ${verbs[first.kind] ?? first.kind}: ${first.summary}`).slice(0, 180) + more
  );
}

export function textOf(message: Message): string {
  if (message.alerts.length === 0) return 'This is a test. Alerts would be told here.';
  return message.alerts.map(paragraph).join('\n\n');
}

function paragraph(alert: ToldAlert): string {
  const { kind, severity, summary, message, firedAt, endedAt, runbookUrl } = alert;
  return [
    inline(`${verbs[kind] ?? kind}: ${summary} (${severity})`),
    ...(message ? [inline(message)] : []),
    ...(firedAt ? [`Fired at ${firedAt}`] : []),
    ...(endedAt ? [`Over since ${endedAt}`] : []),
    ...(runbookUrl ? [`Runbook: ${runbookUrl}`] : []),
  ].join('\n');
}

/** The body of a webhook, by the Standard Webhooks' recommendation: a type, a time and the data. */
export function webhookBody({ alerts }: Message, at: Date): string {
  const type = alerts.length === 0 ? 'systemhealth.channel.test' : 'systemhealth.alerts.changed';
  return JSON.stringify({ type, timestamp: at.toISOString(), data: { alerts } });
}

/** What Slack's incoming webhooks take. The three characters that it reads as markup are escaped. */
export function slackBody(message: Message): string {
  const escaped = textOf(message).replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
  return JSON.stringify({ text: escaped.slice(0, 30_000) });
}

function inline(text: string): string {
  return text
    .replace(/[\p{C}\p{Z}]+/gu, ' ')
    .trim()
    .slice(0, 500);
}
