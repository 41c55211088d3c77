// Node's module hooks in a process of jest: compile TypeScript by jest's own transform and cache, and give each test file
// its own copy of the test code. Plain JavaScript, because this is what loads TypeScript.
import { fileURLToPath } from 'node:url';
import { createScriptTransformer } from '@jest/transform';
import { syntax } from './syntax.mjs';

/** Tests and what helps them: it may register hooks of jest and keep what it started, as if each file ran alone. */
const testCode = /\.(test|cases)\.[jt]sx?$|\/testing\/|\/testing\.ts$|\/e2e\//;

/** @type {import('@jest/transform').ScriptTransformer} */
let transformer;

/** @param {{ config: import('@jest/types').Config.ProjectConfig }} data */
export async function initialize({ config }) {
  transformer = await createScriptTransformer(config);
}

/** @type {import('node:module').ResolveHook} */
export async function resolve(specifier, context, next) {
  if (specifier === '@jest/globals')
    return { url: new URL('./globals.mjs', import.meta.url).href, shortCircuit: true };
  const resolved = await next(specifier, context);
  const copy = context.parentURL?.startsWith('file:') ? new URL(context.parentURL).search : '';
  const isOwn = copy !== '' && !resolved.url.includes('/node_modules/') && !resolved.url.includes('?');
  return isOwn && testCode.test(resolved.url) ? { ...resolved, url: `${resolved.url}${copy}` } : resolved;
}

/** @type {import('node:module').LoadHook} */
export async function load(url, context, next) {
  if (!/\.tsx?(\?|$)/.test(url) || url.includes('/node_modules/')) return next(url, context);
  const { code } = transformer.transform(fileURLToPath(url), syntax);
  return { format: 'module', source: code, shortCircuit: true };
}
