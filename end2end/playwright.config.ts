// Real Chromium against a real server, with and without JavaScript.
import { defineConfig } from '@playwright/test';
import { existsSync } from 'node:fs';

const chromium = process.env.KLIENTURA_CHROMIUM ?? '/usr/bin/chromium';
if (!existsSync(chromium)) throw new Error(`Chromium is missing: run \`apt-get install chromium\``);

export const port = Number(process.env.KLIENTURA_TEST_PORT ?? 3987);

export default defineConfig({
  testDir: './tests',
  outputDir: './test-results',
  workers: 2,
  fullyParallel: true,
  timeout: 120_000,
  expect: { timeout: 10_000 },
  forbidOnly: true,
  // A second try on a busy machine; the report names what needed it.
  retries: process.env.CI ? 1 : 0,
  reporter: [['list']],
  use: {
    baseURL: `http://127.0.0.1:${port}`,
    locale: 'ru-RU',
    timezoneId: 'Europe/Moscow',
    viewport: { width: 1440, height: 840 },
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: chromium,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  webServer: {
    command: 'node end2end/serve.mjs',
    cwd: '..',
    url: `http://127.0.0.1:${port}/login`,
    reuseExistingServer: false,
    timeout: 60_000,
    gracefulShutdown: { signal: 'SIGTERM', timeout: 5_000 },
    env: { KLIENTURA_TEST_PORT: String(port) },
  },
});
