// One page of the site in one browser, and everything that goes wrong on it.

/** Runs before the page's own scripts: keeps what the page may not do. */
function watch() {
  globalThis.postilTestProblems = [];
  const say = (text) => globalThis.postilTestProblems.push(text);
  document.addEventListener('securitypolicyviolation', (event) =>
    say(`policy ${event.violatedDirective}: ${event.blockedURI}`));
  addEventListener('error', (event) => {
    const what = event.target;
    if (what instanceof Element) say(`not loaded: ${what.src ?? what.href ?? what.localName}`);
  }, true);
}

export class Visit {
  /** Use `Visit.begin`. */
  constructor(page, root, browser) {
    this.page = page;
    this.root = root;
    this.browser = browser;
    this.problems = [];
    this.searches = false;
    this.opened = new Set();
  }

  /** A new tab on the site at `root`. */
  static async begin(browser, name, root, { script }) {
    const page = await browser.newPage();
    const visit = new Visit(page, root, name);
    if (!script && name === 'chromium') await page.setJavaScriptEnabled(false);
    await page.evaluateOnNewDocument(watch);
    page.on('console', (message) => {
      if (message.type() === 'error' && !visit.searches) visit.problems.push(`console: ${message.text()}`);
    });
    page.on('pageerror', (error) => visit.problems.push(`script: ${error.message}`));
    page.on('request', (request) => visit.#requested(request.url()));
    return visit;
  }

  #requested(url) {
    const within = url.startsWith(this.root) || url.startsWith('data:') || url.startsWith('about:');
    if (!within && !this.searches) this.problems.push(`request that leaves the site: ${url}`);
  }

  /** Opens a page by its path in the site, with whatever follows it (`?q=…`, `#p3`). */
  async open(path) {
    // The page for addresses that lead nowhere looks for the root of the site, folder by folder.
    this.searches = path === '404.html';
    await this.page.goto(this.root + path, { waitUntil: 'load' });
    await this.#forget(path);
  }

  /** From a folder Firefox keeps what is kept for each file by itself: what an earlier test left there is forgotten. */
  async #forget(path) {
    const [file] = path.split(/[?#]/);
    if (this.browser !== 'firefox' || !this.root.startsWith('file:') || this.opened.has(file)) return;
    this.opened.add(file);
    const kept = await this.page.evaluate(() => { const kept = localStorage.length; localStorage.clear(); return kept; });
    if (kept) await this.page.goto(this.root + path, { waitUntil: 'load' });
  }

  /** What went wrong since the last call. */
  async takeProblems() {
    const kept = await this.page.evaluate(() => {
      const kept = globalThis.postilTestProblems ?? [];
      globalThis.postilTestProblems = [];
      return kept;
    });
    return this.problems.splice(0).concat(this.searches ? [] : kept);
  }

  /** The answer of a function in the page. */
  ask(question, ...values) {
    return this.page.evaluate(question, ...values);
  }

  /** Waits until a function in the page gives something true. */
  until(question, ...values) {
    return this.page.waitForFunction(question, { timeout: 10_000, polling: 50 }, ...values);
  }

  /** Presses a key with Control; Chromium is to be told by name what its menu would do. */
  async chord(key, command) {
    await this.page.keyboard.down('Control');
    await this.page.keyboard.press(key, { commands: [command] });
    await this.page.keyboard.up('Control');
  }

  /** Closes the tab; what a reader's browser would have kept is forgotten. */
  async end() {
    await this.page.evaluate(() => { try { localStorage.clear(); } catch { /* a page without storage */ } });
    await this.page.close();
  }
}
