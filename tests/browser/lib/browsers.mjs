// Debian's Chromium and Firefox, both driven by one library: Chromium by its own
// protocol, Firefox by WebDriver BiDi. Neither is downloaded.

import { existsSync } from 'node:fs';
import puppeteer from 'puppeteer-core';

const LAUNCH = {
  chromium: {
    browser: 'chrome',
    paths: ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'],
    args: [
      '--no-sandbox', // the tests run as root, where Chromium has none
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      // A machine without a mouse is taken for one that cannot hover.
      '--blink-settings=primaryHoverType=2,availableHoverTypes=2,primaryPointerType=4,availablePointerTypes=4',
    ],
  },
  firefox: {
    browser: 'firefox',
    paths: ['/usr/bin/firefox-esr', '/usr/bin/firefox'],
    args: [],
    extraPrefsFirefox: {
      // As Firefox is shipped. The library turns it off, and then much works from
      // a folder that works for no reader.
      'security.fileuri.strict_origin_policy': true,
      // A mouse, as above: fine (2) and able to hover (4).
      'ui.primaryPointerCapabilities': 6,
      'ui.allPointerCapabilities': 6,
    },
  },
};

export const NAMES = (process.env.POSTIL_BROWSERS ?? 'chromium,firefox').split(',');

/** Starts a browser by name. */
export async function launch(name) {
  const { browser, paths, ...options } = LAUNCH[name];
  const executablePath = paths.find((path) => existsSync(path));
  if (!executablePath) throw new Error(`${name} is not installed: looked for ${paths.join(', ')}`);
  return puppeteer.launch({ ...options, browser, executablePath, headless: true });
}
