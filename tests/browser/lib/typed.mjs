// A question at the search page.

/** Puts a question into the field, and waits until the results are those of it. */
export async function typed(visit, query) {
  await visit.ask((query) => {
    const input = document.querySelector('[data-search-form] [data-search-input]');
    input.value = query;
    input.dispatchEvent(new Event('input'));
  }, query);
  await visit.until((query) => document.querySelector('[data-search-done]')?.dataset.searchDone === query, query);
}
