import { EmptyState } from '../design/EmptyState.tsx';
import { Table } from '../design/Table.tsx';
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
          <td>{text.permissions[permission] ?? '–'}</td>
        </tr>
      ))}
    </Table>
  );
}
