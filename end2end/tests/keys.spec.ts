// The keyboard, by place: the same in the Russian layout.
import { alive, client, expect, noViolations, test } from './office';
import type { Page } from '@playwright/test';

/** A press of a key's place while the layout is Russian. */
const russian = (page: Page, code: string, key: string, extra: KeyboardEventInit = {}) =>
  page.evaluate(
    ([code, key, extra]) =>
      (document.activeElement ?? document.body).dispatchEvent(
        new KeyboardEvent('keydown', { code: code as string, key: key as string, bubbles: true, cancelable: true, ...(extra as object) }),
      ),
    [code, key, extra] as const,
  );

test('a table is walked, looked into and left by keys', async ({ anna }) => {
  await anna.goto('/clients?sort=name');
  await alive(anna);
  const rows = await anna.locator('tbody tr').evaluateAll((all) => all.map((row) => row.getAttribute('data-id')));
  const link = (place: number) => anna.locator(`tr[data-id="${rows[place]}"] .row-link`);
  await anna.keyboard.press('ArrowDown');
  await expect(link(0)).toBeFocused();
  await anna.keyboard.press('ArrowDown');
  await anna.keyboard.press('ArrowDown');
  await anna.keyboard.press('ArrowUp');
  await expect(link(1)).toBeFocused();
  // Beside the list, in the address; it goes along with the arrows.
  await anna.keyboard.press('Space');
  await expect(anna).toHaveURL(`/clients?sort=name&peek=${rows[1]}`);
  const title = await link(1).innerText();
  await expect(anna.locator('.peek h2').first()).toHaveText(title);
  await expect(anna.locator('.peek .ev').first()).toBeVisible();
  await noViolations(anna);
  await anna.keyboard.press('ArrowDown');
  await expect(anna).toHaveURL(`/clients?sort=name&peek=${rows[2]}`);
  await expect(link(2)).toBeFocused();
  await anna.keyboard.press('Space');
  await expect(anna.locator('.peek')).toHaveCount(0);
  await anna.keyboard.press('Enter');
  await expect(anna).toHaveURL(new RegExp(`/clients/${rows[2]}\\?in=`));
  await expect(anna.locator('.place')).toContainText('3 из');
  // On in the list.
  await anna.keyboard.press('Alt+ArrowDown');
  await expect(anna).toHaveURL(new RegExp(`/clients/${rows[3]}\\?in=`));
  await expect(anna.locator('.place')).toContainText('4 из');
  await anna.keyboard.press('Alt+ArrowUp');
  await expect(anna.locator('.place')).toContainText('3 из');
  await anna.keyboard.press('Alt+ArrowUp');
  await expect(anna).toHaveURL(new RegExp(`/clients/${rows[1]}\\?in=`));
  await expect(anna.locator('.place')).toContainText('2 из');
  // F2 edits, Esc puts it back, and the place in the list is not lost.
  await anna.locator('dd[data-field=address] a.value').focus();
  await anna.keyboard.press('F2');
  await expect(anna.locator('[name=address]')).toBeFocused();
  await expect(anna.locator('.place')).toContainText('2 из');
  await anna.keyboard.press('Escape');
  await expect(anna.locator('dd[data-field=address] a.value')).toBeFocused();
  await expect(anna).toHaveURL(new RegExp(`/clients/${rows[1]}\\?in=[^&]*$`));
});

test('single keys work in the Russian layout and never within an input', async ({ anna }) => {
  await anna.goto('/clients');
  await alive(anna);
  await russian(anna, 'Slash', '.');
  await expect(anna.locator('input[name=name]')).toBeFocused();
  await anna.keyboard.type('n?x/');
  await expect(anna.locator('input[name=name]')).toHaveValue('n?x/');
  await expect(anna).toHaveURL(/name=/);
  await anna.locator('input[name=name]').fill('');
  await expect(anna).toHaveURL('/clients');
  await anna.locator('h1').click();
  await russian(anna, 'Digit7', '?', { shiftKey: true });
  await expect(anna.getByRole('dialog')).toBeVisible();
  await expect(anna.getByRole('dialog')).toContainText('отменить своё последнее действие');
  await noViolations(anna);
  await anna.keyboard.press('Escape');
  await expect(anna.getByRole('dialog')).toBeHidden();
  await russian(anna, 'KeyN', 'т');
  await expect(anna).toHaveURL(/\/clients\/\d+\?edit=name$/);
  await expect(anna.locator('form.edit input[name=name]')).toBeFocused();
});

test('Ctrl+Z takes back the latest thing that one has done, whatever it was', async ({ browser }) => {
  const { another } = await import('./office');
  // Somebody who does nothing else meanwhile.
  const page = await another(browser, 'owner');
  const id = await client(page, { name: 'ООО «Отмена»' });
  await page.goto(`/clients/${id}?edit=address`);
  await alive(page);
  await page.locator('[name=address]').fill('Тверь');
  await page.keyboard.press('Enter');
  await expect(page.locator('dd[data-field=address]')).toContainText('Сохранено');
  await page.keyboard.press('Control+z');
  await expect(page.locator('.toast')).toContainText('Отменено: ООО «Отмена», Адрес');
  await expect(page.locator('dd[data-field=address]')).toContainText('—');
  // Deleted: a message with the way back, and the key does it too.
  await page.getByRole('button', { name: 'Удалить' }).click();
  await expect(page).toHaveURL('/clients');
  await expect(page.locator('.toast')).toContainText('Клиент в корзине');
  await page.keyboard.press('Control+z');
  await expect(page.locator('.toast')).toContainText('Отменено: ООО «Отмена»');
  await page.goto(`/clients/${id}`);
  await expect(page.getByRole('button', { name: 'Удалить' })).toBeVisible();
});
