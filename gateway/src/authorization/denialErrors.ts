// What is said of a denied field at each place at which the answer would hold it. A list has one for each of its items,
// equal but for its path: what they share is written as JSON once, for all answers.
import { type Denial, denialError, type FieldCoordinate, type Policy } from '@supergraph/chassis/policy';
import { type FieldNode, type GraphQLFormattedError, getLocation } from 'graphql';
import type { ResponsePath } from '../execution/responsePaths.ts';

/** A denial without its path, and without the stack that a GraphQLError takes. */
export interface KnownDenial {
  readonly error: Omit<GraphQLFormattedError, 'path'>;
  /** JSON up to the path. */
  readonly text: string;
}

export function knownDenial(
  denial: Denial,
  policy: Policy,
  { coordinate, nodes }: { coordinate: FieldCoordinate; nodes: readonly FieldNode[] },
): KnownDenial {
  const { message, extensions } = denialError(denial, coordinate, policy);
  const locations = nodes.flatMap(({ loc }) => (loc ? [getLocation(loc.source, loc.start)] : []));
  const error = { message, locations, extensions };
  return { error, text: `${JSON.stringify(error).slice(0, -1)},"path":` };
}

/** A denial at one place. */
export class DenialError implements GraphQLFormattedError {
  readonly message: string;
  readonly locations: GraphQLFormattedError['locations'];
  readonly extensions: GraphQLFormattedError['extensions'];
  readonly path: ResponsePath;
  readonly #text: string;

  constructor({ error, text }: KnownDenial, path: ResponsePath) {
    this.message = error.message;
    this.locations = error.locations;
    this.extensions = error.extensions;
    this.path = path;
    this.#text = text;
  }

  /** As JSON. */
  write(): string {
    return `${this.#text}${JSON.stringify(this.path)}}`;
  }
}

/** The errors of an answer as JSON. */
export function errorsText(errors: readonly GraphQLFormattedError[]): string {
  let text = '';
  for (const error of errors) {
    if (text !== '') text += ',';
    text += error instanceof DenialError ? error.write() : JSON.stringify(error);
  }
  return `[${text}]`;
}
