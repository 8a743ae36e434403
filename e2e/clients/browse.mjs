// Opens a page in a headless Chromium from a given origin, waits until the map says how it went, and prints that as
// one line of JSON: browse.mjs MODULES PAGE ORIGIN-PORT SERVER ADDRESS KEY SCREENSHOT. CHROMIUM names the browser.
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const [modules, page, port, server, address, key, screenshot] = process.argv.slice(2);
const { launch } = createRequire(join(modules, 'package.json'))('puppeteer-core');
const here = fileURLToPath(new URL('.', import.meta.url));
const types = { '.html': 'text/html', '.css': 'text/css', '.js': 'text/javascript', '.png': 'image/png' };

// Serves the two folders that pages need, and nothing above them.
const site = createServer(async (request, response) => {
  const path = normalize(new URL(request.url, 'http://localhost').pathname);
  const root = path.startsWith('/node_modules/') ? modules : path.startsWith('/pages/') ? here : undefined;
  try {
    const body = await readFile(join(root, path));
    response.writeHead(200, { 'Content-Type': types[extname(path)] ?? 'application/octet-stream' }).end(body);
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise((resolve) => site.listen(Number(port), '127.0.0.1', resolve));

const browser = await launch({
  executablePath: process.env.CHROMIUM,
  args: [
    '--no-sandbox', // root in a network of its own, with pages of our own
    '--use-angle=swiftshader',
    '--enable-unsafe-swiftshader',
    '--disable-dev-shm-usage',
    `--host-resolver-rules=MAP ${new URL(server).hostname} ${address}`,
    '--ignore-certificate-errors', // curl checks the certificate in the other stories
  ],
  timeout: 60_000,
});
try {
  const tab = await browser.newPage();
  await tab.setViewport({ width: 800, height: 600 });
  const parameters = new URLSearchParams({ server, key });
  await tab.goto(`http://localhost:${port}/pages/${page}.html?${parameters}`, { timeout: 30_000 });
  await tab.waitForFunction('window.result', { timeout: 60_000 });
  await tab.screenshot({ path: screenshot });
  console.log(JSON.stringify(await tab.evaluate('window.result')));
} finally {
  await browser.close();
  site.close();
}
