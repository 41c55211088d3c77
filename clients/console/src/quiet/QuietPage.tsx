import { PageHeader } from '../design/PageHeader.tsx';
import { useText } from '../language/language.ts';
import { useMay } from '../shell/viewer.ts';
import { Inhibitions } from './Inhibitions.tsx';
import { Silences } from './Silences.tsx';
import { Windows } from './Windows.tsx';

/** All that keeps alerts quiet. */
export function QuietPage() {
  const { quiet: text } = useText();
  const may = useMay();
  return (
    <>
      <PageHeader title={text.title} lead={text.lead} />
      {may('maintenance-window:read') && <Windows />}
      {may('silence:read') && <Silences />}
      {may('inhibition:read') && <Inhibitions />}
    </>
  );
}
