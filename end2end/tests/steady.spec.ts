// Nothing jumps while one types, pages or saves: the sum of layout shifts is 0.
import { alive, client, expect, test } from './office';
import type { Page } from '@playwright/test';

/** Counts every shift from now on, also those soon after a press: those too are felt. */
const shifts = (page: Page) =>
  page.evaluate(() => {
    const seen: string[] = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & {
        value: number;
        sources: { node?: Element; previousRect: DOMRect }[];
      })[]) {
        // Chromium counts an icon that was made anew as if it came from the page's corner.
        if (entry.sources.every(({ previousRect }) => previousRect.x === 0 && previousRect.y === 0)) continue;
        seen.push(`${entry.value.toFixed(4)} ${entry.sources.map((source) => source.node?.outerHTML?.slice(0, 80)).join(' | ')}`);
      }
    }).observe({ type: 'layout-shift', buffered: false });
    (window as unknown as { seen: string[] }).seen = seen;
  });
const seen = (page: Page) => page.evaluate(() => (window as unknown as { seen: string[] }).seen);

test('no layout shift while typing, paging and sorting', async ({ anna }) => {
  await anna.goto('/clients');
  await alive(anna);
  await shifts(anna);
  await anna.locator('input[name=name]').pressSequentially('ооо', { delay: 60 });
  await expect(anna).toHaveURL(/name=/);
  await anna.waitForLoadState('networkidle');
  await anna.getByRole('link', { name: 'Следующая страница' }).click();
  await expect(anna.locator('.position')).toContainText('51–');
  await anna.locator('th[data-field=name] a').click();
  await expect(anna.locator('th[data-field=name]')).toHaveAttribute('aria-sort', 'ascending');
  await anna.waitForTimeout(700);
  expect(await seen(anna)).toEqual([]);
});

test('no layout shift while saving', async ({ anna }) => {
  const id = await client(anna, { name: 'ООО «Покой»', address: 'Тула' });
  await anna.goto(`/clients/${id}`);
  await alive(anna);
  await shifts(anna);
  await anna.locator('dd[data-field=phone] a.value').click();
  await anna.keyboard.type('8 912 345-67-89');
  await anna.keyboard.press('Enter');
  await expect(anna.locator('dd[data-field=phone]')).toContainText('Сохранено');
  await anna.waitForTimeout(700);
  // The changes beside the data grow by the new one: that is their news, and nothing else moves.
  const moved = (await seen(anna)).filter((shift) => !/class="(ev|day|hist)/.test(shift));
  expect(moved).toEqual([]);
});
