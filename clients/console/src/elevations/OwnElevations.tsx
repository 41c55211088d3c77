import { announce } from '../design/announce.ts';
import { Button } from '../design/Button.tsx';
import { EmptyState } from '../design/EmptyState.tsx';
import { Loaded } from '../design/Loaded.tsx';
import { Refusals } from '../design/Refusals.tsx';
import { Table } from '../design/Table.tsx';
import { useText } from '../language/language.ts';
import { useChange } from '../platform/change.ts';
import { useQuestion } from '../platform/question.ts';
import { ElevationCells } from './ElevationCells.tsx';
import { EndElevationDocument, OwnElevationsDocument } from './elevations.generated.ts';

/** What the person asked for, to withdraw it or give the role back early. */
export function OwnElevations() {
  const { elevations: text } = useText();
  const end = useChange(EndElevationDocument);
  const question = useQuestion(OwnElevationsDocument, { variables: {}, of: ['Elevation'] });
  const finish = async (id: string) => {
    if ((await end.make({ input: { id } })) !== null) announce(text.ended);
  };
  return (
    <>
      <Refusals refusals={end.refusals} />
      <Loaded question={question}>
        {({ viewer }) =>
          !viewer?.elevations || viewer.elevations.length === 0 ? (
            <EmptyState>{text.yoursNone}</EmptyState>
          ) : (
            <Table
              caption={text.yourCaption}
              columns={[text.role, text.minutes, text.reason, text.status, text.ends]}
              hasActions
            >
              {viewer.elevations.map((elevation) => (
                <tr key={elevation.id}>
                  <th scope="row">{elevation.roleName}</th>
                  <ElevationCells {...elevation} />
                  <td>
                    {(elevation.status === 'REQUESTED' || elevation.status === 'ACTIVE') && (
                      <Button
                        disabled={end.isRunning}
                        label={`${elevation.status === 'ACTIVE' ? text.end : text.withdraw}: ${elevation.roleName}`}
                        onClick={() => void finish(elevation.id)}
                      >
                        {elevation.status === 'ACTIVE' ? text.end : text.withdraw}
                      </Button>
                    )}
                  </td>
                </tr>
              ))}
            </Table>
          )
        }
      </Loaded>
    </>
  );
}
