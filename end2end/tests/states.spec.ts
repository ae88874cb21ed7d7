// What goes wrong says so, offers the next step, and takes nothing away that was typed.
import { PASSWORD, alive, another, changed, client, expect, noViolations, signIn, test, watch } from './office';

test('the session is over: one signs in over the page, and what was typed is saved', async ({ browser }) => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await signIn(page, 'dima');
  const id = await client(page, { name: 'ООО «Время вышло»' });
  await page.goto(`/clients/${id}?edit=address`);
  await alive(page);
  await page.locator('[name=address]').fill('Тверь, ул. Новая, 1');
  await context.clearCookies();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toContainText('Время входа вышло');
  await noViolations(page);
  await page.getByRole('dialog').locator('[name=password]').fill('не тот');
  await page.getByRole('dialog').getByRole('button', { name: 'Продолжить' }).click();
  await expect(page.getByRole('dialog').getByRole('alert')).toContainText('не подошли');
  await page.getByRole('dialog').locator('[name=password]').fill(PASSWORD);
  await page.getByRole('dialog').getByRole('button', { name: 'Продолжить' }).click();
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(page.locator('dd[data-field=address]')).toContainText('Тверь, ул. Новая, 1');
  await expect(page.locator('dd[data-field=address]')).toContainText('Сохранено');
});

test('without a connection the text is sent by itself as soon as there is one', async ({ browser }) => {
  const page = await another(browser, 'dima');
  const id = await client(page, { name: 'ООО «Без связи»' });
  await page.goto(`/clients/${id}?edit=address`);
  await alive(page);
  await page.context().setOffline(true);
  await page.locator('[name=address]').fill('Псков');
  await page.keyboard.press('Enter');
  await expect(page.locator('.hint')).toContainText('Не сохранено: нет связи. Текст на месте, отправим сами');
  await page.context().setOffline(false);
  await expect(page.locator('dd[data-field=address]')).toContainText('Сохранено', { timeout: 15_000 });
  await page.reload();
  await expect(page.locator('dd[data-field=address]')).toContainText('Псков');
});

test('a list that does not load, or takes too long, says so and keeps the filters', async ({ browser }) => {
  const page = await another(browser, 'dima');
  await page.goto('/clients');
  await alive(page);
  await page.route('**/call/list', (route) => route.abort());
  await page.locator('input[name=name]').fill('маяк');
  await expect(page.locator('.void')).toContainText('Список не загрузился: нет связи');
  await expect(page.locator('input[name=name]')).toHaveValue('маяк');
  await page.unroute('**/call/list');
  await page.route('**/call/list', (route) => route.fulfill({ status: 503, contentType: 'application/json', body: '"TooSlow"' }));
  await page.locator('input[name=name]').fill('ромашка');
  await expect(page.locator('.void')).toContainText('остановлен');
  await noViolations(page);
  await page.unroute('**/call/list');
  await page.getByRole('link', { name: 'Повторить' }).click();
  await expect(page.locator('tbody tr').first()).toContainText('Ромашка');
  await expect(page.locator('input[name=name]')).toHaveValue('ромашка');
});

test('nothing found makes the client that was looked for', async ({ anna }) => {
  const name = `Искомый ${Date.now()}`;
  await anna.goto('/clients');
  await alive(anna);
  await anna.locator('input[name=name]').fill(name);
  await expect(anna.locator('.void')).toContainText(`Название: «${name}»`);
  await anna.getByRole('button', { name: `Создать «${name}»` }).click();
  await expect(anna).toHaveURL(/\/clients\/\d+\?edit=name$/);
  await expect(anna.locator('form.edit input[name=name]')).toHaveValue(name);
});

test('a hand over a value shows where it comes from, and puts the earlier one back', async ({ anna }) => {
  const id = await client(anna, { address: 'Тула' });
  await changed(anna, id, { address: 'Тверь' });
  await anna.goto(`/clients/${id}`);
  await alive(anna);
  await anna.locator('dd[data-field=address]').hover();
  await expect(anna.locator('.trace')).toContainText('Анна Крылова, сегодня');
  await expect(anna.locator('.trace')).toContainText('было Тула');
  await noViolations(anna);
  await anna.locator('.trace').getByRole('button', { name: 'Вернуть' }).click();
  await expect(anna.locator('dd[data-field=address]')).toContainText('Тула');
  await anna.locator('h1').first().hover();
  await expect(anna.locator('dd[data-field=address] .trace')).toHaveCount(0);
});

test('an employee is searched for by a part of the name, with keys', async ({ anna }) => {
  const id = await client(anna, { name: 'ООО «Передача»' });
  await anna.goto(`/clients/${id}`);
  await alive(anna);
  await anna.locator('dd[data-field=responsible] a.value').click();
  const combo = anna.locator('dd[data-field=responsible] [role=combobox]');
  await expect(combo).toBeFocused();
  await combo.fill('сав');
  await expect(anna.locator('dd[data-field=responsible] [role=option]')).toHaveText(['Дмитрий Савин']);
  await noViolations(anna);
  await anna.keyboard.press('Enter');
  await expect(anna.locator('dd[data-field=responsible]')).toContainText('Дмитрий Савин');
  await expect(anna.locator('dd[data-field=responsible]')).toContainText('Сохранено');
  await expect(anna.locator('.title .who')).toContainText('Дмитрий Савин');
});

test('the settings change the language and the look, and pages are of one language', async ({ browser }) => {
  const page = await another(browser, 'owner');
  const said = watch(page);
  await page.goto('/settings');
  await alive(page);
  await noViolations(page);
  await page.locator('[name=lang]').selectOption('en');
  await page.locator('[name=theme]').selectOption('dark');
  await page.getByRole('button', { name: 'Сохранить' }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await expect(page.locator('h1')).toHaveText('Settings');
  expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe('rgb(22, 24, 23)');
  await noViolations(page);
  await page.goto('/clients?name=zzz');
  await alive(page);
  await expect(page.locator('.void')).toContainText('Nothing found');
  await page.goto('/settings');
  await page.locator('[name=lang]').selectOption('ru');
  await page.locator('[name=theme]').selectOption('system');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.locator('h1')).toHaveText('Настройки');
  expect(said).toEqual([]);
});
