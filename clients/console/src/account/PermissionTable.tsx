import { EmptyState } from '../design/EmptyState.tsx';
import { Table } from '../design/Table.tsx';
import type { Catalogue } from '../language/catalogue.ts';
import { useText } from '../language/language.ts';

export interface PermissionTableProps {
  caption: string;
  permissions: readonly string[];
  none: string;
}

/** Permissions by their names and in words. */
export function PermissionTable({ caption, permissions, none }: PermissionTableProps) {
  const text = useText();
  if (permissions.length === 0) return <EmptyState>{none}</EmptyState>;
  return (
    <Table caption={caption} columns={[text.explain.permission, text.account.mayDo]}>
      {permissions.map((permission) => (
        <tr key={permission}>
          <th scope="row">
            <code>{permission}</code>
          </th>
          <td>{inWords(permission, text)}</td>
        </tr>
      ))}
    </Table>
  );
}

/** On one resource alone it is called `check:write@chk_…`. */
function inWords(permission: string, { permissions, account }: Catalogue): string {
  const [name = '', resource] = permission.split('@');
  const words = permissions[name];
  if (words === undefined) return '–';
  return resource === undefined ? words : account.onlyOn(words, resource);
}
