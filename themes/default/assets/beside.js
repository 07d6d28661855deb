"use strict";

// Two pages of the site beside each other, each in a frame; which, the address says: `?a=…&b=…`, addresses from the
// site's root. A page in a frame tells where it is (postil.js), so that the address is always of what is seen and can
// be handed on. From a folder a frame cannot be looked into, but it can be listened to.
(() => {
  const box = document.querySelector("[data-beside]");
  if (!box) return;
  const root = (document.currentScript.getAttribute("src") ?? "").replace(/assets\/beside\.js(?:[?#].*)?$/, "");
  /** Pages of this site: no scheme, no host, no way up. */
  const PAGE = /^(?!\/)(?!(?:.*\/)?\.\.?\/)[^:?#\\\s]+\.html(?:#\S*)?$/;
  const START = "texts/index.html";
  const asked = new URLSearchParams(location.search);

  const sides = ["a", "b"].map((name) => {
    const given = asked.get(name) ?? "";
    return { name, page: PAGE.test(given) && !given.startsWith("beside.html") ? given : START, frame: null };
  });

  function show(side) {
    const frame = document.createElement("iframe");
    const alone = document.createElement("a");
    const section = document.createElement("section");
    const says = document.createElement("p");
    frame.title = side.name === "a" ? box.dataset.first : box.dataset.second;
    section.setAttribute("aria-label", frame.title);
    alone.textContent = box.dataset.alone;
    says.className = "ui meta";
    alone.href = frame.src = root + side.page;
    says.append(alone);
    frame.addEventListener("load", () => scrollTo(0, 0));
    section.append(says, frame);
    box.append(section);
    Object.assign(side, { frame, alone });
  }

  addEventListener("message", ({ source, data }) => {
    const side = sides.find(({ frame }) => frame.contentWindow === source);
    const page = data?.postil;
    if (!side || typeof page !== "string" || !PAGE.test(page)) return;
    // A frame that goes to a place takes the page around it along.
    scrollTo(0, 0);
    side.page = page;
    side.alone.href = root + page;
    history.replaceState(null, "", `?${new URLSearchParams(sides.map(({ name, page }) => [name, page]))}`);
  });

  sides.forEach(show);
  box.hidden = false;
  document.querySelector("[data-beside-without]").hidden = true;
})();
