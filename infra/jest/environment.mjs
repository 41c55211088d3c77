// jest's environment without a sandbox: test files run one after another in the process's own realm, so that it
// evaluates Mongoose, Apollo and our own code once and not for each file. What a file may have changed is put back.
import { ModernFakeTimers } from '@jest/fake-timers';
import { ModuleMocker } from 'jest-mock';

export default class NativeEnvironment {
  global = globalThis;
  moduleMocker = new ModuleMocker(globalThis);
  #console = globalThis.console;
  #exit = process.exit;
  #env = { ...process.env };

  /** @param {{ projectConfig: import('@jest/types').Config.ProjectConfig }} given */
  constructor({ projectConfig }) {
    this.fakeTimersModern = new ModernFakeTimers({ config: projectConfig, global: globalThis });
  }

  async setup() {}

  async teardown() {
    this.fakeTimersModern.dispose();
    globalThis.console = this.#console;
    process.exit = this.#exit;
    for (const name of Object.keys(process.env)) if (!(name in this.#env)) delete process.env[name];
    Object.assign(process.env, this.#env);
  }

  /** jest takes an environment without this for an old one; our runtime asks for none. */
  getVmContext() {
    return null;
  }
}
