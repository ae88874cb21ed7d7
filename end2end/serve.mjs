// A fresh base in a temporary folder, its accounts, and the server on it.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const server = process.env.KLIENTURA_SERVER ?? 'target/debug/klientura';
const folder = mkdtempSync(join(tmpdir(), 'klientura-e2e-'));
const env = { ...process.env, DATABASE_URL: `sqlite:${join(folder, 'test.db')}` };

const run = (args, input = '') => execFileSync(server, args, { env, input, stdio: ['pipe', 'inherit', 'inherit'] });
run(['migrate']);
for (const [login, name, role] of [
  ['owner', 'Елена Орлова', 'admin'],
  ['anna', 'Анна Крылова', 'manager'],
  ['dima', 'Дмитрий Савин', 'manager'],
]) {
  run(['user', 'add', login, '--name', name, '--role', role, '--password-stdin'], 'верный пароль\n');
}
run(['seed', '--clients', '1204', '--seed', '1']);

const child = spawn(server, ['serve', '--listen', `127.0.0.1:${process.env.KLIENTURA_TEST_PORT}`], { env, stdio: 'inherit' });
const stop = () => child.kill('SIGTERM');
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
child.on('exit', (code) => {
  rmSync(folder, { recursive: true, force: true });
  process.exit(code ?? 0);
});
