// The ground that everything stands on: lazy pages, hydration, the policy, no JavaScript.
import { alive, client, expect, signIn, test, watch } from './office';

test('a hard reload on a lazy page comes to life without a word in the console', async ({ anna }) => {
  await anna.goto('/clients');
  await alive(anna);
  await anna.reload();
  await alive(anna);
  await anna.goto('/clients/17');
  await alive(anna);
  await anna.reload();
  await alive(anna);
  await expect(anna.locator('h1')).not.toBeEmpty();
});

test('the same page stands without JavaScript', async ({ browser, anna }) => {
  const plain = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
  const said = watch(plain);
  const fetched: string[] = [];
  plain.on('request', (request) => fetched.push(new URL(request.url()).pathname));
  await signIn(plain, 'anna');
  // Pages that no other test changes meanwhile.
  const path17 = '/clients/17';
  for (const path of ['/clients?sort=name&name=%D0%B0%D0%B1%D1%80%D0%B0%D0%BC%D0%BE%D0%B2', path17, `${path17}?tab=history`, '/settings']) {
    await plain.goto(path);
    await anna.goto(path);
    await alive(anna);
    // Without what only the one or the other needs.
    const text = (page: typeof plain) =>
      page.locator('main').evaluate((main) => {
        const copy = main.cloneNode(true) as HTMLElement;
        copy.querySelectorAll('.js, .no-js, .none, .bulk, .sessions').forEach((element) => element.remove());
        return copy.textContent!.replace(/\s+/g, ' ');
      });
    expect(await text(anna)).toBe(await text(plain));
  }
  expect(said).toEqual([]);
  // What only scripts need is not fetched without them.
  expect(fetched.some((path) => path.endsWith('.css'))).toBe(true);
  expect(fetched.filter((path) => /\.(js|wasm)$/.test(path))).toEqual([]);
});

test('what is typed into a filter before the WASM arrives is kept, with focus and caret', async ({ anna }) => {
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await anna.route('**/*.wasm', async (route) => {
    await held;
    await route.continue();
  });
  await anna.goto('/clients', { waitUntil: 'commit' });
  const name = anna.locator('input[name=name]');
  await name.click();
  await name.pressSequentially('ромаш');
  await name.press('ArrowLeft');
  await expect(anna.locator('html.live')).not.toBeAttached();
  release();
  await alive(anna);
  await expect(anna).toHaveURL(/name=/);
  await expect(name).toHaveValue('ромаш');
  await expect(name).toBeFocused();
  expect(await name.evaluate((input: HTMLInputElement) => input.selectionStart)).toBe(4);
  await expect(anna.locator('tbody tr').first()).toContainText('Ромаш');
});

test('what is typed into a value before the WASM arrives is kept and saved on leaving', async ({ anna }) => {
  const id = await client(anna, { address: 'Тула' });
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await anna.route('**/*.wasm', async (route) => {
    await held;
    await route.continue();
  });
  await anna.goto(`/clients/${id}?edit=address`, { waitUntil: 'commit' });
  const address = anna.locator('[name=address]');
  await address.fill('Тверь, ул. Советская');
  await expect(anna.locator('html.live')).not.toBeAttached();
  release();
  await alive(anna);
  await expect(address).toHaveValue('Тверь, ул. Советская');
  await expect(address).toBeFocused();
  await anna.locator('.crumb').click();
  await expect(anna.locator('dd[data-field=address]')).toContainText('Сохранено');
  await anna.reload();
  await expect(anna.locator('dd[data-field=address]')).toHaveText('Тверь, ул. Советская');
});
