import { Badge, type Tone } from '../design/Badge.tsx';
import { useInstants, useText } from '../language/language.ts';
import { wordFor } from '../language/rules.ts';
import type { ElevationStatus } from './elevations.generated.ts';

export interface ElevationFacts {
  minutes: number;
  reason: string;
  status: ElevationStatus;
  endsAt: string | null;
}

const tones: Partial<Record<ElevationStatus, Tone>> = { REQUESTED: 'warn', ACTIVE: 'good', DECLINED: 'bad' };

/** What is said of every elevation: for how long, what for, what has become of it. */
export function ElevationCells({ minutes, reason, status, endsAt }: ElevationFacts) {
  const { elevations: text } = useText();
  const written = useInstants();
  return (
    <>
      <td>{minutes}</td>
      <td>{reason}</td>
      <td>
        <Badge tone={tones[status]}>{wordFor(text.statuses, status)}</Badge>
      </td>
      <td>{endsAt === null ? '–' : written(endsAt)}</td>
    </>
  );
}
