// jest's runtime on Node's own module loader instead of a sandbox for each test file (infra/README.md says what differs).
import { existsSync } from 'node:fs';
import { createRequire, register } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { startCounting, takeCounts } from './coverage.mjs';
import { setGlobals } from './globals.mjs';
import { jestObject } from './jest-object.mjs';
import { syntax } from './syntax.mjs';

const require = createRequire(import.meta.url);
// As CommonJS sees it, which can be changed.
const asyncHooks = require('node:async_hooks');
let isRegistered = false;
let files = 0;
/** Asked for with every line of every stack. @type {Map<string, string>} */
const maps = new Map();

export default class NativeRuntime {
  #environment;
  #transformer;
  #coverage;
  #counts = [];
  /** Of jest-circus. One that stays enabled after its file slows down every promise of the later ones. */
  #storages = [];

  constructor(config, environment, _resolver, transformer, _cache, coverageOptions) {
    this.#environment = environment;
    this.#transformer = transformer;
    this.#coverage = { config, options: coverageOptions, transformer };
    if (!isRegistered) register('./hooks.mjs', import.meta.url, { data: { config: plain(config) } });
    isRegistered = true;
  }

  /** jest-circus: fresh for each file, because it keeps tests and handlers of events in its module. */
  requireInternalModule(path) {
    delete require.cache[path];
    delete globalThis[Symbol.for('EVENT_HANDLERS')];
    const { AsyncLocalStorage } = asyncHooks;
    const storages = this.#storages;
    asyncHooks.AsyncLocalStorage = class extends AsyncLocalStorage {
      constructor(...given) {
        super(...given);
        storages.push(this);
      }
    };
    try {
      return require(path);
    } finally {
      asyncHooks.AsyncLocalStorage = AsyncLocalStorage;
    }
  }

  requireModule(path) {
    return require(path);
  }

  setGlobalsForRuntime(globals) {
    setGlobals({ ...globals, jest: jestObject(this.#environment) });
  }

  unstable_shouldLoadAsEsm() {
    return true;
  }

  async unstable_importModule(path) {
    files += 1;
    await import(`${pathToFileURL(path).href}?file=${files}`);
  }

  /** Where the source maps are, for stacks: asked with what stands in a stack, a path or a URL. */
  getSourceMaps() {
    const get = (place) => {
      if (!maps.has(place)) maps.set(place, this.#mapOf(place));
      return maps.get(place);
    };
    return { get, [Symbol.iterator]: () => maps[Symbol.iterator]() };
  }

  #mapOf(place) {
    if (!/\.tsx?(\?|$)/.test(place) || place.includes('/node_modules/')) return '';
    const path = place.startsWith('file:') ? fileURLToPath(place) : place;
    return existsSync(path) ? this.#transformer.transform(path, syntax).sourceMapPath : '';
  }

  async collectV8Coverage() {
    await startCounting();
  }

  async stopCollectingV8Coverage() {
    this.#counts = await takeCounts(this.#coverage);
  }

  getAllV8CoverageInfoCopy() {
    return this.#counts;
  }

  getAllCoverageInfoCopy() {
    return undefined;
  }

  enterTestCode() {}
  leaveTestCode() {}
  resetModules() {}
  clearAllMocks() {
    this.#environment.moduleMocker.clearAllMocks();
  }
  resetAllMocks() {
    this.#environment.moduleMocker.resetAllMocks();
  }
  restoreAllMocks() {
    this.#environment.moduleMocker.restoreAllMocks();
  }
  teardown() {
    for (const storage of this.#storages.splice(0)) storage.disable();
    this.restoreAllMocks();
  }
}

/** For another thread: without what can't be cloned. */
function plain(config) {
  return JSON.parse(JSON.stringify(config));
}
