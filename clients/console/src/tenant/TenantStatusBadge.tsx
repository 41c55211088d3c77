import { Badge, type Tone } from '../design/Badge.tsx';
import { useText } from '../language/language.ts';
import { wordFor } from '../language/rules.ts';

const tones: Readonly<Record<string, Tone>> = {
  PROVISIONING: 'warn',
  ACTIVE: 'good',
  FAILED: 'bad',
  SUSPENDED: 'bad',
  DELETION_SCHEDULED: 'bad',
  DELETING: 'bad',
};

export function TenantStatusBadge({ status }: { status: string }) {
  const { tenant: text } = useText();
  return <Badge tone={tones[status]}>{wordFor(text.statuses, status)}</Badge>;
}
