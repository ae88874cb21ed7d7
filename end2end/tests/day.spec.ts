// A manager's day, told as one story: at 1440 and 390 px with JavaScript, and once without (R3, R8, R10, R11, R16,
// R17, R20, R22).
import { alive, another, client, expect, noViolations, signIn, test, watch } from './office';
import type { Page } from '@playwright/test';

const card = (page: Page, id: number) => page.goto(`/clients/${id}`);

for (const width of [1440, 390]) {
  test(`a manager's day at ${width} px`, async ({ anna, browser }) => {
    test.slow();
    await anna.setViewportSize({ width, height: 840 });
    // The day opens by itself; each line says why it is there.
    await expect(anna).toHaveURL(/\/today$/);
    await alive(anna);
    await expect(anna.locator('h1')).toContainText('Сегодня, ');
    await noViolations(anna);

    // Who has been silent: the tab, among my own.
    await anna.goto('/clients?responsible=me');
    await alive(anna);
    await anna.locator('.views a', { hasText: 'Давно не общались' }).click();
    await expect(anna).toHaveURL(/last_touch\.older=own/);
    await expect(anna.locator('.views a[aria-current=page]')).toContainText('Давно не общались');
    // Each telling of the story has a client of its own.
    const row = anna.locator('tr[data-id]').nth(width === 390 ? 4 : 1);
    await expect(row).toBeVisible();
    const silent = Number(await row.getAttribute('data-id'));
    // Space shows the client beside the list, in the address.
    await row.locator('a.row-link').focus();
    await anna.keyboard.press('Space');
    await expect(anna).toHaveURL(new RegExp(`peek=${silent}`));
    await expect(anna.locator('.peek .composer')).toBeVisible();
    await noViolations(anna);

    // A call is noted with one chord, whatever the layout; text and Ctrl+Enter are enough.
    await card(anna, silent);
    await alive(anna);
    await anna.keyboard.press('Alt+KeyC');
    await expect(anna.locator('.composer textarea')).toBeFocused();
    await expect(anna.locator('.composer input[name=kind][value="2"]')).toBeChecked();
    await anna.keyboard.type('Договорились о новой поставке');
    await anna.keyboard.press('Control+Enter');
    await expect(anna.locator('.note .bubble').first()).toHaveText('Договорились о новой поставке');
    await expect(anna.locator('.lately')).toContainText('Общались сегодня, звонок');
    await expect(anna.locator('.composer textarea')).toHaveValue('');
    // «Дальше»: one press answers.
    await anna.locator('.ask').getByRole('button', { name: 'Завтра в 10:00' }).click();
    await expect(anna.locator('.ask')).toHaveCount(0);
    const planned = anna.locator(`.reminder .chip`, { hasText: 'завтра 10:00' });
    await expect(planned.first()).toBeVisible();

    // A comment with a mention, chosen by the keyboard; its draft outlives a reload.
    await anna.keyboard.press('KeyC');
    await anna.keyboard.type('@дми');
    await expect(anna.locator('.composer .offers li').first()).toHaveText('Дмитрий Савин');
    await anna.keyboard.press('Enter');
    await anna.keyboard.type('выставь счёт');
    await expect(anna.locator('.composer textarea')).toHaveValue('@Дмитрий Савин выставь счёт');
    await anna.reload();
    await alive(anna);
    await expect(anna.locator('.composer textarea')).toHaveValue('@Дмитрий Савин выставь счёт');
    await anna.locator('.composer textarea').press('Control+Enter');
    await expect(anna.locator('.note .mention').first()).toHaveText('@Дмитрий Савин');
    const dima = await another(browser, 'dima');
    await dima.goto('/mentions');
    await expect(dima.locator('.note.unread', { hasText: 'выставь счёт' }).first()).toBeVisible();
    await alive(dima);
    await noViolations(dima);
    const one = await dima.locator('.note.unread', { hasText: 'выставь счёт' }).first().getAttribute('data-note');
    await dima.locator(`.note[data-note="${one}"] .tick`).click();
    await expect(dima.locator(`.note[data-note="${one}"]`)).not.toHaveClass(/unread/);

    // A contact by name and phone; Enter adds it and is ready for the next.
    await anna.locator('.contacts summary').click();
    await anna.locator('.contacts input[name=name]').fill('Зимина Ольга');
    await anna.locator('.contacts input[name=phones]').fill('не телефон');
    await anna.keyboard.press('Enter');
    await expect(anna.locator('.contacts [role=alert]')).toContainText('В телефоне ошибка');
    await expect(anna.locator('.contacts input[name=phones]')).toHaveAttribute('aria-invalid', 'true');
    await anna.locator('.contacts input[name=phones]').fill('8 916 240-11-08');
    await anna.keyboard.press('Enter');
    await expect(anna.locator('.person', { hasText: 'Зимина Ольга' }).first()).toContainText('+7 916 240-11-08');
    await expect(anna.locator('.contacts input[name=name]')).toBeFocused();
    await expect(anna.locator('.contacts input[name=name]')).toHaveValue('');
    await noViolations(anna);

    // Postponed: the line under the name follows.
    const line = anna.locator('.next').first();
    await line.locator('summary').click();
    await line.getByRole('button', { name: 'Через неделю' }).click();
    await expect(line.locator('.chip')).not.toHaveText('завтра 10:00');
    // A mistake: ticked off, and taken back by key.
    const before = await line.locator('.next-what').textContent();
    await line.locator('.tick').click();
    await expect(anna.locator('.toast')).toContainText('Готово');
    await anna.locator('body').press('Control+KeyZ');
    await expect(line.locator('.next-what')).toHaveText(before!);
    expect(await anna.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  });
}

test('the day goes by keyboard: arrows, Space, a tick', async ({ anna }) => {
  const id = await client(anna, { name: 'ООО «Утро»' });
  const made = await anna.request.post('/reminders', {
    form: { client: `${id}`, in: 'hour', note: 'разбудить', _back: '/today', _key: `${Math.random()}` },
    maxRedirects: 0,
  });
  expect(made.status()).toBe(303);
  await anna.goto('/today');
  await alive(anna);
  await anna.keyboard.press('ArrowDown');
  const first = anna.locator('li.day-line').first();
  await expect(first.locator('a.day-link')).toBeFocused();
  await anna.keyboard.press('Space');
  const shown = await first.getAttribute('data-client');
  await expect(anna).toHaveURL(`/today?peek=${shown}`);
  await expect(anna.locator('.peek .composer')).toBeVisible();
  await anna.keyboard.press('ArrowDown');
  const second = await anna.locator('li.day-line').nth(1).getAttribute('data-client');
  await expect(anna).toHaveURL(`/today?peek=${second}`);
  await noViolations(anna);
  await anna.keyboard.press('Escape');
  await expect(anna.locator('.peek')).toHaveCount(0);
  const line = anna.locator('li.day-line', { hasText: 'разбудить' }).first();
  await line.locator('.tick').click();
  await expect(anna.locator('li.day-line', { hasText: 'ООО «Утро» · Позвонить: разбудить' })).toHaveCount(0);
  await expect(anna.locator('.toast')).toContainText('Готово');
});

test('what is being written outlives a lost connection', async ({ page }) => {
  await signIn(page, 'anna');
  const id = await client(page, { name: 'ООО «Тоннель»' });
  await card(page, id);
  await alive(page);
  await page.route('**/call/add', (route) => route.abort());
  await page.locator('.composer textarea').fill('Набрано в тоннеле');
  await page.locator('.composer textarea').press('Control+Enter');
  await expect(page.locator('.composer [role=alert]')).toContainText('нет связи');
  await expect(page.locator('.composer textarea')).toHaveValue('Набрано в тоннеле');
  await page.unroute('**/call/add');
  await page.locator('.composer textarea').press('Control+Enter');
  await expect(page.locator('.note .bubble').first()).toHaveText('Набрано в тоннеле');
  // What was noted by mistake goes away again.
  await page.locator('.toast').getByRole('button', { name: 'Отменить' }).click();
  await expect(page.locator('.note .bubble')).toHaveCount(0);
  // Written again, changed, and the original put back.
  await page.locator('.composer textarea').fill('Первое');
  await page.locator('.composer textarea').press('Control+Enter');
  await page.locator('.note').first().hover();
  await page.locator('.note').first().getByRole('link', { name: 'Изменить' }).click();
  const area = page.locator('article textarea');
  await area.fill('Второе');
  await area.press('Control+Enter');
  await expect(page.locator('.note .bubble').first()).toHaveText('Второе');
  await page.locator('.toast').getByRole('button', { name: 'Отменить' }).click();
  await expect(page.locator('.note .bubble').first()).toHaveText('Первое');
});

test("a manager's day without JavaScript", async ({ browser }) => {
  const page = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
  const said = watch(page);
  await signIn(page, 'anna');
  await expect(page.locator('h1')).toContainText('Сегодня, ');
  const id = await client(page, { name: 'ООО «Просто»' });
  await card(page, id);
  await page.locator('.composer label.kind', { hasText: 'Записать звонок' }).click();
  await page.locator('.composer textarea').fill('Договорились');
  await page.getByRole('button', { name: 'Записать', exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`/clients/${id}\\?next=ask`));
  await expect(page.locator('.note .bubble')).toHaveText('Договорились');
  await page.locator('.ask').getByRole('button', { name: 'Завтра в 10:00' }).click();
  await expect(page.locator('.next .chip').first()).toHaveText('завтра 10:00');
  await page.locator('.contacts summary').click();
  await page.locator('.contacts input[name=name]').fill('Лапин Игорь');
  await page.locator('.contacts input[name=phones]').fill('8 903 700-45-12');
  await page.locator('.contacts').getByRole('button', { name: 'Добавить' }).click();
  await expect(page.locator('.person')).toContainText('+7 903 700-45-12');
  await page.locator('.next summary').first().click();
  await page.locator('.next').getByRole('button', { name: 'Через неделю' }).first().click();
  await expect(page.locator('.next .chip').first()).not.toHaveText('завтра 10:00');
  await page.locator('.next .tick').click();
  await expect(page.locator('.next b')).toHaveText('Дальше ничего не запланировано');
  expect(said).toEqual([]);
});
