// What goes wrong under quick hands: pressed twice, left before the answer, typed where nothing was opened.
import { alive, client, expect, signIn, test } from './office';
import type { Page } from '@playwright/test';

/** A reminder of a client that is overdue for years. */
async function late(page: Page, id: number, note: string) {
  const form = { in: 'other', date: '2020-01-31', time: '09:00', note, client: String(id), _key: `${Math.random()}`, _back: '/today' };
  const made = await page.request.post('/reminders', { form, maxRedirects: 0 });
  expect(made.headers()['location']).toBe('/today');
}

test('two presses on a tick finish one reminder, which is named', async ({ anna }) => {
  for (const name of ['ООО «Раз»', 'ООО «Два»']) await late(anna, await client(anna, { name }), `звонок ${name}`);
  await anna.goto('/today');
  await alive(anna);
  const first = anna.locator('li.day-line', { hasText: 'ООО «Раз»' });
  const below = anna.locator('li.day-line', { hasText: 'ООО «Два»' });
  const calls: string[] = [];
  anna.on('request', (request) => request.url().includes('/call/change') && calls.push(request.url()));
  const place = (await first.locator('.tick').boundingBox())!;
  const [x, y] = [place.x + place.width / 2, place.y + place.height / 2];
  await anna.mouse.click(x, y);
  await expect(anna.locator('.toast')).toContainText('ООО «Раз»');
  await expect(anna.locator('.toast')).toContainText('звонок');
  await anna.mouse.click(x, y);
  // The line stands where it stood, struck through, and goes after some seconds.
  await expect(first.locator('.day-what')).toHaveCSS('text-decoration-line', 'line-through');
  await expect(first).toHaveCount(0);
  await expect(below).toHaveCount(1);
  expect(calls).toHaveLength(1);
});

test('what was sent before the answer came is no draft after a reload', async ({ anna }) => {
  const id = await client(anna, { name: 'ООО «Поздно»' });
  await anna.goto(`/clients/${id}`);
  await alive(anna);
  // The server does it, and the answer never comes.
  await anna.route('**/call/add', async (route) => {
    await route.fetch();
    await new Promise(() => {});
  });
  await anna.locator('.composer textarea').fill('Договорились');
  await anna.locator('.composer textarea').press('Control+Enter');
  await expect.poll(async () => (await (await anna.request.get(`/clients/${id}`)).text()).includes('Договорились')).toBe(true);
  await anna.unroute('**/call/add');
  await anna.reload();
  await alive(anna);
  await expect(anna.locator('.note .bubble')).toHaveText(['Договорились']);
  await expect(anna.locator('.composer textarea')).toHaveValue('');
  // What is written after it is one's own again.
  await anna.locator('.composer textarea').fill('Ещё не отправлено');
  await anna.reload();
  await alive(anna);
  await expect(anna.locator('.composer textarea')).toHaveValue('Ещё не отправлено');
});

test('a form that is opened has the cursor', async ({ anna }) => {
  const id = await client(anna, { name: 'ООО «Курсор»' });
  await anna.goto(`/clients/${id}`);
  await alive(anna);
  await anna.locator('.contacts details.add summary').click();
  await anna.keyboard.type('Степан Тетерин');
  await expect(anna.locator('.contacts details.add input[name=name]')).toHaveValue('Степан Тетерин');
  await expect(anna.locator('.composer textarea')).toHaveValue('');
  await anna.locator('.ahead .panel:not(.deals) details.add summary').click();
  await anna.keyboard.type('сверка счетов');
  await expect(anna.locator('.ahead .panel:not(.deals) details.add input[name=note]')).toHaveValue('сверка счетов');
});

for (const width of [1440, 390]) {
  test(`what was saved is said beside the value, for some seconds, at ${width} px`, async ({ page, quiet: _ }) => {
    await page.setViewportSize({ width, height: 840 });
    await signIn(page, 'anna');
    const id = await client(page, { name: 'ООО «Рядом»' });
    await page.goto(`/clients/${id}`);
    await alive(page);
    const value = page.locator('[data-field=address]');
    await value.locator('a.value').click();
    await value.locator('input.in').fill('Санкт-Петербург, набережная реки Фонтанки, дом 1');
    await value.locator('input.in').press('Enter');
    const mark = value.locator('.saved', { hasText: 'Отменить' });
    await expect(mark).toBeVisible();
    const [said, text] = [(await mark.boundingBox())!, (await value.locator('a.value').boundingBox())!];
    const apart = said.y + said.height <= text.y || said.y >= text.y + text.height || said.x >= text.x + text.width;
    expect(apart, `${JSON.stringify(said)} covers ${JSON.stringify(text)}`).toBe(true);
    await expect(mark).toHaveCount(0);
    const after = (await value.locator('a.value').boundingBox())!;
    expect([after.x, after.y]).toEqual([text.x, text.y]);
  });
}

test('signing in over the page, one types the password at once', async ({ page }) => {
  await signIn(page, 'anna');
  const id = await client(page, { name: 'ООО «Сессия»' });
  await page.goto(`/clients/${id}`);
  await alive(page);
  await page.context().clearCookies();
  await page.locator('[data-field=address] a.value').click();
  await page.locator('[data-field=address] input.in').fill('Тверь');
  await page.locator('[data-field=address] input.in').press('Enter');
  await expect(page.locator('dialog[open] input[name=password]')).toBeFocused();
});

test('a noted call finishes the reminder that it was for', async ({ anna }) => {
  const id = await client(anna, { name: 'ООО «Обещали»' });
  await late(anna, id, 'новый счёт');
  await anna.goto(`/clients/${id}`);
  await alive(anna);
  await anna.keyboard.press('Alt+KeyC');
  await expect(anna.locator('.composer .of-talk')).toContainText('Позвонить: новый счёт');
  await expect(anna.locator('.composer input[name=finish]')).toBeChecked();
  await anna.keyboard.type('Согласны');
  await anna.keyboard.press('Control+Enter');
  await expect(anna.locator('.note .bubble')).toHaveText(['Согласны']);
  await expect(anna.locator('.reminder')).toHaveCount(0);
  // Both go back together.
  await anna.locator('.toast').getByRole('button', { name: 'Отменить' }).click();
  await expect(anna.locator('.note .bubble')).toHaveCount(0);
  await expect(anna.locator('.reminder')).toHaveCount(1);
});

test('a value that was being typed is offered again, each tab its own', async ({ page, context }) => {
  await signIn(page, 'anna');
  const id = await client(page, { name: 'ООО «Почти»' });
  const beside = await context.newPage();
  for (const [tab, text] of [[page, 'Тверь'], [beside, 'Тула']] as const) {
    await tab.goto(`/clients/${id}`);
    await alive(tab);
    await tab.locator('[data-field=address] a.value').click();
    await tab.locator('[data-field=address] input.in').pressSequentially(text);
  }
  // The address says that it is open: after F5 the text stands in it again.
  await page.reload();
  await alive(page);
  await expect(page.locator('[data-field=address] input.in')).toHaveValue('Тверь');
  for (const [tab, text] of [[page, 'Тверь'], [beside, 'Тула']] as const) {
    await tab.goto(`/clients/${id}`);
    await alive(tab);
    await expect(tab.locator('[data-field=address] .unsaved q')).toHaveText(text);
  }
  // Brought back, it stands in the input; saved, nobody is offered it any more.
  await page.locator('[data-field=address] .unsaved').getByRole('button', { name: 'Вернуть' }).click();
  await expect(page.locator('[data-field=address] input.in')).toHaveValue('Тверь');
  await page.locator('[data-field=address] input.in').press('Enter');
  await expect(page.locator('[data-field=address] a.value')).toHaveText('Тверь');
  // What a closed tab had is there for the next one, until it is forgotten.
  await beside.close();
  await page.reload();
  await alive(page);
  await expect(page.locator('[data-field=address] .unsaved q')).toHaveText('Тула');
  await page.locator('[data-field=address] .unsaved').getByRole('button', { name: 'Забыть' }).click();
  await expect(page.locator('[data-field=address] .unsaved')).toHaveCount(0);
});

test('a value typed without a line waits, over pages and a reload, and goes by itself', async ({ page }) => {
  await signIn(page, 'anna');
  const id = await client(page, { name: 'ООО «Тоннель-2»' });
  await page.goto(`/clients/${id}`);
  await alive(page);
  await page.route('**/call/save', (route) => route.abort());
  await page.locator('[data-field=address] a.value').click();
  await page.locator('[data-field=address] input.in').fill('Под землёй');
  await page.locator('.rail a[href="/contacts"]').click();
  await expect(page).toHaveURL(/\/contacts$/);
  await expect(page.locator('.waits')).toContainText('Ждёт связи: 1 значение');
  await page.reload();
  await alive(page);
  await expect(page.locator('.waits')).toContainText('Ждёт связи: 1 значение');
  await page.unroute('**/call/save');
  await expect(page.locator('.toast')).toContainText('Сохранено: ООО «Тоннель-2», Адрес');
  await expect(page.locator('.waits')).toHaveCount(0);
  await page.goto(`/clients/${id}`);
  await expect(page.locator('[data-field=address] a.value')).toHaveText('Под землёй');
  await alive(page);
  await expect(page.locator('[data-field=address] .unsaved')).toHaveCount(0);
  // Of two texts of one place the later one goes; what was called off goes nowhere.
  await page.route('**/call/save', (route) => route.abort());
  for (const text of ['Первый', 'Второй']) {
    if (text === 'Первый') await page.locator('[data-field=address] a.value').click();
    await page.locator('[data-field=address] input.in').fill(text);
    await page.locator('[data-field=address] input.in').press('Enter');
    await expect(page.locator('[data-field=address] [role=alert]')).toBeVisible();
  }
  await page.locator('.rail a[href="/contacts"]').click();
  await expect(page.locator('.waits')).toContainText('Ждёт связи: 1 значение');
  await page.unroute('**/call/save');
  await expect(page.locator('.waits')).toHaveCount(0);
  await page.goto(`/clients/${id}`);
  await expect(page.locator('[data-field=address] a.value')).toHaveText('Второй');
  await alive(page);
  await page.route('**/call/save', (route) => route.abort());
  await page.locator('[data-field=address] a.value').click();
  await page.locator('[data-field=address] input.in').fill('Передумал');
  await page.locator('[data-field=address] input.in').press('Enter');
  await expect(page.locator('.waits')).toHaveCount(1);
  await page.locator('[data-field=address] input.in').press('Escape');
  await expect(page.locator('.waits')).toHaveCount(0);
  await expect(page.locator('[data-field=address] a.value')).toHaveText('Второй');
});
