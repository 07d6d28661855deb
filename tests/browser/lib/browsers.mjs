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

/** What Firefox is told where the system forces its colours, by scheme: it cannot be told while it runs. */
function forcing(scheme) {
  const [ground, words, links] = scheme === 'dark' ? ['#000000', '#ffffff', '#ffff00'] : ['#ffffff', '#000000', '#0000ee'];
  const prefs = { 'browser.display.document_color_use': 2, 'ui.systemUsesDarkTheme': scheme === 'dark' ? 1 : 0 };
  for (const kind of ['', '.dark']) {
    prefs[`browser.display.background_color${kind}`] = ground;
    prefs[`browser.display.foreground_color${kind}`] = words;
    prefs[`browser.anchor_color${kind}`] = links;
  }
  return prefs;
}

/** Starts a browser by name; Firefox, if told so, in `forced` colours: light or dark. */
export async function launch(name, { forced } = {}) {
  const { browser, paths, ...options } = LAUNCH[name];
  if (forced) options.extraPrefsFirefox = { ...options.extraPrefsFirefox, ...forcing(forced) };
  const executablePath = paths.find((path) => existsSync(path));
  if (!executablePath) throw new Error(`${name} is not installed: looked for ${paths.join(', ')}`);
  return puppeteer.launch({ ...options, browser, executablePath, headless: true });
}
