// What registering a client takes: no field of the schema does.
import type { Permission } from '../roles/rules.ts';

export const clientRegister = 'client:register' satisfies Permission;
