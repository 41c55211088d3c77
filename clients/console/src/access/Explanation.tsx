import { Loaded } from '../design/Loaded.tsx';
import { Notice } from '../design/Notice.tsx';
import { Tags } from '../design/Tags.tsx';
import { useInstants, useText } from '../language/language.ts';
import { useQuestion } from '../platform/question.ts';
import { useResources } from '../scoped-roles/resources.ts';
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
          const { rolesThatWouldGive: roles, separations, ways } = explanation;
          return (
            <Notice>
              {ways.length > 0 && <Ways title={text.onlyThere} ways={ways.map(inWords)} />}
              {separations.length > 0 && (
                <p>{text.separated(separations.map(({ name }) => name).join(', '))}</p>
              )}
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
              <strong>{text.allowed}</strong>
            </p>
            <Ways title={text.ways} ways={explanation.ways.map(inWords)} />
          </Notice>
        );
      }}
    </Loaded>
  );
}

function Ways({ title, ways }: { title: string; ways: readonly string[] }) {
  return (
    <>
      <p>{title}:</p>
      <ul>
        {ways.map((way) => (
          <li key={way}>{way}</li>
        ))}
      </ul>
    </>
  );
}

/** "the group Night shift: operator → viewer" */
function useWays(): (way: Way) => string {
  const { explain: text } = useText();
  const written = useInstants();
  const resources = useResources();
  return ({ group, elevation, scope, path }) => {
    const roles = path.map(({ name }) => name).join(' → ');
    if (scope) return `${text.ownOn(resources.nameOf(scope))}: ${roles}`;
    if (group) return `${text.byGroup(group.name)}: ${roles}`;
    if (elevation) return `${text.byElevation(elevation.endsAt && written(elevation.endsAt))}: ${roles}`;
    return `${text.own}: ${roles}`;
  };
}
