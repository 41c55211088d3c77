// The documents that clients' builds have registered: read from files, found by their ids. Whether they are valid is
// for the supergraph that is served to say, which is another tomorrow.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Documents } from '@supergraph/chassis/documents';
import { type RegisteredDocument, readManifest, sha256Of, syntaxProblem } from './manifest.ts';

export interface TrustedDocuments {
  /** The text of a registered document of this client or of everybody's, by its id or its SHA-256. */
  find(id: string, clientId: string | null): string | undefined;
  /** Whether a text is registered, to the letter. */
  has(text: string, clientId: string | null): boolean;
  readonly size: number;
}

/** Trusted documents of which is known what the supergraph that is served accepts. */
export interface JudgedDocuments extends TrustedDocuments {
  /** Whether a text was found not to be valid. */
  isInvalid(text: string): boolean;
}

/** Those of a manifest. */
export interface LoadedDocuments extends TrustedDocuments {
  readonly all: readonly RegisteredDocument[];
}

export const noTrustedDocuments: JudgedDocuments = {
  find: () => undefined,
  has: () => false,
  isInvalid: () => false,
  size: 0,
};

/** A file, and whose documents are in it. */
interface ManifestFile {
  file: string;
  clientId: string | null;
}

/** Problems told of at once. */
const mostProblems = 20;

/**
 * Reads a manifest, or a folder of them: its `.json` files are everybody's, those in a folder below it are of the OAuth
 * client that the folder is named after.
 * @throws Error that names each file and document that no supergraph makes right, and why
 */
export function loadTrustedDocuments(path: string): LoadedDocuments {
  const problems: string[] = [];
  const registry = createRegistry();
  for (const { file, clientId } of manifestFiles(path)) {
    try {
      for (const document of readManifest(readFileSync(file, 'utf8'), clientId)) {
        const problem = syntaxProblem(document) ?? registry.add(document);
        if (problem !== undefined) problems.push(`${file}: ${document.id}: ${problem}`);
      }
    } catch (error) {
      problems.push(`${file}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (problems.length === 0) return registry;
  const told = problems.slice(0, mostProblems).map((problem) => `\n  ${problem}`);
  const rest = problems.length - told.length;
  throw new Error(`Trusted documents are refused:${told.join('')}${rest > 0 ? `\n  and ${rest} more` : ''}`);
}

/** Changes whenever a file of the manifest does. Of what cannot be read it says so. */
export function fingerprintOf(path: string): string {
  try {
    return manifestFiles(path)
      .map(({ file }) => {
        const { mtimeMs, size, ino } = statSync(file);
        return `${file} ${ino} ${mtimeMs} ${size}`;
      })
      .join('\n');
  } catch (error) {
    return String(error);
  }
}

function manifestFiles(path: string): ManifestFile[] {
  if (!statSync(path).isDirectory()) return [{ file: path, clientId: null }];
  const jsonIn = (folder: string, clientId: string | null) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .sort()
      .map((name) => ({ file: join(folder, name), clientId }));
  // What begins with a dot is not the client's: mounted volumes keep their versions there.
  const folders = readdirSync(path)
    .filter((name) => !name.startsWith('.') && statSync(join(path, name)).isDirectory())
    .sort();
  return [...jsonIn(path, null), ...folders.flatMap((name) => jsonIn(join(path, name), basename(name)))];
}

/** A registered document that cannot be run, and why. */
export interface InvalidDocument extends Pick<RegisteredDocument, 'id' | 'clientId'> {
  problem: string;
}

/** @returns undefined for a document that can be run */
export function invalidIn(
  { id, clientId, text, operationName }: RegisteredDocument,
  documents: Pick<Documents, 'read'>,
): InvalidDocument | undefined {
  try {
    const read = documents.read({ query: text, operationName, mayLearnSchema: true });
    if (!('errors' in read)) return undefined;
    const [error] = read.errors;
    // Of several operations a request names its own.
    if (error === undefined || error.extensions.code === 'OPERATION_RESOLUTION_FAILURE') return undefined;
    return { id, clientId, problem: error.message };
  } catch (error) {
    // What goes wrong with one must not keep a gateway from serving all others.
    return { id, clientId, problem: String(error) };
  }
}

interface Registry extends LoadedDocuments {
  /** @returns why it cannot be added */
  add(document: RegisteredDocument): string | undefined;
}

function createRegistry(): Registry {
  // Maps, not objects: an id such as `__proto__` finds nothing.
  const byId = new Map<string | null, Map<string, string>>();
  const texts = new Map<string | null, Set<string>>();
  const all: RegisteredDocument[] = [];
  return {
    all,
    add(document) {
      const { id, text, clientId } = document;
      const ids = byId.get(clientId) ?? new Map<string, string>();
      byId.set(clientId, ids);
      const known = texts.get(clientId) ?? new Set();
      texts.set(clientId, known);
      if ((ids.get(id) ?? text) !== text) return 'another document has this id.';
      const hash = sha256Of(text);
      for (const name of [id, hash, `sha256:${hash}`]) ids.set(name, text);
      known.add(text);
      all.push(document);
      return undefined;
    },
    find: (id, clientId) =>
      (clientId === null ? undefined : byId.get(clientId)?.get(id)) ?? byId.get(null)?.get(id),
    has: (text, clientId) =>
      (clientId !== null && texts.get(clientId)?.has(text) === true) || texts.get(null)?.has(text) === true,
    get size() {
      return [...texts.values()].reduce((sum, known) => sum + known.size, 0);
    },
  };
}
