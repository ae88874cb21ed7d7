// The card as it is used: editing in place, two people at once, mistakes.
import { alive, another, changed, client, expect, noViolations, test } from './office';

test('a value becomes an input in its place, saves on leaving and can be undone', async ({ anna }) => {
  const id = await client(anna, { address: 'Тула' });
  await anna.goto(`/clients/${id}`);
  await alive(anna);
  const address = anna.locator('dd[data-field=address]');
  await address.locator('a.value').click();
  await expect(anna).toHaveURL(`/clients/${id}?edit=address`);
  await expect(anna.locator('[name=address]')).toBeFocused();
  await noViolations(anna);
  await anna.locator('[name=address]').fill('Тверь');
  await anna.locator('.crumb nav span').click();
  await expect(address).toContainText('Сохранено · Отменить');
  await expect(address).toContainText('Тверь');
  await expect(anna).toHaveURL(`/clients/${id}`);
  // The changes beside it have it too.
  await expect(anna.locator('.stream .ev').first()).toContainText('Адрес: было Тула, стало Тверь');
  await address.getByRole('button', { name: 'Отменить' }).click();
  await expect(address.locator('a.value')).toHaveText('Тула');

  // Esc puts it back, and the focus returns to the value.
  await address.locator('a.value').click();
  await anna.locator('[name=address]').fill('Москва');
  await anna.keyboard.press('Escape');
  await expect(address.locator('a.value')).toHaveText('Тула');
  await expect(address.locator('a.value')).toBeFocused();
  // By keyboard alone.
  await anna.keyboard.press('Enter');
  await anna.locator('[name=address]').fill('Тула, пр-т Ленина');
  await anna.keyboard.press('Enter');
  await expect(address).toContainText('Тула, пр-т Ленина');
  await expect(address.locator('a.value')).toBeFocused();
});

test('the mark never lies: it waits for the server', async ({ anna }) => {
  const id = await client(anna, { address: 'Тула' });
  await anna.goto(`/clients/${id}?edit=address`);
  await alive(anna);
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await anna.route('**/call/save', async (route) => {
    await held;
    await route.continue();
  });
  await anna.locator('[name=address]').fill('Тверь');
  await anna.keyboard.press('Enter');
  const address = anna.locator('dd[data-field=address]');
  await expect(address).toContainText('Сохраняется…');
  await expect(address).not.toContainText('Сохранено');
  release();
  await expect(address).toContainText('Сохранено');
});

test('the same field changed by two people shows both values and asks', async ({ browser, anna }) => {
  const dima = await another(browser, 'dima');
  for (const choice of ['Оставить моё', 'Взять его']) {
    const id = await client(anna, { address: 'Москва' });
    await anna.goto(`/clients/${id}?edit=address`);
    await alive(anna);
    await changed(dima, id, { address: 'Москва, ул. Лесная, д. 7' });
    await anna.locator('[name=address]').fill('Москва, ул. Лесная, 5');
    await anna.keyboard.press('Enter');
    const address = anna.locator('dd[data-field=address]');
    await expect(address).toContainText('Пока вы писали, Дмитрий Савин изменил «Адрес»: «Москва, ул. Лесная, д. 7»');
    await expect(anna.locator('[name=address]')).toHaveValue('Москва, ул. Лесная, 5');
    await noViolations(anna);
    await address.getByText(choice).click();
    const settled = choice === 'Оставить моё' ? 'Москва, ул. Лесная, 5' : 'Москва, ул. Лесная, д. 7';
    await expect(address.locator('a.value')).toHaveText(settled);
    await anna.reload();
    await expect(address).toHaveText(settled);
  }
});

test('different fields of two people merge', async ({ browser, anna }) => {
  const dima = await another(browser, 'dima');
  const id = await client(anna, { address: 'Москва' });
  await anna.goto(`/clients/${id}?edit=address`);
  await alive(anna);
  await changed(dima, id, { phone: '8 912 111-22-33' });
  await anna.locator('[name=address]').fill('Тверь');
  await anna.keyboard.press('Enter');
  await expect(anna.locator('dd[data-field=address]')).toContainText('Сохранено');
  await expect(anna.locator('dd[data-field=phone]')).toContainText('+7 912 111-22-33');
});

test('a refused value stays as typed, with the reason under it', async ({ anna }) => {
  const id = await client(anna, {});
  await anna.goto(`/clients/${id}?edit=inn`);
  await alive(anna);
  const inn = anna.locator('dd[data-field=inn]');
  await anna.locator('[name=inn]').fill('770708389');
  await anna.keyboard.press('Enter');
  await expect(inn).toContainText('В ИНН ошибка: нужно 10 или 12 цифр, здесь 9 цифр');
  await expect(anna.locator('[name=inn]')).toHaveValue('770708389');
  await noViolations(anna);
  // A check digit that does not match is only a warning.
  await anna.locator('[name=inn]').fill('7707083894');
  await anna.keyboard.press('Enter');
  await expect(inn).toContainText('не сходится контрольная цифра');
  await noViolations(anna);
  await inn.getByRole('button', { name: 'Сохранить всё равно' }).click();
  await expect(inn).toContainText('сомнительно');
  await expect(inn).toContainText('Сохранено');
});

test('going on to another field leaves a refused one open', async ({ anna }) => {
  const id = await client(anna, {});
  await anna.goto(`/clients/${id}?edit=inn`);
  await alive(anna);
  await anna.locator('[name=inn]').fill('12');
  await anna.locator('dd[data-field=address] a.value').click();
  await expect(anna.locator('[name=address]')).toBeVisible();
  await expect(anna.locator('[name=inn]')).toHaveValue('12');
  await expect(anna.locator('dd[data-field=inn]')).toContainText('В ИНН ошибка');
});

test('without a connection the text stays and can be sent again', async ({ anna, quiet }) => {
  const id = await client(anna, { address: 'Тула' });
  await anna.goto(`/clients/${id}?edit=address`);
  await alive(anna);
  await anna.context().setOffline(true);
  await anna.locator('[name=address]').fill('Тверь');
  await anna.keyboard.press('Enter');
  const address = anna.locator('dd[data-field=address]');
  await expect(address).toContainText('Не сохранено: нет связи. Текст на месте');
  await expect(anna.locator('[name=address]')).toHaveValue('Тверь');
  // Chromium itself reports the connection that it could not make.
  const own = quiet.splice(0).filter((line) => !line.includes('ERR_INTERNET_DISCONNECTED'));
  expect(own).toEqual([]);
  await anna.context().setOffline(false);
  await address.getByRole('button', { name: 'Повторить' }).click();
  await expect(address).toContainText('Сохранено');
  await anna.reload();
  await expect(address).toHaveText('Тверь');
});

test('a page that does not exist says so', async ({ anna }) => {
  for (const path of ['/clients/999999', '/clients/abc', '/nothing']) {
    await anna.goto(path);
    await alive(anna);
    await expect(anna.getByRole('alert')).toContainText('Такой страницы нет');
    await noViolations(anna);
  }
});

test('going to another page saves what was typed', async ({ anna }) => {
  const id = await client(anna, { address: 'Тула' });
  await anna.goto('/clients');
  await alive(anna);
  await anna.goto(`/clients/${id}?edit=address`);
  await alive(anna);
  await anna.locator('[name=address]').fill('Тверь');
  await anna.locator('.crumb a').click();
  await expect(anna).toHaveURL('/clients');
  await expect(async () => {
    const card = await anna.request.get(`/clients/${id}`);
    expect(await card.text()).toContain('Тверь');
  }).toPass();
});

test('what is chosen while a save is under way is saved next', async ({ anna }) => {
  const id = await client(anna, {});
  await anna.goto(`/clients/${id}?edit=responsible`);
  await alive(anna);
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await anna.route('**/call/save', async (route) => {
    await held;
    await route.continue();
  });
  await anna.locator('form.edit [name=responsible]').selectOption({ label: 'Дмитрий Савин' });
  await anna.locator('form.edit [name=responsible]').selectOption({ label: 'Елена Орлова' });
  release();
  await expect(anna.locator('dd[data-field=responsible]')).toContainText('Елена Орлова');
  await expect(anna.locator('dd[data-field=responsible]')).toContainText('Сохранено');
  await anna.reload();
  await expect(anna.locator('dd[data-field=responsible]')).toContainText('Елена Орлова');
});

test('editing once more after taking back is no conflict with oneself', async ({ anna }) => {
  const id = await client(anna, { address: 'Тула' });
  await anna.goto(`/clients/${id}?edit=address`);
  await alive(anna);
  const address = anna.locator('dd[data-field=address]');
  await anna.locator('[name=address]').fill('Тверь');
  await anna.keyboard.press('Enter');
  await address.getByRole('button', { name: 'Отменить' }).click();
  await expect(address.locator('a.value')).toHaveText('Тула');
  await address.locator('a.value').click();
  await anna.locator('[name=address]').fill('Псков');
  await anna.keyboard.press('Enter');
  await expect(address).toContainText('Псков');
  await expect(address).toContainText('Сохранено');
});
