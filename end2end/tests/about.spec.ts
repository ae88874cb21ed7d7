// Comments, calls and reminders on any record, and what a page asks for after a save.
import { alive, client, expect, noViolations, test } from './office';
import type { Page } from '@playwright/test';

async function contact(page: Page, name: string, clients = '') {
  const form = { name, clients, phones: '', _key: `${Math.random()}`, _back: '/contacts' };
  await page.request.post('/contacts', { form, maxRedirects: 0 });
  const list = await (await page.request.get(`/contacts?name=${encodeURIComponent(name)}`)).text();
  return Number(/data-id="(\d+)"/.exec(list)![1]);
}

test('a save asks for what it has changed and nothing else', async ({ anna }) => {
  const id = await client(anna, { name: 'ООО «Тихо»' });
  await anna.goto(`/clients/${id}`);
  await alive(anna);
  await anna.waitForLoadState('networkidle');
  await anna.locator('dd[data-field=address] a').first().click();
  await anna.locator('input[name=address]').fill('Тула, Ленина 1');
  await anna.waitForLoadState('networkidle');
  const calls: string[] = [];
  anna.on('request', (request) => {
    const path = new URL(request.url()).pathname;
    // Who wrote it is asked of whatever value comes into focus, and not of the save.
    if (path.startsWith('/call/') && path !== '/call/value_trace') calls.push(path);
  });
  await anna.locator('input[name=address]').press('Enter');
  await expect(anna.locator('dd[data-field=address]')).toContainText('Тула');
  // The change stands in the stream beside it.
  await expect(anna.locator('.stream .ev').first()).toContainText('Адрес');
  await anna.waitForTimeout(500);
  expect(calls).toHaveLength(2);
  expect(calls).toEqual(['/call/save', '/call/stream']);
});

test('a contact has a stream and reminders of its own, by keyboard too', async ({ anna }) => {
  const id = await client(anna, { name: 'ООО «Дом»' });
  const who = await contact(anna, `Домова ${id}`, String(id));
  await anna.goto(`/contacts/${who}`);
  await alive(anna);
  await anna.keyboard.press('c');
  await anna.keyboard.type('Просила перезвонить');
  await anna.keyboard.press('Control+Enter');
  await expect(anna.locator('.note .bubble')).toHaveText(['Просила перезвонить']);
  await expect(anna.locator('.note .h')).toContainText('ООО «Дом»');
  await anna.locator('#next').getByRole('button', { name: 'Завтра в 10:00' }).click();
  await expect(anna.locator('.ahead .reminder')).toHaveCount(1);
  // They are the client's as well.
  await anna.goto(`/clients/${id}`);
  await alive(anna);
  await expect(anna.locator('.note .bubble')).toHaveText(['Просила перезвонить']);
  await expect(anna.locator('.ahead .reminder')).toHaveCount(1);
});

test('what is typed into a form is there after a reload, and not after it was sent', async ({ anna }) => {
  const id = await client(anna, { name: 'ООО «Форма»' });
  await anna.goto(`/clients/${id}`);
  await alive(anna);
  await anna.locator('.ahead .panel:not(.deals) details.add summary').click();
  await anna.locator('.ahead input[name=note]').fill('счёт на декабрь');
  await anna.locator('.ahead select[name=what]').selectOption({ label: 'Написать' });
  await anna.locator('.contacts details.add summary').click();
  await anna.locator('.contacts input[name=name]').fill('Лапин');
  await anna.reload();
  await alive(anna);
  await expect(anna.locator('.ahead input[name=note]')).toHaveValue('счёт на декабрь');
  await expect(anna.locator('.ahead select[name=what]')).toHaveValue('3');
  await expect(anna.locator('.contacts input[name=name]')).toHaveValue('Лапин');
  await anna.locator('.contacts input[name=name]').press('Enter');
  await expect(anna.locator('.person-name')).toHaveText(['Лапин']);
  await anna.reload();
  await alive(anna);
  await expect(anna.locator('.contacts input[name=name]')).toHaveValue('');
  await expect(anna.locator('.ahead input[name=note]')).toHaveValue('счёт на декабрь');
  // Another client's form is another one.
  await anna.goto(`/clients/${await client(anna, { name: 'ООО «Другая»' })}`);
  await alive(anna);
  await expect(anna.locator('.ahead input[name=note]')).toHaveValue('');
});

test('a deal is begun by key on a client\'s card and goes on by key', async ({ anna }) => {
  const id = await client(anna, { name: 'ООО «Покупает»' });
  await anna.goto(`/clients/${id}`);
  await alive(anna);
  await anna.keyboard.press('d');
  await anna.keyboard.type('Поставка');
  await anna.keyboard.press('Tab');
  await anna.keyboard.type('148 300');
  await anna.keyboard.press('Enter');
  await expect(anna.locator('.deals .deal-name')).toHaveText(['Поставка']);
  await expect(anna.locator('.deals h2 .sum')).toContainText('открыто на');
  await anna.locator('.deals .deal-name').click();
  await expect(anna.locator('.steps .now b')).toHaveText('Новая');
  await anna.keyboard.press('Shift+ArrowRight');
  await expect(anna.locator('.steps .now b')).toHaveText('В работе');
  await expect(anna.locator('.stream .ev').first()).toContainText('Этап');
  await anna.locator('.steps').getByRole('button', { name: 'Проиграна' }).click();
  await expect(anna.locator('form.asks')).toBeVisible();
  await anna.locator('form.asks select').selectOption({ label: 'Дорого' });
  await anna.locator('form.asks button').click();
  await expect(anna.locator('form.asks')).toHaveCount(0);
  await expect(anna.locator('dd[data-field=reason]')).toContainText('Дорого');
  await noViolations(anna);
});
