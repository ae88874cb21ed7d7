// Every page at 1440 and 390 px, light and dark: no violation (contrast included), no sideways scrolling,
// and, with KLIENTURA_SCREENS set, a photograph into docs/screens.
import { resolve } from 'node:path';

import { alive, changed, client, another, expect, noViolations, test, PASSWORD } from './office';

const folder = process.env.KLIENTURA_SCREENS ? resolve(process.env.KLIENTURA_SCREENS) : undefined;
const HEIGHTS: Record<number, number> = { 1440: 840, 390: 780 };

for (const scheme of ['light', 'dark'] as const) {
  for (const width of [1440, 390]) {
    test(`${scheme}, ${width} px`, async ({ browser, anna }) => {
      test.slow();
      await anna.emulateMedia({ colorScheme: scheme });
      await anna.setViewportSize({ width, height: HEIGHTS[width] });
      const look = async (name: string, path: string, act?: () => Promise<void>) => {
        await anna.goto(path);
        await alive(anna);
        await act?.();
        await noViolations(anna);
        expect(await anna.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
        if (folder) await anna.screenshot({ path: `${folder}/${name}-${scheme}-${width}.png` });
      };
      await look('clients', '/clients');
      await look('clients-filtered', '/clients?name=%D0%BE%D0%BE%D0%BE&created=2026-01-01..&sort=name&wings=1');
      await look('nothing-found', '/clients?name=%D1%89%D1%8A%D1%8A&responsible=me');
      await look('card', '/clients/1187');
      await look('history', '/clients/1187?tab=history');
      await look('new-client', `/clients/${await client(anna, {})}?edit=name`);
      await look('edit', '/clients/1187?edit=address');
      const dima = await another(browser, 'dima');
      const id = await client(anna, { name: 'ООО «Ромашка-Сервис»', address: 'Москва' });
      await look('conflict', `/clients/${id}?edit=address`, async () => {
        await changed(dima, id, { address: 'Москва, ул. Лесная, д. 7, оф. 12' });
        await anna.locator('[name=address]').fill('Москва, ул. Лесная, 5');
        await anna.keyboard.press('Enter');
        await expect(anna.locator('.conf')).toBeVisible();
      });
      await look('doubtful', `/clients/${id}?edit=inn`, async () => {
        await anna.locator('[name=inn]').fill('7707083894');
        await anna.keyboard.press('Enter');
        await expect(anna.locator('.hint')).toBeVisible();
      });
      await anna.request.post(`/clients/${id}/trash`, { form: { _key: `${Math.random()}` } });
      await look('trashed', `/clients/${id}`);
      await look('trash', '/trash');
      await look('settings', '/settings');
      await look('not-found', '/clients/999999');
      await anna.context().clearCookies();
      await look('login', '/login', async () => {
        await anna.locator('[name=login]').fill('anna');
        await anna.locator('[name=password]').fill(`${PASSWORD}?`);
        await anna.getByRole('button', { name: 'Войти' }).click();
        await expect(anna.getByRole('alert')).toBeVisible();
        await alive(anna);
      });
    });
  }
}
