// The main job, told once in Chromium with JavaScript and once without: R1, R4, R6, R7, R13–R15, R20, R21.
import { alive, expect, noViolations, signIn, test, watch } from './office';

for (const javaScriptEnabled of [true, false]) {
  test(`a manager's job ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, async ({ browser }) => {
    const page = await (await browser.newContext({ javaScriptEnabled })).newPage();
    const said = watch(page);
    const ready = async () => {
      if (javaScriptEnabled) await alive(page);
    };
    // The HTML is the same without JavaScript, where the inspector cannot run.
    const inspected = async () => {
      if (javaScriptEnabled) await noViolations(page);
    };
    const name = `ООО «Сказка ${javaScriptEnabled ? 'живая' : 'простая'}»`;

    // A link from a colleague leads through the sign-in to where it points.
    await page.goto('/clients?sort=name');
    await expect(page).toHaveURL(/\/login\?next=/);
    await page.locator('[name=login]').fill('anna');
    await page.locator('[name=password]').fill('не тот');
    await page.getByRole('button', { name: 'Войти' }).click();
    await expect(page.getByRole('alert')).toContainText('Логин или пароль не подошли');
    await expect(page.locator('[name=login]')).toHaveValue('anna');
    await page.locator('[name=password]').fill('верный пароль');
    await page.getByRole('button', { name: 'Войти' }).click();
    await expect(page).toHaveURL(/\/clients\?sort=name$/);
    await expect(page.locator('th[data-field=name]')).toHaveAttribute('aria-sort', 'ascending');

    // The plus; the cursor is in the name.
    await ready();
    await page.locator('form.plus button').click();
    await expect(page).toHaveURL(/\/clients\/\d+\?edit=name$/);
    const id = Number(/clients\/(\d+)/.exec(page.url())![1]);
    await ready();
    await expect(page.locator('form.edit input[name=name]')).toBeFocused();
    await expect(page.locator('h1')).toHaveText(`Клиент №\u202f${id}`);
    await page.keyboard.type(name);
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(`/clients/${id}`);
    await expect(page.locator('h1')).toHaveText(name);
    await expect(page.locator('.name[data-field=name]')).toContainText(name);

    // Values are edited in their place.
    for (const [field, typed, shown] of [
      ['inn', '7707083893', '7707083893'],
      ['phone', '8 912 000-11-22', '+7 912 000-11-22'],
      ['site', 'skazka.ru', 'skazka.ru'],
    ]) {
      await page.locator(`dd[data-field=${field}] a.value`).click();
      await page.locator(`[name=${field}]`).fill(typed);
      await page.keyboard.press('Enter');
      await expect(page.locator(`dd[data-field=${field}]`)).toContainText(shown);
      await expect(page).toHaveURL(`/clients/${id}`);
      await ready();
    }
    await page.locator('dd[data-field=responsible] a.value').click();
    await page.locator('form.edit select[name=responsible]').selectOption({ label: 'Дмитрий Савин' });
    if (!javaScriptEnabled) await page.getByRole('button', { name: 'Сохранить' }).click();
    await expect(page.locator('dd[data-field=responsible]')).toContainText('Дмитрий Савин');
    await inspected();

    // Found by phone and by name.
    await page.goto('/clients');
    await ready();
    await page.locator('input[name=phone]').fill('000-11-22');
    if (!javaScriptEnabled) await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/phone=000-11-22/);
    await expect(page.locator(`tr[data-id="${id}"] td[data-field=name]`)).toHaveText(name);
    await page.locator('input[name=name]').fill('сказка ооо');
    if (!javaScriptEnabled) await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/name=.*phone=|phone=.*name=/);
    await expect(page.locator(`tr[data-id="${id}"]`)).toBeVisible();
    await inspected();

    // The row is a link; the history says who did what.
    await page.locator(`tr[data-id="${id}"] .row-link`).click();
    await expect(page).toHaveURL(new RegExp(`/clients/${id}\\?in=`));
    await page.getByRole('link', { name: 'История' }).click();
    await expect(page).toHaveURL(new RegExp(`/clients/${id}\\?in=.*&tab=history$`));
    const first = page.locator('.hist .ev').first();
    await expect(first).toContainText('Анна Крылова');
    await expect(first).toContainText('Ответственный: было Анна Крылова, стало Дмитрий Савин');
    await expect(page.locator('.hist .ev')).toHaveCount(6);
    await inspected();
    await first.getByRole('button', { name: 'Вернуть' }).click();
    await expect(page.locator('.hist .ev')).toHaveCount(7);
    await expect(page.locator('.hist .ev').first()).toContainText('стало Анна Крылова');

    // Deleted, restored from the trash.
    await page.goto(`/clients/${id}`);
    await page.getByRole('button', { name: 'Удалить' }).click();
    await expect(page.getByText('Клиент в корзине')).toBeVisible();
    await inspected();
    await page.getByRole('link', { name: 'Корзина' }).first().click();
    await expect(page.locator(`.trash li[data-id="${id}"]`)).toContainText(name);
    await inspected();
    await page.locator(`.trash li[data-id="${id}"]`).getByRole('button', { name: 'Восстановить' }).click();
    await expect(page).toHaveURL(`/clients/${id}`);
    await expect(page.getByRole('button', { name: 'Удалить' })).toBeVisible();

    await page.getByRole('button', { name: 'Выйти' }).click();
    await expect(page).toHaveURL(/\/login$/);
    await inspected();
    expect(said).toEqual([]);
  });
}

test('a managers page of another persons session is closed', async ({ browser }) => {
  const page = await (await browser.newContext()).newPage();
  await signIn(page, 'dima');
  await page.context().clearCookies();
  await page.goto('/clients/17');
  await expect(page).toHaveURL(/\/login\?next=%2Fclients%2F17$/);
});
