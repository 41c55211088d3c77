// What a person does on the explorer's pages.
import type { Locator, Page } from 'playwright-core';

export class ExplorerPage {
  readonly #page: Page;
  readonly #origin: string;

  constructor(page: Page, origin: string) {
    this.#page = page;
    this.#origin = origin;
  }

  async open(): Promise<void> {
    await this.#page.goto(`${this.#origin}/explorer`);
    await this.invitation.waitFor();
  }

  get invitation(): Locator {
    return this.#page.getByRole('heading', { name: 'Sign in to see the schema and run queries' });
  }

  get account(): Locator {
    return this.#page.locator('.account');
  }

  /** What the page says, and reads aloud, about the subscription's connection. */
  liveStatus(text: RegExp): Locator {
    return this.#page.getByRole('status').filter({ hasText: text });
  }

  get documentation(): Locator {
    return this.#page.getByRole('region', { name: 'Documentation Explorer' });
  }

  async showDocumentation(): Promise<void> {
    await this.#page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
    await this.documentation.waitFor();
  }

  async hideDocumentation(): Promise<void> {
    await this.#page.getByRole('button', { name: 'Hide Documentation Explorer' }).click();
    await this.documentation.waitFor({ state: 'hidden' });
  }

  /** Opens one of the sidebar's panels. */
  async openPanel(name: 'Query plan' | 'Schema graph'): Promise<Locator> {
    await this.#page.getByRole('button', { name: `Show ${name}` }).click();
    const panel = this.#page.getByRole('region', { name });
    await panel.waitFor();
    return panel;
  }

  async closePanel(name: 'Query plan' | 'Schema graph'): Promise<void> {
    await this.#page.getByRole('button', { name: `Hide ${name}` }).click();
    await this.#page.getByRole('region', { name }).waitFor({ state: 'hidden' });
  }

  /** The line that says what is known of the field at the cursor. */
  get fieldAtCursor(): Locator {
    return this.#page.getByRole('region', { name: 'Field at the cursor' });
  }

  /** Puts the cursor into the last line of the editor that has the text. */
  async putCursorInto(text: string): Promise<void> {
    await this.#page.locator('.graphiql-query-editor .view-line', { hasText: text }).last().click();
  }

  /** Opens a tab of its own for a query, and writes it. */
  async write(query: string): Promise<void> {
    await this.#page.getByRole('button', { name: 'New tab' }).click();
    await this.#page.locator('.graphiql-query-editor .view-lines').click();
    await this.#page.keyboard.insertText(query);
  }

  /** Words that the editor underlines as denied to this person. */
  get deniedMarks(): Locator {
    return this.#page.locator('.graphiql-query-editor .squiggly-warning');
  }

  /** Leaves for the sign-in page; fails where the provider lets the person in without asking who they are. */
  async goToSignIn(): Promise<void> {
    await this.#page.getByRole('main').getByRole('button', { name: 'Sign in' }).click();
    await this.#page.getByLabel('E-mail address').waitFor();
  }

  /** Goes through the real sign-in page and comes back to the editor. */
  async signIn({ email, password }: { email: string; password: string }): Promise<void> {
    await this.goToSignIn();
    await this.#page.getByLabel('E-mail address').fill(email);
    await this.#page.getByLabel('Password').fill(password);
    await this.#page.keyboard.press('Enter');
    await this.#page.getByRole('tab', { name: 'Welcome' }).waitFor();
  }

  /** Signs out here and, on the identity provider's page, everywhere in this browser. */
  async signOut(): Promise<void> {
    await this.#page.getByRole('button', { name: 'Sign out' }).click();
    await this.#page.getByRole('heading', { name: 'Sign out?' }).waitFor();
    await this.#page.getByRole('button', { name: 'Sign out' }).click();
    await this.invitation.waitFor();
  }

  async openTab(name: string): Promise<void> {
    await this.#page.getByRole('tab', { name }).click();
    await this.#page.locator('.graphiql-query-editor .view-lines', { hasText: name }).waitFor();
  }

  /** Presses run once and waits until the answer is there; returns its text. */
  async run(): Promise<string> {
    await this.#page.getByRole('button', { name: /^Execute query/ }).click();
    await this.#response(/\{/).waitFor();
    await this.#page.getByRole('button', { name: /^Execute query/ }).waitFor();
    return (await this.#response(/\{/).textContent()) ?? '';
  }

  /** Runs the operation again until its answer has all of `expected`: some facts arrive as events a moment later. */
  async runUntil(expected: readonly RegExp[], timeoutMs: number): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const answer = await this.run();
      const missing = expected.filter((pattern) => !pattern.test(answer));
      if (missing.length === 0) return;
      if (Date.now() > deadline) throw new Error(`never answered ${missing.join(', ')}, at last:\n${answer}`);
    }
  }

  /** Starts a subscription and returns once the gateway has accepted the connection and been sent the operation. */
  async subscribe(): Promise<void> {
    // The listener is attached within the event: frames may follow before an awaited socket is in hand.
    const subscribed = this.#page.waitForEvent('websocket', {
      predicate: (socket) =>
        new Promise((resolve) => {
          socket.on('framesent', ({ payload }) => payload.includes('"subscribe"') && resolve(true));
        }),
    });
    await this.#page.getByRole('button', { name: /^Execute query/ }).click();
    await subscribed;
  }

  /** Waits until one live result shows all of the patterns together. */
  async sees(patterns: readonly RegExp[], timeoutMs: number): Promise<void> {
    const together = new RegExp(patterns.map((pattern) => `(?=[^]*${pattern.source})`).join(''), 'i');
    await this.#response(together).waitFor({ timeout: timeoutMs });
  }

  /** How wide the page's parts are, and how far the page reaches to the right, in CSS pixels. */
  async widths(): Promise<{ editor: number; response: number; page: number }> {
    const widthOf = async (part: string) => (await this.#page.locator(part).boundingBox())?.width ?? 0;
    return {
      editor: await widthOf('.graphiql-query-editor'),
      response: await widthOf('.graphiql-response'),
      page: await this.#page.evaluate(() => document.documentElement.scrollWidth),
    };
  }

  #response(text: RegExp): Locator {
    return this.#page.locator('.graphiql-response .view-lines', { hasText: text });
  }
}
