// The column picker: shown, hidden, in which order, how wide; remembered, and in the address once changed.
import { alive, another, expect, noViolations, test } from './office';

test('columns are shown, hidden, ordered by hand and by key, made wider, and reset', async ({ browser }) => {
  const page = await another(browser, 'owner');
  const heads = () => page.locator('th[data-field]').evaluateAll((all) => all.map((head) => head.getAttribute('data-field')));
  await page.goto('/clients?name=%D1%80%D0%BE%D0%BC&cols=number,name,inn,phone,segment');
  await alive(page);
  await page.locator('summary[aria-label="Столбцы"]').click();
  await noViolations(page);
  // A search in it.
  await page.locator('.picker').getByLabel('Найти столбец').fill('поч');
  await expect(page.locator('.picker li:visible')).toHaveCount(1);
  await page.locator('.picker').getByLabel('Почта').check();
  await expect(page.locator('th[data-field=email]')).toBeVisible();
  await expect(page).toHaveURL(/name=.*cols=number,name,inn,phone,segment,email$/);
  await page.locator('.picker').getByLabel('Найти столбец').fill('');
  // Number and name stay.
  await expect(page.locator('.picker [value=name][type=checkbox]')).toBeDisabled();
  // By key: the focus goes along.
  await page.locator('.picker').getByLabel('Почта').focus();
  await page.keyboard.press('Alt+ArrowUp');
  await expect.poll(heads).toEqual(['number', 'name', 'inn', 'phone', 'email', 'segment']);
  await expect(page.locator('.picker').getByLabel('Почта')).toBeFocused();
  await page.keyboard.press('Alt+ArrowUp');
  await expect.poll(heads).toEqual(['number', 'name', 'inn', 'email', 'phone', 'segment']);
  // By hand.
  await page.locator('.picker li', { hasText: 'Сегмент' }).dragTo(page.locator('.picker li', { hasText: 'ИНН' }));
  await expect.poll(heads).toEqual(['number', 'name', 'segment', 'inn', 'email', 'phone']);
  await page.locator('.picker').getByLabel('ИНН').uncheck();
  await expect.poll(heads).toEqual(['number', 'name', 'segment', 'email', 'phone']);
  await expect(page.locator('.picker footer span')).toHaveText('5 из 24');
  await page.keyboard.press('Escape');
  await expect(page.locator('.picker')).toBeHidden();
  await expect(page.locator('summary[aria-label="Столбцы"]')).toBeFocused();

  // Wider, by key and by hand; the list is not asked for once more for that.
  const asked: string[] = [];
  page.on('request', (request) => request.url().endsWith('/call/list') && asked.push(request.url()));
  const width = () => page.locator('th[data-field=email]').evaluate((head) => Math.round(head.getBoundingClientRect().width));
  const before = await width();
  await page.locator('th[data-field=email] .edge').focus();
  await page.keyboard.press('ArrowRight');
  await expect(page).toHaveURL(/email:\d+/);
  await expect.poll(width).toBeGreaterThan(before);
  const edge = (await page.locator('th[data-field=email] .edge').boundingBox())!;
  await page.mouse.move(edge.x + 4, edge.y + 8);
  await page.mouse.down();
  await page.mouse.move(edge.x + 84, edge.y + 8, { steps: 4 });
  await page.mouse.up();
  await expect.poll(width).toBeGreaterThan(before + 60);
  expect(asked).toEqual([]);

  // Remembered without a word in the address; reset.
  await page.goto('/clients');
  await alive(page);
  await expect.poll(heads).toEqual(['number', 'name', 'segment', 'email', 'phone']);
  expect(await width()).toBeGreaterThan(before);
  await page.locator('summary[aria-label="Столбцы"]').click();
  await page.locator('.picker').getByRole('button', { name: 'Сбросить' }).click();
  await expect.poll(heads).toEqual(['number', 'name', 'contact', 'phone', 'last_touch', 'next_reminder', 'responsible']);
  await expect(page).toHaveURL('/clients');
});

test('the head and the first columns stay in sight', async ({ anna }) => {
  await anna.setViewportSize({ width: 900, height: 600 });
  await anna.goto('/clients?cols=number,name,inn,phone,email,address,site,responsible,created,created_by');
  await alive(anna);
  const box = async (selector: string) => (await anna.locator(selector).first().boundingBox())!;
  const name = await box('tbody td[data-field=name]');
  const head = await box('th[data-field=name]');
  await anna.locator('.grid').evaluate((grid) => grid.scrollTo(700, 400));
  await anna.waitForTimeout(100);
  expect((await box('th[data-field=name]')).y).toBe(head.y);
  expect((await box('th[data-field=name]')).x).toBe(head.x);
  expect((await box('tbody td[data-field=name]')).x).toBe(name.x);
  expect((await box('tbody td[data-field=inn]')).x).toBeLessThan(name.x);
  expect(await anna.evaluate(() => document.documentElement.scrollWidth)).toBe(900);
});
