// Every page at 1440 and 390 px, light and dark: no violation (contrast included), no sideways scrolling,
// and, with KLIENTURA_SCREENS set to a folder, photographs into it. Names are those of the target pictures.
import { resolve } from 'node:path';

import { alive, changed, client, another, expect, noViolations, test, PASSWORD } from './office';

const folder = process.env.KLIENTURA_SCREENS ? resolve(process.env.KLIENTURA_SCREENS) : undefined;
const TARGETS = [
  'clients-light-1440',
  'clients-dark-1440',
  'clients-390',
  'picker-light-1440',
  'card-light-1440',
  'card-dark-1440',
  'card-light-390',
  'history-light-1440',
  'states-light-1440',
  'states-dark-1440',
  'filter-light-1440',
  'peek-light-1440',
  'sheet-light-390',
  'gallery-light-1440',
  'gallery-dark-1440',
  'gallery-light-390',
  'gallery-dark-390',
  'clients-dark-390',
  'card-dark-390',
  'today-light-1440',
  'today-dark-1440',
  'today-light-390',
  'today-dark-390',
];
/** Where a picture goes; only those that have a target are kept. */
const place = (name: string) => {
  const target = name === 'clients-light-390' ? 'clients-390' : name;
  return folder && TARGETS.includes(target) ? `${folder}/${target}.png` : undefined;
};
const HEIGHTS: Record<number, number> = { 1440: 840, 390: 780 };

for (const scheme of ['light', 'dark'] as const) {
  for (const width of [1440, 390]) {
    test(`${scheme}, ${width} px`, async ({ browser, anna }) => {
      test.slow();
      await anna.emulateMedia({ colorScheme: scheme });
      await anna.setViewportSize({ width, height: HEIGHTS[width] });
      const states: { name: string; picture: string }[] = [];
      const look = async (name: string, path: string, act?: () => Promise<void>) => {
        await anna.goto(path);
        await alive(anna);
        await act?.();
        await noViolations(anna);
        expect(await anna.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
        if (folder) {
          const taken = await anna.screenshot({ path: place(`${name}-${scheme}-${width}`) });
          if (name.startsWith('=')) states.push({ name: name.slice(1), picture: taken.toString('base64') });
        }
      };
      await look('today', '/today');
      await look('clients', '/clients');
      await look('contacts', '/contacts');
      await look('reminders', '/reminders');
      await look('mentions', '/mentions');
      await look('card', '/clients/739');
      await look('history', '/clients/1013?tab=history');
      await look('peek', '/clients?sort=name&peek=739');
      await look('settings', '/settings');
      await look('gallery', '/gallery');
      if (width === 390) await look('sheet', '/clients?segment=2&filter=all');
      if (width === 1440) {
        await look('filter', '/clients?created.older=30d&filter=0');
        await look('picker', '/clients', async () => {
          await anna.locator('summary[aria-label="Столбцы"]').click();
        });
      }
      await look('=Фильтры', '/clients?name=%D0%BE%D0%BE%D0%BE&created=2026-01-01..&sort=name&wings=1');
      await look('=Ничего не нашлось', '/clients?name=%D1%89%D1%8A%D1%8A&responsible=me');
      await look('=Вставленные значения', '/clients?inn.is=7707083893&inn.is=1234567894&a.segment=1&a.email.empty=1');
      if (width === 1440) {
        const owner = await another(browser, 'owner');
        await owner.emulateMedia({ colorScheme: scheme });
        await owner.setViewportSize({ width, height: HEIGHTS[width] });
        await owner.goto('/clients?name=%D0%B0%D0%B1%D1%80%D0%B0%D0%BC');
        await alive(owner);
        await owner.locator('tbody input[type=checkbox]').first().check();
        await owner.locator('.bulk summary').click();
        await owner.locator('.bulk select').selectOption({ label: 'Анна Крылова' });
        await owner.getByRole('button', { name: 'Применить' }).click();
        await expect(owner.locator('.job')).toContainText('Готово 1');
        await noViolations(owner);
        if (folder) states.push({ name: 'Долгая работа', picture: (await owner.screenshot()).toString('base64') });
        await look('=Клавиши', '/clients?sort=name', async () => {
          await anna.keyboard.press('Shift+Slash');
          await expect(anna.getByRole('dialog')).toBeVisible();
        });
      }
      await look('=Новый, ещё без имени', `/clients/${await client(anna, {})}?edit=name`);
      await look('=Правка на месте', '/clients/739?edit=address');
      const dima = await another(browser, 'dima');
      const id = await client(anna, { name: 'ООО «Ромашка-Сервис»', address: 'Москва' });
      await look('=Другой человек изменил то же значение', `/clients/${id}?edit=address`, async () => {
        await changed(dima, id, { address: 'Москва, ул. Лесная, д. 7, оф. 12' });
        await anna.locator('[name=address]').fill('Москва, ул. Лесная, 5');
        await anna.keyboard.press('Enter');
        await expect(anna.locator('.conf')).toBeVisible();
      });
      await look('=Сомнительное значение', `/clients/${id}?edit=inn`, async () => {
        await anna.locator('[name=inn]').fill('7707083894');
        await anna.keyboard.press('Enter');
        await expect(anna.locator('.hint')).toBeVisible();
      });
      await anna.request.post(`/clients/${id}/trash`, { form: { _key: `${Math.random()}` } });
      await look('=Удалено, можно вернуть', `/clients/${id}`);
      await look('=Корзина', '/trash');
      await look('=Настройки', '/settings');
      await look('=Такой страницы нет', '/clients/999999');
      await anna.context().clearCookies();
      await look('=Вход', '/login', async () => {
        await anna.locator('[name=login]').fill('anna');
        await anna.locator('[name=password]').fill(`${PASSWORD}?`);
        await anna.getByRole('button', { name: 'Войти' }).click();
        await expect(anna.getByRole('alert')).toBeVisible();
        await alive(anna);
      });
      const sheetPath = place(`states-${scheme}-${width}`);
      if (sheetPath) {
        const sheet = await (await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: scheme })).newPage();
        await sheet.setContent(
          `<style>body{margin:0;padding:12px;font:12px system-ui;display:flex;flex-wrap:wrap;gap:12px;background:#8884}figure{margin:0}img{width:460px;display:block;border:1px solid #8886}</style>` +
            states.map(({ name, picture }) => `<figure>${name}<img src="data:image/png;base64,${picture}"></figure>`).join(''),
        );
        await sheet.screenshot({ path: sheetPath, fullPage: true });
      }
    });
  }
}
