// Rows picked by mouse and by key, one act on all of them, its progress, and the way back.
import { alive, another, changed, client, expect, noViolations, test } from './office';

test('picked rows get another responsible, stay greyed where they no longer fit, and get the old one back', async ({ anna }) => {
  const name = `Передача ${Date.now()}`;
  const ids: number[] = [];
  for (let place = 0; place < 4; place++) ids.push(await client(anna, { name: `${name} ${place}` }));
  await anna.goto(`/clients?name=${encodeURIComponent(name)}&responsible=me`);
  await alive(anna);
  const row = (id: number) => anna.locator(`tr[data-id="${id}"]`);
  await row(ids[3]).getByRole('checkbox').check();
  await row(ids[1]).getByRole('checkbox').click({ modifiers: ['Shift'] });
  await expect(anna.locator('.picked[role=status]')).toContainText('Выбрано 3');
  await expect(row(ids[2])).toHaveClass(/picked/);
  await noViolations(anna);
  await anna.getByRole('button', { name: 'Снять', exact: true }).click();
  await expect(anna.locator('.picked[role=status]')).toHaveText('');
  // By key: x picks the row in focus, in any layout.
  await row(ids[3]).locator('.row-link').focus();
  await anna.keyboard.press('x');
  await anna.keyboard.press('ArrowDown');
  await anna.evaluate(() => document.activeElement!.dispatchEvent(new KeyboardEvent('keydown', { key: 'ч', code: 'KeyX', bubbles: true, cancelable: true })));
  await expect(anna.locator('.picked[role=status]')).toContainText('Выбрано 2');

  await anna.locator('.bulk summary').click();
  await anna.locator('.bulk select').selectOption({ label: 'Дмитрий Савин' });
  await anna.getByRole('button', { name: 'Применить' }).click();
  await expect(anna.locator('.job')).toContainText('Сменить ответственного: 2 клиента');
  await expect(anna.locator('.job')).toContainText('Готово 2');
  await noViolations(anna);
  for (const id of [ids[3], ids[2]]) {
    await expect(row(id)).toHaveClass(/gone/);
    await expect(row(id)).toContainText('Дмитрий Савин');
  }
  await expect(row(ids[1])).not.toHaveClass(/gone/);
  await anna.locator('.job').getByRole('button', { name: 'Отменить целиком' }).click();
  await expect(anna.locator('.job')).toContainText(/Отмен(яется|ено)/);
  await expect(row(ids[3])).not.toHaveClass(/gone/);
  await expect(row(ids[3])).toContainText('Анна Крылова');
  await anna.locator('.job').getByRole('button', { name: 'Закрыть' }).click();
  await expect(anna.locator('.job')).toHaveCount(0);
  // Asked for anew they would be gone.
  await anna.reload();
  await expect(anna.locator('tbody tr')).toHaveCount(4);
});

test('the whole result is picked, its change is stopped, and goes on', async ({ browser }) => {
  const owner = await another(browser, 'owner');
  await owner.goto('/clients?name=%D0%BE%D0%BE%D0%BE&segment=2');
  await alive(owner);
  const total = Number((await owner.locator('.views .count').innerText()).replace(/\D/g, ''));
  expect(total).toBeGreaterThan(60);
  await owner.locator('thead').getByRole('checkbox').check();
  await expect(owner.locator('.picked[role=status]')).toContainText('Выбрано 50');
  await owner.getByRole('button', { name: /Выбрать все/ }).click();
  await expect(owner.locator('.picked[role=status]')).toContainText(`Выбрано ${total}`);
  await owner.locator('.bulk summary').click();
  await owner.locator('.bulk select').selectOption({ label: 'Мария Соколова' });
  await owner.getByRole('button', { name: 'Применить' }).click();
  await expect(owner.locator('.job')).toContainText(`Готово ${total}`);
  await expect(owner.locator('td[data-field=responsible]').first()).toContainText('Мария Соколова');
  await owner.keyboard.press('Control+z');
  await expect(owner.locator('.toast')).toContainText(/Отменено: \d+ клиент/);
  await expect(owner.locator('.job')).toContainText(/Отмен(яется|ено)/);
  await expect(owner.locator('.job .mut')).toHaveText(/^Готово \d+( ·.*)?$/);
  await expect(owner.locator('.job b')).toHaveText(/^Отменено/);
  await owner.reload();
  await expect(owner.locator('tbody tr').first()).toBeVisible();
  const left = await owner.locator('td[data-field=responsible]').filter({ hasText: 'Мария Соколова' }).count();
  expect(left).toBeLessThan(50);
});

test('what another has changed since the list is left, named, and overwritten on purpose', async ({ browser, anna }) => {
  const name = `Спор ${Date.now()}`;
  const ids: number[] = [];
  for (let place = 0; place < 2; place++) ids.push(await client(anna, { name: `${name} ${place}` }));
  const dima = await another(browser, 'dima');
  await anna.goto(`/clients?name=${encodeURIComponent(name)}`);
  await alive(anna);
  const maria = await anna.locator('.bulk option', { hasText: 'Мария Соколова' }).first().getAttribute('value');
  await changed(dima, ids[0], { responsible: maria! });
  for (const id of ids) await anna.locator(`tr[data-id="${id}"]`).getByRole('checkbox').check();
  await anna.locator('.bulk summary').click();
  await anna.locator('.bulk select').selectOption({ label: 'Дмитрий Савин' });
  await anna.getByRole('button', { name: 'Применить' }).click();
  const job = anna.locator('.job');
  await expect(job).toContainText('не изменено: 1');
  await job.locator('summary').click();
  await expect(job.locator('.pop')).toContainText(`${name} 0`);
  await expect(job.locator('.pop')).toContainText('с тех пор изменилось: Ответственный (Дмитрий Савин)');
  await noViolations(anna);
  await job.getByRole('button', { name: 'Всё равно изменить' }).click();
  await expect(anna.locator(`tr[data-id="${ids[0]}"]`)).toContainText('Дмитрий Савин');
  await expect(job).not.toContainText('не изменено');
});
