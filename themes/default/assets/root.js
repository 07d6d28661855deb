// On the page for addresses that lead nowhere, which a host shows at any depth: this script is looked for at each
// depth, and where it is found, the root of the site is. Links and style sheets that count from the root are mended.
(() => {
  "use strict";
  const own = document.currentScript.src;
  const root = own.slice(0, own.length - "assets/root.js".length);
  // Of two sites on one host, one within the other, the inner one is meant.
  if (self.postilRoot && self.postilRoot.length >= root.length) return;
  self.postilRoot = root;
  const mend = () => {
    for (const link of document.querySelectorAll("a[href], link[rel=stylesheet], link[rel=icon]")) {
      const href = link.dataset.href ?? link.getAttribute("href");
      if (/^(?:[a-z][a-z+.-]*:|[/#])/i.test(href)) continue;
      link.dataset.href = href;
      link.setAttribute("href", root + href);
    }
  };
  mend();
  document.addEventListener("DOMContentLoaded", mend);
})();
