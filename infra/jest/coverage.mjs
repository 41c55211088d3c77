// V8's own counting in a process of jest. It is started once and goes on: to stop and start it for each file would throw
// away what V8 has optimized.
import { Session } from 'node:inspector';
import { fileURLToPath } from 'node:url';
import { shouldInstrument } from '@jest/transform';
import { syntax } from './syntax.mjs';

/** @type {Session | undefined} */
let session;
/** Paths whose code jest's reporter has got from this process. */
const told = new Set();

export async function startCounting() {
  if (session !== undefined) return;
  session = new Session();
  session.connect();
  await post('Profiler.enable');
  await post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
}

/**
 * What our own code did since this was last called, for jest's reporter; with the code that the counts are of and its
 * source map the first time that a file is among it.
 */
export async function takeCounts({ config, options, transformer }) {
  const { result } = await post('Profiler.takePreciseCoverage');
  return result
    .filter(({ url }) => url.startsWith('file://') && !url.includes('/node_modules/'))
    .map((script) => ({ ...script, url: fileURLToPath(script.url) }))
    .filter(({ url }) => url.startsWith(config.rootDir) && shouldInstrument(url, options, config))
    .map((script) => {
      const isNew = !told.has(script.url);
      told.add(script.url);
      return {
        codeTransformResult: isNew ? transformer.transform(script.url, syntax) : undefined,
        result: script,
      };
    });
}

/** @returns {Promise<any>} */
function post(method, parameters) {
  return new Promise((resolve, reject) => {
    session?.post(method, parameters, (error, result) => (error ? reject(error) : resolve(result)));
  });
}
