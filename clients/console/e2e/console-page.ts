// What a person does on the console's pages.
import type { Locator, Page } from 'playwright-core';

export interface Account {
  email: string;
  password: string;
  /** Which to act in, for somebody who belongs to several. */
  tenant?: string;
}

export class ConsolePage {
  readonly #page: Page;
  readonly #origin: string;

  constructor(page: Page, origin: string) {
    this.#page = page;
    this.#origin = origin;
  }

  async open(path: string): Promise<void> {
    await this.#page.goto(`${this.#origin}/console${path}`);
  }

  /** Goes through the real sign-in page and comes back to where it was begun. */
  async signIn({ email, password, tenant }: Account): Promise<void> {
    await this.#page.getByRole('main').getByRole('button', { name: 'Sign in' }).click();
    await this.#page.getByLabel('E-mail address').fill(email);
    await this.#page.getByLabel('Password', { exact: true }).fill(password);
    await this.#page.keyboard.press('Enter');
    if (tenant !== undefined) {
      await this.#page.getByLabel(tenant, { exact: true }).check();
      await this.#page.keyboard.press('Enter');
    }
    await this.navigation.waitFor();
  }

  async signOut(): Promise<void> {
    await this.#page.getByRole('button', { name: 'Sign out' }).click();
    await this.#page.getByRole('heading', { name: 'Sign out?' }).waitFor();
    await this.#page.getByRole('button', { name: 'Sign out' }).click();
    await this.heading('Sign in to your tenant’s console').waitFor();
  }

  get navigation(): Locator {
    return this.#page.getByRole('navigation', { name: 'Pages' });
  }

  heading(name: string): Locator {
    return this.#page.getByRole('heading', { level: 1, name, exact: true });
  }

  /** Goes to a page by the navigation. */
  async goTo(name: string): Promise<void> {
    await this.navigation.getByRole('link', { name, exact: true }).click();
    await this.heading(name).waitFor();
  }

  /** The row of a list that begins with this name. */
  row(name: string): Locator {
    const header = this.#page.getByRole('rowheader', { name, exact: true });
    return this.#page.getByRole('row').filter({ has: header });
  }

  press(name: string): Promise<void> {
    return this.#page.getByRole('button', { name, exact: true }).click();
  }

  get dialog(): Locator {
    return this.#page.getByRole('dialog');
  }

  /** Fills in the open dialog: fields by their labels, boxes that are ticked by theirs. */
  async fill(fields: Readonly<Record<string, string>>, ticked: readonly string[] = []): Promise<void> {
    for (const [label, value] of Object.entries(fields)) {
      await this.dialog.getByLabel(label, { exact: true }).fill(value);
    }
    for (const label of ticked) {
      await this.dialog.getByRole('checkbox', { name: new RegExp(`^${label}`) }).check();
    }
  }

  /** Presses the open dialog's button. */
  submit(name: string): Promise<void> {
    return this.dialog.getByRole('button', { name, exact: true }).click();
  }

  /** Waits until the page has told this. */
  async told(message: string): Promise<void> {
    await this.#page.getByRole('status').filter({ hasText: message }).waitFor();
    await this.dialog.waitFor({ state: 'hidden' });
  }
}
