// The clipboard, as a reader uses it.

/** Copies by the keyboard, as a reader does; gives what the browser puts on the clipboard. */
export async function copied(visit) {
  await visit.ask(() => {
    globalThis.postilTestCopied = undefined;
    addEventListener('paste', (event) => {
      event.preventDefault();
      globalThis.postilTestCopied = event.clipboardData.getData('text/plain');
    }, { once: true });
  });
  await visit.chord('c', 'Copy');
  await visit.chord('v', 'Paste');
  await visit.until(() => globalThis.postilTestCopied !== undefined);
  return visit.ask(() => globalThis.postilTestCopied);
}
