// PATCH requests (RFC 7644, 3.5.2) as a list of single steps, in the forms that directories send: operations in capital
// letters, without a path, and with paths as the names of values.
import { z } from 'zod';
import { invalidPath, invalidSyntax, invalidValue, ScimError } from './errors.ts';
import { type Path, parsePath } from './filters/grammar.ts';
import { patchSchema } from './schemas.ts';

export type Operator = 'add' | 'replace' | 'remove';

export interface Step {
  operator: Operator;
  path: Path;
  /** Undefined where a removal names none. */
  value: unknown;
}

const maximumOperations = 100;
/** Okta sends these along with what it changes. */
const repeated = new Set(['id', 'schemas', 'meta']);

const request = z.object({
  schemas: z.array(z.string()).refine((given) => given.includes(patchSchema)),
  operations: z
    .array(
      z.object({
        op: z
          .string()
          .toLowerCase()
          .pipe(z.enum(['add', 'replace', 'remove'])),
        path: z.string().optional(),
        value: z.unknown().optional(),
      }),
    )
    .min(1)
    .max(maximumOperations),
});

/** @throws ScimError */
export function stepsOf(body: unknown): Step[] {
  const parsed = request.safeParse(
    lowerCaseNames(body, (operations) => operations.map((each) => lowerCaseNames(each))),
  );
  if (!parsed.success)
    throw invalidSyntax(
      `Expected a PatchOp with 1 to ${maximumOperations} Operations, each with an op: add, replace or remove.`,
    );
  return parsed.data.operations.flatMap(({ op: operator, path, value }) => {
    if (path !== undefined && path !== '') return [stepOf({ operator, path, value })];
    if (operator === 'remove') throw new ScimError(400, 'A removal needs a path.', 'noTarget');
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw invalidValue('Without a path the value is an object of attributes.');
    return Object.entries(value)
      .filter(([name]) => !repeated.has(name.toLowerCase()))
      .map(([name, given]) => stepOf({ operator, path: name, value: given }));
  });
}

function stepOf({ operator, path, value }: { operator: Operator; path: string; value: unknown }): Step {
  if (operator !== 'remove' && value === undefined)
    throw invalidValue(`The operation ${operator} needs a value.`);
  try {
    return { operator, path: parsePath(path), value };
  } catch (error) {
    if (error instanceof ScimError) throw invalidPath(error.message);
    throw error;
  }
}

/** Names of attributes are the same in any case (RFC 7643, 2.1). */
function lowerCaseNames(
  value: unknown,
  ofOperations = (operations: unknown[]): unknown => operations,
): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, given]) => [
      name.toLowerCase(),
      name.toLowerCase() === 'operations' && Array.isArray(given) ? ofOperations(given) : given,
    ]),
  );
}
