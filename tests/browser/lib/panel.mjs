// The panel that proposes notes: its scripts come when it is first wanted.

const isOpen = () => document.querySelector('[data-suggest-panel]')?.open === true;

/** Opens the panel by its key or, without a key, by its button, and waits until it can be written in. */
export async function openPanel(visit, key) {
  if (!key) await visit.page.focus('[data-suggest] button');
  await visit.page.keyboard.press(key ?? 'Enter');
  await visit.until(isOpen);
}

/** Has the scripts come, as they do for who selects words, so that they can be asked without the panel. */
export async function bringPanel(visit) {
  await visit.ask(() => getSelection().selectAllChildren(document.querySelector('article [data-block]')));
  await visit.until(() => document.querySelector('.suggest-here'));
  await visit.ask(() => getSelection().removeAllRanges());
}
