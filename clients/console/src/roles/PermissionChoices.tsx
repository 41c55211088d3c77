import { Choices } from '../design/Choices.tsx';
import { useText } from '../language/language.ts';
import { useViewer } from '../shell/viewer.ts';

export interface PermissionChoicesProps {
  legend: string;
  chosen?: readonly string[];
}

/** What the person may give: what they hold themselves, and what is given already. The form gets `permission`s. */
export function PermissionChoices({ legend, chosen = [] }: PermissionChoicesProps) {
  const text = useText();
  const { permissions } = useViewer();
  // What they may on one resource alone (`check:write@chk_…`) is nobody's to give.
  const own = permissions.filter((permission) => !permission.includes('@'));
  const offered = [...new Set([...own, ...chosen])].sort();
  return (
    <Choices
      legend={legend}
      name="permission"
      chosen={chosen}
      none={text.apiKeys.noPermissions}
      choices={offered.map((permission) => ({
        value: permission,
        label: permission,
        detail: text.permissions[permission],
      }))}
    />
  );
}
