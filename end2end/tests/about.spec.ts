// Comments, calls and reminders on any record, and what a page asks for after a save.
import { alive, client, expect, signIn, test } from './office';
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
  const calls: string[] = [];
  anna.on('request', (request) => request.url().includes('/call/') && calls.push(new URL(request.url()).pathname));
  await anna.locator('dd[data-field=address] a').first().click();
  await anna.locator('input[name=address]').fill('Тула, Ленина 1');
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
