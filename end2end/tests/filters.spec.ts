// Filters of any field: made, changed, pinned, pasted, grouped; each is an address.
import { alive, another, client, expect, noViolations, test } from './office';

test('a filter of any field is made in steps, says itself and goes', async ({ anna }) => {
  await anna.goto('/clients?sort=name');
  await alive(anna);
  await anna.getByRole('link', { name: 'Фильтр', exact: true }).click();
  await expect(anna.locator('.filter-pop [name=_field]')).toBeFocused();
  await noViolations(anna);
  await anna.locator('.filter-pop [name=_field]').selectOption('segment');
  await anna.locator('.filter-pop [name=_op]').selectOption('not');
  await anna.locator('.filter-pop').getByLabel('Опт').check();
  await noViolations(anna);
  await anna.locator('.filter-pop').getByRole('button', { name: 'Показать' }).click();
  await expect(anna).toHaveURL('/clients?segment.not=1&sort=name');
  await expect(anna.locator('.chip-filter')).toHaveText('Сегмент не Опт');
  await expect(anna.locator('.filter-pop')).toHaveCount(0);
  await expect(anna.locator('td[data-field=segment]').filter({ hasText: 'Опт' })).toHaveCount(0);

  // Changed through its chip, joined with another by «или», taken off.
  await anna.locator('.chip-filter .chip-text').click();
  await expect(anna.locator('.filter-pop').getByLabel('Опт')).toBeChecked();
  await anna.locator('.filter-pop').getByRole('link', { name: 'или ещё условие' }).click();
  await anna.locator('.filter-pop [name=_field]').selectOption('email');
  // What needs no value is a filter at once.
  await anna.locator('.filter-pop [name=_op]').selectOption('empty');
  await expect(anna).toHaveURL('/clients?a.segment.not=1&a.email.empty=1&sort=name');
  await expect(anna.locator('.chip-filter')).toHaveText('Сегмент не Опт или Почта пусто');
  await anna.reload();
  await alive(anna);
  await expect(anna.locator('.chip-filter')).toHaveText('Сегмент не Опт или Почта пусто');
  await anna.getByRole('link', { name: 'Снять фильтр: Сегмент, Почта' }).click();
  await expect(anna).toHaveURL('/clients?sort=name');
  await anna.goBack();
  await expect(anna.locator('.chip-filter')).toHaveText('Сегмент не Опт или Почта пусто');
  await anna.locator('.changed .at').click();
  await expect(anna).toHaveURL('/clients');
});

test('created from a day to a day, and Esc closes the form', async ({ anna }) => {
  await anna.goto('/clients');
  await alive(anna);
  await anna.locator('.row-f', { hasText: 'Создан' }).click();
  await anna.locator('.filter-pop [name=_from]').fill('2026-06-01');
  await anna.locator('.filter-pop [name=_to]').fill('2026-06-30');
  await anna.keyboard.press('Enter');
  await expect(anna).toHaveURL('/clients?created=2026-06-01..2026-06-30');
  await expect(anna.locator('.chip-filter')).toHaveText('Создан с 1 июн 2026 по 30 июн 2026');
  const shown = await anna.request.get('/clients?created=2026-06-01..2026-06-30&cols=number,name,created');
  expect(await shown.text()).toMatch(/<td[^>]*data-field="created"[^>]*>.{0,80}\d июн/);
  await anna.getByRole('link', { name: 'Фильтр', exact: true }).click();
  await expect(anna.locator('.filter-pop')).toBeVisible();
  await anna.keyboard.press('Escape');
  await expect(anna.locator('.filter-pop')).toHaveCount(0);
  await expect(anna).toHaveURL('/clients?created=2026-06-01..2026-06-30');
  await expect(anna.getByRole('link', { name: 'Фильтр', exact: true })).toBeFocused();
});

test('a column of values from a spreadsheet becomes any of them, and what is missing is said', async ({ anna }) => {
  const one = await client(anna, { name: 'ООО «Вставка первая»', phone: '8 913 111-22-33' });
  const two = await client(anna, { name: 'ООО «Вставка вторая»', phone: '8 913 111-22-44' });
  await anna.goto('/clients?sort=name');
  await alive(anna);
  await anna.locator('input[name=phone]').evaluate((input) => {
    const data = new DataTransfer();
    data.setData('text', '+7 913 111-22-33\n89131112244\r\n8 913 000-00-01\n');
    input.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  });
  await expect(anna).toHaveURL(/phone\.is=.*&phone\.is=.*&phone\.is=.*&sort=name/);
  await expect(anna.locator('tbody tr')).toHaveCount(2);
  await expect(anna.locator(`tr[data-id="${one}"]`)).toBeVisible();
  await expect(anna.locator(`tr[data-id="${two}"]`)).toBeVisible();
  await expect(anna.locator('.notice.missing')).toHaveText('Не нашлось (Телефон): 8 913 000-00-01');
  await noViolations(anna);
});

test('a filter is pinned into the row, for this user only', async ({ browser }) => {
  const page = await another(browser, 'dima');
  await page.goto('/clients?filter=segment');
  await alive(page);
  await page.getByRole('button', { name: 'Закрепить в строке' }).click();
  await expect(page.locator('.row-f select[name=segment]')).toBeVisible();
  await page.locator('.row-f select[name=segment]').selectOption({ label: 'Розница' });
  await expect(page).toHaveURL('/clients?segment=2');
  await expect(page.locator('.chip-filter')).toHaveCount(0);
  await page.reload();
  await expect(page.locator('.row-f select[name=segment]')).toHaveValue('2');
  await alive(page);
  await page.goto('/clients?filter=segment');
  await alive(page);
  await page.getByRole('button', { name: 'Убрать из строки' }).click();
  await expect(page.locator('.row-f select[name=segment]')).toHaveCount(0);
});

test('the responsible is chosen in the row, and a new client takes the segment but not the responsible', async ({ anna }) => {
  await anna.goto('/clients?segment=3');
  await alive(anna);
  await anna.locator('.row-f select[name=responsible]').selectOption({ label: 'Дмитрий Савин' });
  await expect(anna).toHaveURL(/segment=3&responsible=\d+$/);
  await expect(anna.locator('td[data-field=responsible]').first()).toContainText('Дмитрий Савин');
  await anna.locator('.filters form.plus button').click();
  await expect(anna.locator('dd[data-field=segment]')).toHaveText('Производство');
  await expect(anna.locator('dd[data-field=responsible]')).toContainText('Анна Крылова');
  // Left untouched it is offered for removal.
  const id = Number(/clients\/(\d+)/.exec(anna.url())![1]);
  await anna.goto('/clients');
  await alive(anna);
  await expect(anna.locator('.untouched')).toContainText(`Клиент №\u202f${id} пуст.`);
  await noViolations(anna);
  await anna.locator('.untouched').getByRole('button', { name: 'Убрать' }).click();
  await expect(anna.locator('.toast')).toContainText('Клиент в корзине');
  await expect(anna.locator(`tr[data-id="${id}"]`)).toHaveCount(0);
  await anna.locator('.toast').getByRole('button', { name: 'Восстановить' }).click();
  await expect(anna.locator(`tr[data-id="${id}"]`)).toBeVisible();
});

test('without JavaScript filters are made, and the phone has them in a sheet', async ({ browser, anna }) => {
  const plain = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
  const { signIn } = await import('./office');
  await signIn(plain, 'dima');
  await plain.goto('/clients');
  await plain.getByRole('link', { name: 'Фильтр', exact: true }).click();
  await plain.locator('.filter-pop [name=_field]').selectOption('segment');
  await plain.getByRole('button', { name: 'Показать' }).click();
  await plain.locator('.filter-pop').getByLabel('Госсектор').check();
  await plain.getByRole('button', { name: 'Показать' }).click();
  await expect(plain).toHaveURL('/clients?segment=4');
  await expect(plain.locator('.chip-filter')).toHaveText('Сегмент Госсектор');
  await plain.locator('.chip-filter .x').click();
  await expect(plain).toHaveURL('/clients');

  await anna.setViewportSize({ width: 390, height: 780 });
  await anna.goto('/clients?segment=4');
  await alive(anna);
  await expect(anna.locator('.row-f').first()).toBeHidden();
  await anna.getByRole('link', { name: 'Фильтры: 1' }).click();
  await expect(anna.locator('.row-f input[name=inn]')).toBeVisible();
  await noViolations(anna);
  expect(await anna.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  await anna.locator('.row-f input[name=inn]').fill('77');
  await expect(anna).toHaveURL(/inn=77/);
  await anna.getByRole('link', { name: 'Фильтры: 2' }).click();
  await anna.getByRole('link', { name: 'Показать' }).click();
  await expect(anna.locator('.row-f').first()).toBeHidden();
  await expect(anna).toHaveURL(/\/clients\?segment=4&inn=77$/);
});
