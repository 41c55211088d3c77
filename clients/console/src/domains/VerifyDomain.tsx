import { Copyable } from '../design/Copyable.tsx';
import { Dialog } from '../design/Dialog.tsx';
import { Fact } from '../design/Fact.tsx';
import { Form } from '../design/Form.tsx';
import { useText } from '../language/language.ts';
import { useChangeForm } from '../platform/change-form.ts';
import type { DomainOfList } from './DomainsPage.tsx';
import { VerifyDomainDocument } from './domains.generated.ts';

export interface VerifyDomainProps {
  domain: DomainOfList;
  onClose: () => void;
}

/** Shows the record to publish, and has the platform look for it. */
export function VerifyDomain({ domain, onClose }: VerifyDomainProps) {
  const { domains: text } = useText();
  const form = useChangeForm(VerifyDomainDocument, {
    input: () => ({ id: domain.id }),
    says: () => text.proven(domain.name),
    onDone: onClose,
  });
  return (
    <Dialog title={text.verifyTitle(domain.name)} onClose={onClose}>
      <Form {...form} submit={text.look} onCancel={onClose}>
        <p>{text.verifyLead}</p>
        <dl className="facts">
          <Fact name={text.recordType}>
            <code>TXT</code>
          </Fact>
          <Fact name={text.recordName}>
            <Copyable label={text.recordName} value={domain.recordName} />
          </Fact>
          <Fact name={text.recordValue}>
            <Copyable label={text.recordValue} value={domain.recordValue} />
          </Fact>
        </dl>
        <p className="quiet">{text.verifyHint}</p>
      </Form>
    </Dialog>
  );
}
