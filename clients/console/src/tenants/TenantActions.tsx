import { type ReactNode, useState } from 'react';
import { Button } from '../design/Button.tsx';
import { useText } from '../language/language.ts';
import { useMay, useViewer } from '../shell/viewer.ts';
import { DeleteTenant } from './DeleteTenant.tsx';
import { MoveTenant } from './MoveTenant.tsx';
import { KeepTenant, ResumeTenant, RetryProvisioning } from './ReopenTenant.tsx';
import { type Decision, decisionsFor, permissionFor } from './rules.ts';
import { SuspendTenant } from './SuspendTenant.tsx';
import type { OperatedTenant } from './TenantOperationsPage.tsx';

export interface DecisionProps {
  tenant: { id: string; name: string; slug: string; region: string | null };
  onClose: () => void;
}

const dialogs: Record<Decision, (props: DecisionProps) => ReactNode> = {
  suspend: SuspendTenant,
  resume: ResumeTenant,
  move: MoveTenant,
  delete: DeleteTenant,
  keep: KeepTenant,
  retry: RetryProvisioning,
};

/** The platform's own tenant can be neither closed nor deleted. */
const neverOwn: readonly Decision[] = ['suspend', 'delete'];

export function TenantActions({ tenant }: { tenant: OperatedTenant }) {
  const { operations: text } = useText();
  const may = useMay();
  const viewer = useViewer();
  const [deciding, setDeciding] = useState<Decision | null>(null);
  const isOwn = viewer.tenant?.id === tenant.id;
  const offered = decisionsFor(tenant).filter(
    (decision) => may(permissionFor[decision]) && !(isOwn && neverOwn.includes(decision)),
  );
  const words: Record<Decision, string> = { ...text, delete: text.remove };
  const Deciding = deciding && dialogs[deciding];
  const { id, region } = tenant;
  const slug = tenant.slug ?? id;
  return (
    <>
      {offered.map((decision) => (
        <Button
          key={decision}
          kind={neverOwn.includes(decision) ? 'danger' : 'plain'}
          onClick={() => setDeciding(decision)}
        >
          {words[decision]}
        </Button>
      ))}
      {Deciding && (
        <Deciding
          tenant={{ id, slug, region, name: tenant.name ?? slug }}
          onClose={() => setDeciding(null)}
        />
      )}
    </>
  );
}
