// Decisions that take no more than the tenant, and that can be taken back.
import { Confirm } from '../design/Confirm.tsx';
import { useText } from '../language/language.ts';
import { useChangeForm } from '../platform/change-form.ts';
import type { DecisionProps } from './TenantActions.tsx';
import {
  CancelTenantDeletionDocument,
  ResumeTenantDocument,
  RetryProvisioningDocument,
} from './tenant-operations.generated.ts';

export function ResumeTenant({ tenant: { id, name }, onClose }: DecisionProps) {
  const { operations: text } = useText();
  const form = useChangeForm(ResumeTenantDocument, {
    input: () => ({ tenantId: id }),
    says: () => text.resumed(name),
    onDone: onClose,
  });
  const words = { title: text.resumeTitle(name), lead: text.resumeLead, submit: text.resume };
  return <Confirm {...form} {...words} kind="primary" onClose={onClose} />;
}

export function KeepTenant({ tenant: { id, name }, onClose }: DecisionProps) {
  const { operations: text } = useText();
  const form = useChangeForm(CancelTenantDeletionDocument, {
    input: () => ({ tenantId: id }),
    says: () => text.kept(name),
    onDone: onClose,
  });
  const words = { title: text.keepTitle(name), lead: text.keepLead, submit: text.keep };
  return <Confirm {...form} {...words} kind="primary" onClose={onClose} />;
}

export function RetryProvisioning({ tenant: { id, name }, onClose }: DecisionProps) {
  const { operations: text } = useText();
  const form = useChangeForm(RetryProvisioningDocument, {
    input: () => ({ tenantId: id }),
    says: () => text.retried(name),
    onDone: onClose,
  });
  const words = { title: text.retryTitle(name), lead: text.retryLead, submit: text.retry };
  return <Confirm {...form} {...words} kind="primary" onClose={onClose} />;
}
