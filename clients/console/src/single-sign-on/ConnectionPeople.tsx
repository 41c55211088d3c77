import { Fact } from '../design/Fact.tsx';
import { Table } from '../design/Table.tsx';
import { Tags } from '../design/Tags.tsx';
import { useText } from '../language/language.ts';
import type { Connection } from './connections.ts';

/** Who signs in by the connection, and what they hold. */
export function ConnectionPeople({ connection }: { connection: Connection }) {
  const { singleSignOn: text } = useText();
  const { domains, provisionsPeople, defaultRoles, groupsClaim, groupRoles } = connection;
  const namesOf = (named: readonly { name: string }[] | null | undefined) =>
    (named ?? []).map(({ name }) => name);
  return (
    <section className="panel">
      <h2>{text.people}</h2>
      <dl className="facts">
        <Fact name={text.domains}>
          <Tags names={namesOf(domains)} />
        </Fact>
        <Fact name={text.newPeople}>{provisionsPeople ? text.provisioned : text.invitedFirst}</Fact>
        <Fact name={text.defaultRoles}>
          <Tags names={namesOf(defaultRoles)} />
        </Fact>
        <Fact name={text.groupsClaim}>
          <code>{groupsClaim}</code>
        </Fact>
      </dl>
      {groupRoles.length > 0 && (
        <Table caption={text.groupRoles} columns={[text.group, text.role]}>
          {groupRoles.map(({ group, role }) => (
            <tr key={`${group} ${role?.id}`}>
              <th scope="row">{group}</th>
              <td>{role?.name ?? '–'}</td>
            </tr>
          ))}
        </Table>
      )}
    </section>
  );
}
