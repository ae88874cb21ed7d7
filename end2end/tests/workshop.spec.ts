// The proof in the browser: a section and its fields, made at run time, are pages like any other.
import type { Page } from '@playwright/test';

import { alive, another, client, expect, noViolations, test } from './office';

/** What the owner's screens call; each call has a key of its own. */
async function called(owner: Page, name: string, data: object) {
  const key = `${Date.now()}-${Math.random()}`;
  const answer = await owner.request.post(`/call/${name}`, { data: { ...data, key }, headers: { accept: 'application/json' } });
  expect(answer.status(), await answer.text()).toBe(200);
  return answer.json();
}

const label = (ru: string, en: string) => ({ ru, en });

test('a section made at run time is lived in, and switched off is nowhere', async ({ browser, anna }) => {
  test.slow();
  const owner = await another(browser, 'owner');
  const call = (name: string, data: object) => called(owner, name, data);
  const section: string = await call('make_section', {
    forms: {
      one: label('Станок', 'Machine'),
      many: label('Станки', 'Machines'),
      few: label('станка', 'machines'),
      of_many: label('станков', 'machines'),
    },
  });
  const field = (ru: string, kind: string, more: object = {}): Promise<string> =>
    call('make_field', { wish: { section, label: label(ru, ru), kind, choices: [], target: null, ...more } });
  const price = await field('Цена', 'Money');
  const bought = await field('Куплен', 'Date');
  const state = await field('Состояние', 'Choice', { choices: [label('новый', 'new'), label('в ремонте', 'in repair')] });
  const works = await field('Работает', 'YesNo');
  const note = await field('Описание', 'LongText');
  const whose = await field('Чей', 'Reference', { target: 'clients' });
  const maker = await client(anna, { name: 'ООО «Станкозавод»' });
  await anna.waitForTimeout(700);

  // From the rail to a new record.
  await anna.goto('/clients');
  await alive(anna);
  await anna.getByRole('link', { name: 'Станки' }).first().click();
  await expect(anna).toHaveURL(`/${section}`);
  await expect(anna.locator('h1')).toHaveText('Станки');
  await expect(anna.locator('.void')).toContainText('Здесь будут ваши станки');
  await noViolations(anna);
  await anna.locator('.filters form.plus button').click();
  await expect(anna).toHaveURL(`/${section}/1?edit=name`);
  await expect(anna.locator('input[name=name]')).toBeFocused();
  await anna.keyboard.type('ЧПУ-5');
  await anna.keyboard.press('Enter');
  await expect(anna.locator('h1')).toHaveText('ЧПУ-5');

  // Each kind in its own input.
  const edit = async (key: string, act: () => Promise<void>, shown: string) => {
    await anna.locator(`dd[data-field=${key}] a.value`).click();
    await act();
    await expect(anna.locator(`dd[data-field=${key}]`)).toContainText(shown);
    await expect(anna.locator(`dd[data-field=${key}]`)).toContainText('Сохранено');
  };
  const type = (key: string, text: string, end = 'Enter') => async () => {
    await anna.locator(`[name=${key}]`).fill(text);
    await anna.locator(`[name=${key}]`).press(end);
  };
  await edit(price, type(price, '1248300,5'), '1\u202f248\u202f300,50\u202f₽');
  await edit(bought, type(bought, '2026-06-01'), '1 июня 2026');
  await edit(state, async () => void (await anna.locator(`[name=${state}]`).selectOption({ label: 'в ремонте' })), 'в ремонте');
  await edit(works, async () => void (await anna.locator(`[name=${works}]`).selectOption({ label: 'да' })), 'да');
  await edit(note, type(note, 'первая строка\nвторая', 'Control+Enter'), 'вторая');
  // A record is searched for by its name.
  const search = async () => {
    await anna.locator(`dd[data-field=${whose}] [data-combo]`).pressSequentially('станкоз');
    await anna.locator('[role=option]').filter({ hasText: 'ООО «Станкозавод»' }).click();
  };
  await edit(whose, search, 'ООО «Станкозавод»');
  await noViolations(anna);

  // The table filters and sorts by them; the client's card has the panel.
  await anna.goto(`/${section}?${price}=1000..&sort=-${price}`);
  await alive(anna);
  await expect(anna.locator('tbody tr')).toHaveCount(1);
  await expect(anna.locator('.chip-filter')).toContainText('Цена');
  await noViolations(anna);
  await anna.goto(`/clients/${maker}`);
  await alive(anna);
  await expect(anna.locator(`[data-panel=${whose}]`)).toContainText('ЧПУ-5');
  await noViolations(anna);
  await anna.locator(`[data-panel=${whose}] li a`).click();
  await expect(anna).toHaveURL(`/${section}/1`);
  await expect(anna.locator('h1')).toHaveText('ЧПУ-5');

  await call('switch_section', { section, on: false });
  await anna.waitForTimeout(700);
  await anna.goto(`/clients/${maker}`);
  await alive(anna);
  await expect(anna.getByText('Станки')).toHaveCount(0);
  await expect(anna.locator('[data-panel]')).toHaveCount(0);
  await anna.goto(`/${section}/1`);
  await expect(anna.getByRole('alert')).toContainText('Такой страницы нет');
});

test('a field added to clients is in the picker, on the card and in the filter, and switched off is nowhere', async ({ browser, anna }) => {
  const owner = await another(browser, 'owner');
  const call = (name: string, data: object) => called(owner, name, data);
  const key: string = await call('make_field', {
    wish: { section: 'clients', label: label('Источник', 'Source'), kind: 'Text', choices: [], target: null },
  });
  await anna.waitForTimeout(700);
  const id = await client(anna, { name: 'ООО «Выставка»' });
  await anna.goto(`/clients/${id}`);
  await alive(anna);
  await anna.locator(`dd[data-field=${key}] a.value`).click();
  await expect(anna.locator(`[name=${key}]`)).toBeFocused();
  await anna.keyboard.type('выставка в Туле');
  await anna.keyboard.press('Enter');
  await expect(anna.locator(`dd[data-field=${key}]`)).toContainText('Сохранено');
  await expect(anna.locator('.stream .ev').first()).toContainText('Источник: добавлено выставка в Туле');
  await anna.goto(`/clients?${key}=тул&cols=number,name,${key}`);
  await alive(anna);
  await expect(anna.locator(`tr[data-id="${id}"] td[data-field=${key}]`)).toHaveText('выставка в Туле');
  await anna.locator('summary[aria-label="Столбцы"]').click();
  await expect(anna.locator('.pop').getByLabel('Источник')).toBeChecked();
  await noViolations(anna);

  await call('switch_field', { field: key, on: false });
  await anna.waitForTimeout(700);
  for (const path of ['/clients', `/clients/${id}`, `/clients/${id}?tab=history`]) {
    await anna.goto(path);
    await alive(anna);
    await expect(anna.getByText('Источник')).toHaveCount(0);
    await expect(anna.getByText('выставка в Туле')).toHaveCount(0);
  }
});
