// The rules that everybody has.
import { accessRules } from './access.ts';
import { privilegeRules } from './privileges.ts';
import type { BuiltInRule } from './rule.ts';
import { signInRules } from './sign-ins.ts';

export const builtInRules: readonly BuiltInRule[] = [...signInRules, ...accessRules, ...privilegeRules];
