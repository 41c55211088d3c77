import { z } from 'zod';

export const labelName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,62}$/, { error: 'is not a label name' });
