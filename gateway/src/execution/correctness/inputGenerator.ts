// Arguments, variables and conditions for generated operations.
import {
  type GraphQLInputType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredInputField,
} from 'graphql';
import type { Random } from './random.ts';

export interface Inputs {
  /** A literal, a variable, or a literal with variables in it. */
  value(type: GraphQLInputType): string;
  /** A text, as literal or variable. */
  text(value: string): string;
  /** `@skip`, `@include`, both, or most often nothing; with a space before it. */
  directive(): string;
  /** What the operation declares, in brackets; nothing without variables. */
  definitions(): string;
  variables(): Record<string, unknown>;
}

export function createInputs(random: Random): Inputs {
  const declared = new Map<string, string>();
  const variables: Record<string, unknown> = {};

  function variable(type: string, value: unknown, fallback?: unknown): string {
    const name = `v${declared.size}`;
    const isLeftOut = fallback !== undefined && random.chance(40);
    declared.set(name, `$${name}: ${type}${fallback === undefined ? '' : ` = ${literal(fallback)}`}`);
    if (!isLeftOut) variables[name] = value;
    return `$${name}`;
  }

  function value(type: GraphQLInputType): string {
    if (random.chance(35)) {
      const fallback = !isNonNullType(type) && random.chance(30) ? generated(type) : undefined;
      return variable(String(type), generated(type), isSimple(fallback) ? fallback : undefined);
    }
    const inner = isNonNullType(type) ? type.ofType : type;
    if (inner === type && random.chance(10)) return 'null';
    if (isListType(inner))
      return `[${Array.from({ length: random.below(3) }, () => value(inner.ofType)).join(', ')}]`;
    if (isInputObjectType(inner)) {
      const fields = Object.values(inner.getFields()).filter(
        (field) => isRequiredInputField(field) || random.chance(50),
      );
      return `{${fields.map((field) => `${field.name}: ${value(field.type)}`).join(', ')}}`;
    }
    const plain = generated(isNonNullType(type) ? type : inner, true);
    return isEnumType(inner) ? String(plain) : literal(plain);
  }

  function generated(type: GraphQLInputType, isPresent = false): unknown {
    if (isNonNullType(type)) return generated(type.ofType, true);
    if (!isPresent && random.chance(15)) return null;
    if (isListType(type)) return Array.from({ length: random.below(3) }, () => generated(type.ofType));
    if (isEnumType(type)) return random.pick(type.getValues()).name;
    if (isInputObjectType(type)) {
      const fields = Object.values(type.getFields()).filter(
        (field) => isRequiredInputField(field) || random.chance(50),
      );
      return Object.fromEntries(fields.map((field) => [field.name, generated(field.type)]));
    }
    const scalars: Record<string, unknown> = {
      Int: random.below(4),
      Float: random.below(9) / 4,
      Boolean: random.chance(50),
      ID: `Book${random.below(5)}`,
    };
    return scalars[type.name] ?? random.pick(['EUR', 'USD', '', 'ü"\\']);
  }

  return {
    value,
    text: (text) => (random.chance(50) ? variable('String!', text) : JSON.stringify(text)),
    directive() {
      if (!random.chance(14)) return '';
      if (random.chance(15)) return ` @${random.pick(['skip', 'include'])}(if: ${random.chance(50)})`;
      // The planner answers null where one variable both includes and skips, so each does one of them.
      const flag = random.pick(['on', 'off', 'usually']);
      const name = flag === 'off' ? 'skip' : 'include';
      const isOn = flag === 'on' || (flag === 'usually' && random.chance(70));
      if (!declared.has(flag)) {
        const isDefaulted = flag === 'usually';
        declared.set(flag, `$${flag}: Boolean${isDefaulted ? ' = true' : '!'}`);
        if (!isDefaulted || random.chance(50)) variables[flag] = isOn;
      }
      return ` @${name}(if: $${flag})`;
    },
    definitions: () => (declared.size > 0 ? `(${[...declared.values()].join(', ')})` : ''),
    variables: () => variables,
  };
}

function isSimple(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'boolean';
}

function literal(value: unknown): string {
  return JSON.stringify(value);
}
