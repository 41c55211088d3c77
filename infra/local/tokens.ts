// npm run token: a bearer token of a demo account, alone on standard output.
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { CommandContext } from './command-line.ts';
import { type DemoAccounts, readDemoAccounts } from './demo.ts';
import { Problem } from './problem.ts';
import { readRuntime } from './runtime.ts';
import { signIn, signInService, type Tokens } from './sign-in.ts';

const usage = `npm run -s token -- owner@acme.test
npm run -s token -- --service acme

Signs in at the running platform and prints the access token, and nothing else, to standard output.
`;

export interface TokenOptions extends CommandContext {
  root: string;
  /** Default `.data` of the checkout. */
  dataDir?: string;
}

/** @returns the exit code. */
export async function printToken({ root, args, output, ...options }: TokenOptions): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { service: { type: 'string' }, help: { type: 'boolean' } },
    allowPositionals: true,
  });
  const dataDir = resolve(options.dataDir ?? join(root, '.data'));
  const accounts = readDemoAccounts(dataDir);
  const [email] = positionals;
  const wanted = [...positionals, ...(values.service === undefined ? [] : [`--service ${values.service}`])];
  const text = `${usage}\n${listOf(accounts)}`;
  if (values.help === true) {
    output.write(`${text}\n`);
    return 0;
  }
  // Not to standard output: TOKEN=$(npm run -s token) must not take it for a token.
  if (wanted.length === 0) throw new Problem(text);
  if (wanted.length > 1) throw new Problem(`One token at a time, not ${wanted.join(' and ')}.\n\n${usage}`);
  const runtime = readRuntime(dataDir);
  if (runtime === undefined || accounts === undefined) {
    throw new Problem('The platform is not running here. Start it with: npm start');
  }
  const { origin } = runtime;
  const tokens =
    values.service === undefined
      ? await signIn({ origin, ...accountOf(accounts, email ?? '') })
      : await serviceToken({ origin, accounts, tenant: values.service });
  output.write(`${tokens.accessToken}\n`);
  return 0;
}

function accountOf(accounts: DemoAccounts, email: string): { email: string; password: string } {
  const account = accounts.accounts.find((candidate) => candidate.email === email.toLowerCase());
  if (account === undefined) throw new Problem(`${email} is no demo account.\n${listOf(accounts)}`);
  return { email: account.email, password: account.password };
}

function serviceToken(given: { origin: string; accounts: DemoAccounts; tenant: string }): Promise<Tokens> {
  const { origin, accounts, tenant } = given;
  const client = accounts.clients.find((candidate) => candidate.tenant === tenant);
  if (client === undefined)
    throw new Problem(`The tenant ${tenant} has no demo service client.\n${listOf(accounts)}`);
  return signInService({ origin, clientId: client.clientId, clientSecret: client.clientSecret });
}

function listOf(accounts: DemoAccounts | undefined): string {
  if (accounts === undefined) return 'There are no demo accounts yet: npm start makes them.';
  const people = accounts.accounts.map(
    ({ email, tenant, role }) => `  ${email.padEnd(26)} ${role} of ${tenant}`,
  );
  const services = accounts.clients.map(({ tenant }) => `  --service ${tenant}`);
  return ['Demo accounts:', ...people, ...services].join('\n');
}
