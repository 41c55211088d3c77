import { EmptyState } from '../design/EmptyState.tsx';
import { Loaded } from '../design/Loaded.tsx';
import { Pager, usePages } from '../design/Pager.tsx';
import { Table } from '../design/Table.tsx';
import { useText } from '../language/language.ts';
import { useQuestion } from '../platform/question.ts';
import { DecideElevation } from './DecideElevation.tsx';
import { ElevationCells } from './ElevationCells.tsx';
import { ElevationsDocument } from './elevations.generated.ts';

/** What the tenant's people asked for, to answer it. */
export function AllElevations() {
  const { elevations: text } = useText();
  const pages = usePages();
  const question = useQuestion(ElevationsDocument, {
    variables: { after: pages.after },
    of: ['Elevation'],
  });
  return (
    <Loaded question={question}>
      {({ elevations }) =>
        !elevations || elevations.nodes.length === 0 ? (
          <EmptyState>{text.none}</EmptyState>
        ) : (
          <>
            <Table
              caption={text.caption}
              columns={[text.person, text.role, text.minutes, text.reason, text.status, text.ends]}
              hasActions
            >
              {elevations.nodes.map((elevation) => (
                <tr key={elevation.id}>
                  <th scope="row">{elevation.person?.displayName ?? '–'}</th>
                  <td>{elevation.roleName}</td>
                  <ElevationCells {...elevation} />
                  <td>
                    <DecideElevation elevation={elevation} />
                  </td>
                </tr>
              ))}
            </Table>
            <Pager pages={pages} pageInfo={elevations.pageInfo} />
          </>
        )
      }
    </Loaded>
  );
}
