import { announce } from '../design/announce.ts';
import { Button } from '../design/Button.tsx';
import { Refusals } from '../design/Refusals.tsx';
import { useText } from '../language/language.ts';
import { useChange } from '../platform/change.ts';
import { useViewer } from '../shell/viewer.ts';
import { DecideElevationDocument, type ElevationsQuery } from './elevations.generated.ts';

type ElevationOfList = NonNullable<ElevationsQuery['elevations']>['nodes'][number];

/** Nothing where there is nothing to decide, or where the person asked themselves. */
export function DecideElevation({ elevation }: { elevation: ElevationOfList }) {
  const { elevations: text } = useText();
  const viewer = useViewer();
  const decision = useChange(DecideElevationDocument);
  if (elevation.status !== 'REQUESTED' || elevation.person?.id === viewer.id) return null;
  const decide = async (isApproved: boolean) => {
    if ((await decision.make({ input: { id: elevation.id, isApproved } })) !== null) announce(text.decided);
  };
  const whose = `${elevation.roleName}, ${elevation.person?.displayName ?? '–'}`;
  return (
    <div className="form">
      <div className="actions">
        <Button
          disabled={decision.isRunning}
          label={`${text.approve}: ${whose}`}
          onClick={() => void decide(true)}
        >
          {text.approve}
        </Button>
        <Button
          disabled={decision.isRunning}
          label={`${text.decline}: ${whose}`}
          onClick={() => void decide(false)}
        >
          {text.decline}
        </Button>
      </div>
      <Refusals refusals={decision.refusals} />
    </div>
  );
}
