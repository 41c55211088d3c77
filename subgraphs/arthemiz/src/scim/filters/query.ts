// Filters as queries of MongoDB: of attributes that are on a list, with values of the attribute's own type. Nothing that
// a client wrote becomes a field, an operator or a pattern.
import { invalidFilter } from '../errors.ts';
import type { ComparedValue, Comparison, Filter } from './grammar.ts';

export type Query = Record<string, unknown>;

export interface Attribute {
  compare(comparison: Comparison, value: ComparedValue): Query;
  present(): Query;
}

/** By name in lower case. */
export type Attributes = Readonly<Record<string, Attribute>>;

const everything: Query = {};
const nothing: Query = { _id: { $in: [] } };

/** @throws ScimError invalidFilter for an attribute that is not on the list, or a value of another type */
export function queryOf(filter: Filter, attributes: Attributes): Query {
  switch (filter.kind) {
    case 'and':
      return { $and: filter.filters.map((each) => queryOf(each, attributes)) };
    case 'or':
      return { $or: filter.filters.map((each) => queryOf(each, attributes)) };
    case 'not':
      return { $nor: [queryOf(filter.filter, attributes)] };
    case 'present':
      return attributeOf(filter.attribute, attributes).present();
    case 'compare': {
      const { comparison, value } = filter;
      const attribute = attributeOf(filter.attribute, attributes);
      // Also of what has no value.
      if (comparison === 'ne') return { $nor: [queryOf({ ...filter, comparison: 'eq' }, attributes)] };
      if (comparison === 'eq' && value === null) return { $nor: [attribute.present()] };
      return attribute.compare(comparison, value);
    }
  }
}

function attributeOf(name: string, attributes: Attributes): Attribute {
  const attribute = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
  if (attribute === undefined) throw invalidFilter(`Resources can't be filtered by ${name.slice(0, 100)}.`);
  return attribute;
}

/** A text at a field; upper and lower case are one unless it is `exact`. */
export function text(field: string, { letters }: { letters: 'exact' | 'any case' }): Attribute {
  return {
    present: () => ({ [field]: { $nin: [null, ''] } }),
    compare(comparison, value) {
      if (typeof value !== 'string') throw invalidFilter('That attribute is compared with a text.');
      const pattern = (source: string) => ({
        [field]: { $regex: source, $options: letters === 'exact' ? '' : 'i' },
      });
      const literal = escaped(value);
      switch (comparison) {
        case 'co':
          return pattern(literal);
        case 'sw':
          return pattern(`^${literal}`);
        case 'ew':
          return pattern(`${literal}$`);
        case 'eq':
          return letters === 'exact' ? { [field]: { $eq: value } } : pattern(`^${literal}$`);
        default:
          return { [field]: { [`$${ordering(comparison)}`]: value } };
      }
    },
  };
}

export function instant(field: string): Attribute {
  return {
    present: () => ({ [field]: { $ne: null } }),
    compare(comparison, value) {
      const at = typeof value === 'string' ? new Date(value) : new Date(Number.NaN);
      if (Number.isNaN(at.getTime())) throw invalidFilter('That attribute is compared with a date and time.');
      return { [field]: { [comparison === 'eq' ? '$eq' : `$${ordering(comparison)}`]: at } };
    },
  };
}

/** A claim, by the query of those of whom it is true. Directories send it as a text too. */
export function claim(whereTrue: Query): Attribute {
  return {
    present: () => everything,
    compare(comparison, value) {
      const wanted = typeof value === 'string' ? value.toLowerCase() : String(value);
      if (comparison !== 'eq' || !['true', 'false'].includes(wanted))
        throw invalidFilter('That attribute is compared with true or false, by eq or ne.');
      return wanted === 'true' ? whereTrue : { $nor: [whereTrue] };
    },
  };
}

/** What is the same of all resources. */
export function constant(only: string | boolean): Attribute {
  return {
    present: () => everything,
    compare(comparison, value) {
      if (comparison !== 'eq') throw invalidFilter('That attribute is compared by eq or ne.');
      return String(value).toLowerCase() === String(only) ? everything : nothing;
    },
  };
}

/** Ids of other resources, compared as a whole. `queryFor` gives those that are related to one. */
export function related(queryFor: (id: string) => Query, anything: Query): Attribute {
  return {
    present: () => anything,
    compare(comparison, value) {
      if (comparison !== 'eq' || typeof value !== 'string')
        throw invalidFilter('That attribute is compared with an id, by eq or ne.');
      return queryFor(value);
    },
  };
}

function ordering(comparison: Comparison): 'gt' | 'gte' | 'lt' | 'lte' {
  switch (comparison) {
    case 'gt':
      return 'gt';
    case 'ge':
      return 'gte';
    case 'lt':
      return 'lt';
    case 'le':
      return 'lte';
    default:
      throw invalidFilter(`That attribute is not compared by ${comparison}.`);
  }
}

/** The text itself as a pattern. */
function escaped(value: string): string {
  if (value.includes('\0')) throw invalidFilter('A text may not hold the character U+0000.');
  return value.replace(/[\\^$.*+?()[\]{}|/#&~-]/g, '\\$&');
}
