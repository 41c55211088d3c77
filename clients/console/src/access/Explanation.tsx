import { Loaded } from '../design/Loaded.tsx';
import { Notice } from '../design/Notice.tsx';
import { Tags } from '../design/Tags.tsx';
import { useInstants, useText } from '../language/language.ts';
import { useQuestion } from '../platform/question.ts';
import { NotFound } from '../shell/NoPage.tsx';
import { ExplainAccessDocument, type ExplainAccessQuery } from './explain-access.generated.ts';

type Way = NonNullable<ExplainAccessQuery['explainAccess']>['ways'][number];

export function Explanation(variables: { personId: string; permission: string }) {
  const { explain: text } = useText();
  const inWords = useWays();
  const question = useQuestion(ExplainAccessDocument, {
    variables,
    of: ['Person', 'Role', 'Group', 'Elevation'],
  });
  return (
    <Loaded question={question}>
      {({ explainAccess: explanation }) => {
        if (!explanation) return <NotFound />;
        if (!explanation.isAllowed) {
          const roles = explanation.rolesThatWouldGive;
          return (
            <Notice>
              <p>
                <strong>{text.denied}</strong> {roles.length === 0 ? text.noRole : `${text.wouldGive}:`}
              </p>
              {roles.length > 0 && <Tags names={roles.map(({ name }) => name)} />}
            </Notice>
          );
        }
        return (
          <Notice tone="good">
            <p>
              <strong>{text.allowed}</strong> {text.ways}:
            </p>
            <ul>
              {explanation.ways.map(inWords).map((way) => (
                <li key={way}>{way}</li>
              ))}
            </ul>
          </Notice>
        );
      }}
    </Loaded>
  );
}

/** "the group Night shift: operator → viewer" */
function useWays(): (way: Way) => string {
  const { explain: text } = useText();
  const written = useInstants();
  return ({ group, elevation, path }) => {
    const roles = path.map(({ name }) => name).join(' → ');
    if (group) return `${text.byGroup(group.name)}: ${roles}`;
    if (elevation) return `${text.byElevation(elevation.endsAt && written(elevation.endsAt))}: ${roles}`;
    return `${text.own}: ${roles}`;
  };
}
