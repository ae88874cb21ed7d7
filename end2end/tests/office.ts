// What every test begins with: a person who is signed in, and a page that may not complain.
import AxeBuilder from '@axe-core/playwright';
import { test as base, expect, type Browser, type Page } from '@playwright/test';

export const PASSWORD = 'верный пароль';

/**
 * Console messages and errors of a page. Chromium writes a line of its own for a document that is 404 and
 * for a save that was refused (409 a conflict, 422 a problem): those are answers, not faults of the page.
 */
export function watch(page: Page): string[] {
  const said: string[] = [];
  page.on('console', (message) => {
    const status = /the server responded with a status of (\d+)/.exec(message.text())?.[1];
    const url = message.location().url;
    const missing = status === '404' && (url === page.url() || url.endsWith('/call/card'));
    const refused = (status === '409' || status === '422') && /\/call\/(save|add|change)$/.test(url);
    // Chromium's remark when a test types faster than it puts the cursor.
    const hasty = /^Autofocus processing was blocked/.test(message.text());
    if (!missing && !refused && !hasty) said.push(`${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => said.push(`error: ${error.message}`));
  return said;
}

export async function signIn(page: Page, login: string) {
  await page.goto('/login');
  await page.locator('[name=login]').fill(login);
  await page.locator('[name=password]').fill(PASSWORD);
  await page.getByRole('button', { name: 'Войти' }).click();
  await page.waitForURL('**/today');
}

/** Waits until the WASM has brought the page to life, its lazy part included. */
export async function alive(page: Page) {
  await expect(page.locator('html.live')).toBeAttached();
  await page.waitForLoadState('networkidle');
}

/** Another person in a browser of their own. */
export async function another(browser: Browser, login: string): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  await signIn(page, login);
  return page;
}

/** Presses the plus on a living list; gives the new client's number. */
export async function create(page: Page): Promise<number> {
  await page.goto('/clients');
  await alive(page);
  await page.locator('form.plus button').click();
  await page.waitForURL(/\/clients\/\d+\?edit=name$/);
  return Number(/\/clients\/(\d+)/.exec(page.url())![1]);
}

/** A client with this name and values, made without a browser. */
export async function client(page: Page, values: Record<string, string>): Promise<number> {
  const key = () => `${Date.now()}-${Math.random()}`;
  const made = await page.request.post('/clients', { form: { _key: key() }, maxRedirects: 0 });
  const id = Number(/\/clients\/(\d+)/.exec(made.headers()['location'])![1]);
  if (Object.keys(values).length > 0) {
    const saved = await page.request.post(`/clients/${id}`, { form: { ...values, _version: '1', _key: key() }, maxRedirects: 0 });
    expect(saved.headers()['location']).toBe(`/clients/${id}`);
  }
  return id;
}

/** Another person's change, made without a browser. */
export async function changed(page: Page, id: number, values: Record<string, string>) {
  const form = await (await page.request.get(`/clients/${id}?edit=name`)).text();
  const version = /name="_version"[^>]* value="(\d+)"|value="(\d+)"[^>]* name="_version"/.exec(form)!;
  const saved = await page.request.post(`/clients/${id}`, {
    form: { ...values, _version: version[1] ?? version[2], _key: `${Math.random()}` },
    maxRedirects: 0,
  });
  expect(saved.headers()['location']).toBe(`/clients/${id}`);
}

export async function noViolations(page: Page) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const lines = violations.flatMap((violation) => violation.nodes.map((node) => `${violation.id}: ${node.target} ${node.failureSummary}`));
  expect(lines).toEqual([]);
}

/** Signed in as Anna; the test fails when her page said anything to the console. */
export const test = base.extend<{ anna: Page; quiet: string[] }>({
  quiet: async ({ page }, use) => {
    const said = watch(page);
    await use(said);
    expect(said).toEqual([]);
  },
  anna: async ({ page, quiet: _ }, use) => {
    await signIn(page, 'anna');
    await use(page);
  },
});

export { expect };
