// The token command, against arthemiz itself behind nginx.
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { dropNamespace } from '@supergraph/chassis/testing/drop-namespace';
import { decodeJwt } from 'jose';
import { seedDemo } from './demo.ts';
import { writeState } from './files.ts';
import { signIn } from './sign-in.ts';
import { type Stack, startStack } from './stack.ts';
import { captureOutput } from './testing/output.ts';
import { atTheEnd, temporaryFolder } from './testing/temporary-folder.ts';
import { isolatedEnv, root } from './testing/temporary-installation.ts';
import { printToken } from './tokens.ts';

const { MONGODB_URI = '', REDIS_URL = '', AMQP_URL = '' } = process.env;
const namespace = `token_${randomBytes(4).toString('hex')}`;
const dataDir = join(temporaryFolder(), 'data');

async function token(args: string[], folder = dataDir) {
  const output = captureOutput();
  const signal = new AbortController().signal;
  const code = await printToken({ root, args, env: {}, signal, output: output.stream, dataDir: folder });
  return { code, text: output.text() };
}

let stack: Stack;
beforeAll(async () => {
  const env = {
    ...isolatedEnv(temporaryFolder()),
    MONGODB_URI,
    REDIS_URL,
    AMQP_URL,
    NAMESPACE: namespace,
    LOG_LEVEL: 'warn',
  };
  stack = await startStack({ root, dataDir, publicPort: 0, env, backing: 'any', apps: ['arthemiz'] });
  await seedDemo({ root, dataDir, env: stack.env.arthemiz });
}, 480_000);
atTheEnd(async () => {
  await stack.stop();
  await dropNamespace({ namespace, MONGODB_URI, REDIS_URL, AMQP_URL });
});

describe('npm run token', () => {
  it('prints the token of a demo account and nothing else', async () => {
    const { code, text } = await token(['Owner@acme.test']);
    expect([code, text]).toEqual([0, expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+\n$/)]);
    expect(decodeJwt(text.trim())).toMatchObject({
      iss: `${stack.origin}/auth`,
      aud: `${stack.origin}/graphql`,
    });
  });

  it('prints one of a service', async () => {
    const { code, text } = await token(['--service', 'acme']);
    expect([code, decodeJwt(text.trim()).aud]).toEqual([0, `${stack.origin}/graphql`]);
  });

  it('names the accounts there are where one is not', async () => {
    await expect(token(['nobody@acme.test'])).rejects.toThrow(
      /nobody@acme\.test is no demo account\.\nDemo accounts:\n {2}owner@acme\.test/,
    );
    await expect(token(['--service', 'nobody'])).rejects.toThrow(
      'The tenant nobody has no demo service client.',
    );
  });

  it('says how it is used, and not where a token is expected', async () => {
    expect(await token(['--help'])).toMatchObject({
      code: 0,
      text: expect.stringContaining('owner@acme.test'),
    });
    await expect(token([])).rejects.toThrow(/^npm run -s token -- owner@acme\.test\n/);
  });

  it('is for one account, and ignores nothing that it was given', async () => {
    await expect(token(['owner@acme.test', 'extra'])).rejects.toThrow(
      'One token at a time, not owner@acme.test and extra.',
    );
    await expect(token(['owner@acme.test', '--service', 'acme'])).rejects.toThrow(
      'One token at a time, not owner@acme.test and --service acme.',
    );
  });

  it('says that nothing runs', async () => {
    const idle = temporaryFolder();
    await expect(token(['owner@acme.test'], idle)).rejects.toThrow(
      'The platform is not running here. Start it with: npm start',
    );
    await expect(token([], idle)).rejects.toThrow('There are no demo accounts yet: npm start makes them.');
    writeState(join(idle, 'demo-accounts.json'), { accounts: 'none' });
    await expect(token([], idle)).rejects.toThrow('demo-accounts.json is damaged');
  });
});

describe('a sign-in', () => {
  it('that is refused says so in the page’s words', async () => {
    const account = { origin: stack.origin, email: 'owner@acme.test', password: 'wrong' };
    await expect(signIn(account)).rejects.toThrow(/^The sign-in was refused: \S/);
  });

  it('where nobody provides it says where to look', async () => {
    const origin = 'http://127.0.0.1:9';
    await expect(signIn({ origin, email: 'a', password: 'b' })).rejects.toThrow(
      /^http:\/\/127\.0\.0\.1:9\/auth does not answer as an OpenID provider \(.*\)\. Look whether it is ready: http:\/\/127\.0\.0\.1:9\/health\/ready$/,
    );
  });

  it('does not take the password elsewhere', async () => {
    const elsewhere = createServer((request, response) => {
      const issuer = `http://${request.headers.host}/auth`;
      if (request.url?.includes('.well-known')) {
        response.setHeader('content-type', 'application/json');
        response.end(
          JSON.stringify({
            issuer,
            authorization_endpoint: `${issuer}/auth`,
            token_endpoint: `${issuer}/token`,
          }),
        );
      } else if (request.url?.includes('page'))
        response.end('<form action="http://evil.test/"><input name="password"></form>');
      else
        response
          .writeHead(302, {
            location: request.headers.host?.startsWith('localhost') ? '/page' : 'http://evil.test/',
          })
          .end();
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, resolve));
    const address = elsewhere.address();
    const port = typeof address === 'object' ? address?.port : '';
    for (const host of ['127.0.0.1', 'localhost']) {
      const account = { origin: `http://${host}:${port}`, email: 'a', password: 'b' };
      await expect(signIn(account)).rejects.toThrow('The sign-in leads elsewhere: http://evil.test');
    }
    elsewhere.closeAllConnections();
    elsewhere.close();
  });
});
