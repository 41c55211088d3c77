import { useState } from 'react';
import { Button } from '../design/Button.tsx';
import { PageHeader } from '../design/PageHeader.tsx';
import { useText } from '../language/language.ts';
import { useMay } from '../shell/viewer.ts';
import { AllElevations } from './AllElevations.tsx';
import { OwnElevations } from './OwnElevations.tsx';
import { RequestElevation } from './RequestElevation.tsx';

export function ElevationsPage() {
  const { elevations: text } = useText();
  const may = useMay();
  const [isAsking, setIsAsking] = useState(false);
  return (
    <>
      <PageHeader title={text.title} lead={text.lead}>
        {may('role:read') && (
          <Button kind="primary" onClick={() => setIsAsking(true)}>
            {text.request}
          </Button>
        )}
      </PageHeader>
      {!may('role:read') && <p className="quiet">{text.needsRoles}</p>}
      <h2>{text.yours}</h2>
      <OwnElevations />
      {may('elevation:approve') && (
        <>
          <h2>{text.waiting}</h2>
          <AllElevations />
        </>
      )}
      {isAsking && <RequestElevation onClose={() => setIsAsking(false)} />}
    </>
  );
}
