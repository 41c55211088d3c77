import { readOnly } from '../errors.ts';
import type { Step } from '../patching.ts';
import { setUserAttribute } from './attributes.ts';
import type { UserDraft } from './user.ts';

/** @throws ScimError for a step that can't be done; then none is. */
export function patchUser(draft: UserDraft, steps: readonly Step[]): UserDraft {
  return steps.reduce((result, { operator, path: { attribute }, value }) => {
    if (operator !== 'remove') return setUserAttribute(result, attribute, value);
    if (attribute === 'active') throw readOnly('active of nobody');
    return setUserAttribute(result, attribute, null);
  }, draft);
}
