// The clipboard, as a reader uses it.

/** What a paste gives, tried on the document itself. */
export async function pasted(visit) {
  await visit.ask(() => {
    globalThis.postilTestPasted = undefined;
    addEventListener('paste', (event) => {
      event.preventDefault();
      globalThis.postilTestPasted = event.clipboardData.getData('text/plain');
    }, { once: true });
  });
  await visit.chord('v', 'Paste');
  await visit.until(() => globalThis.postilTestPasted !== undefined);
  return visit.ask(() => globalThis.postilTestPasted);
}

/** Copies by the keyboard, as a reader does; gives what the browser puts on the clipboard. */
export async function copied(visit) {
  await visit.chord('c', 'Copy');
  return pasted(visit);
}
