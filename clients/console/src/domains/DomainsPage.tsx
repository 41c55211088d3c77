import { useState } from 'react';
import { Badge } from '../design/Badge.tsx';
import { Button } from '../design/Button.tsx';
import { EmptyState } from '../design/EmptyState.tsx';
import { Loaded } from '../design/Loaded.tsx';
import { PageHeader } from '../design/PageHeader.tsx';
import { Table } from '../design/Table.tsx';
import { useInstants, useText } from '../language/language.ts';
import { useQuestion } from '../platform/question.ts';
import { useMay } from '../shell/viewer.ts';
import { AddDomain } from './AddDomain.tsx';
import { DomainsDocument, type DomainsQuery } from './domains.generated.ts';
import { RemoveDomain } from './RemoveDomain.tsx';
import { VerifyDomain } from './VerifyDomain.tsx';

export type DomainOfList = NonNullable<DomainsQuery['domains']>[number];
type Doing = { what: 'add' } | { what: 'verify' | 'remove'; domain: DomainOfList };

export function DomainsPage() {
  const { domains: text } = useText();
  const may = useMay();
  const [doing, setDoing] = useState<Doing | null>(null);
  const question = useQuestion(DomainsDocument, { variables: {}, of: ['Domain'] });
  const stop = () => setDoing(null);
  return (
    <>
      <PageHeader title={text.title} lead={text.lead}>
        {may('domain:write') && (
          <Button kind="primary" onClick={() => setDoing({ what: 'add' })}>
            {text.add}
          </Button>
        )}
      </PageHeader>
      <Loaded question={question}>
        {({ domains }) =>
          !domains || domains.length === 0 ? (
            <EmptyState>{text.none}</EmptyState>
          ) : (
            <Table caption={text.caption} columns={[text.name, text.state, text.since]} hasActions>
              {domains.map((domain) => (
                <DomainRow key={domain.id} domain={domain} onDo={(what) => setDoing({ what, domain })} />
              ))}
            </Table>
          )
        }
      </Loaded>
      {doing?.what === 'add' && (
        <AddDomain onDone={(domain) => setDoing({ what: 'verify', domain })} onClose={stop} />
      )}
      {doing?.what === 'verify' && <VerifyDomain domain={doing.domain} onClose={stop} />}
      {doing?.what === 'remove' && <RemoveDomain domain={doing.domain} onClose={stop} />}
    </>
  );
}

interface DomainRowProps {
  domain: DomainOfList;
  onDo: (what: 'verify' | 'remove') => void;
}

function DomainRow({ domain, onDo }: DomainRowProps) {
  const { domains: text } = useText();
  const may = useMay();
  const written = useInstants();
  return (
    <tr>
      <th scope="row">{domain.name}</th>
      <td>
        <Badge tone={domain.isVerified ? 'good' : 'warn'}>
          {domain.isVerified ? text.verified : text.unverified}
        </Badge>
      </td>
      <td>{written(domain.verifiedAt ?? domain.createdAt)}</td>
      <td>
        {may('domain:write') && (
          <div className="actions">
            {!domain.isVerified && (
              <Button label={`${text.verify}: ${domain.name}`} onClick={() => onDo('verify')}>
                {text.verify}
              </Button>
            )}
            <Button kind="danger" label={`${text.remove}: ${domain.name}`} onClick={() => onDo('remove')}>
              {text.remove}
            </Button>
          </div>
        )}
      </td>
    </tr>
  );
}
