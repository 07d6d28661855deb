
  // The text of the page in hand, read from its own elements: each `data-block`,
  // without what is generated. That a page holds its text to the letter is proved
  // when it is built, so there is no second copy to go wrong.

  class Page {
    constructor(article) {
      this.article = article;
      this.id = article.dataset.text;
      this.nodes = [];
      const hidden = [];
      let at = 0;
      const blocks = [...article.querySelectorAll("[data-block]")].map((block) => {
        const own = (node) => node.nodeType === Node.TEXT_NODE ? NodeFilter.FILTER_ACCEPT
          : node.hasAttribute("data-generated") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_SKIP;
        const walker = document.createTreeWalker(block, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, own);
        let text = "";
        for (let node = walker.nextNode(); node; node = walker.nextNode()) {
          const start = at + text.length;
          text += node.data;
          this.nodes.push({ node, start, end: at + text.length });
          if (!node.data || !node.parentElement.closest("[data-furniture]")) continue;
          if (hidden.length && hidden.at(-1)[1] === start) hidden.at(-1)[1] = at + text.length;
          else hidden.push([start, at + text.length]);
        }
        at += text.length + 1;
        return { number: Number(block.dataset.block), text };
      });
      this.text = new Text(blocks, hidden);
    }

    /** The first of the page's pieces of text that is not before a point. */
    #next(container, offset) {
      const point = document.createRange();
      point.setStart(container, offset);
      let low = 0;
      let high = this.nodes.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (point.comparePoint(this.nodes[middle].node, 0) < 0) low = middle + 1; else high = middle;
      }
      return low;
    }

    /** Where a correction lies whose corrected reading holds a point: [start, end, whether the point is at its beginning]. */
    #correction(container, offset) {
      const element = container.nodeType === Node.ELEMENT_NODE ? container : container.parentElement;
      const reading = element?.closest("[data-correction] ins");
      if (!reading || !this.article.contains(reading)) return null;
      const number = reading.closest("[data-correction]").dataset.correction;
      const own = this.nodes.filter(({ node }) => node.parentElement.closest("[data-correction]")?.dataset.correction === number);
      const before = document.createRange();
      before.selectNodeContents(reading);
      before.setEnd(container, offset);
      return own.length ? [own[0].start, own.at(-1).end, before.toString() === ""] : null;
    }

    /** The passage of a range of the page: empty if it holds nothing of the text. */
    passage({ startContainer, startOffset, endContainer, endOffset }) {
      const known = (container) => this.nodes.find(({ node }) => node === container);
      const from = this.#correction(startContainer, startOffset);
      const to = this.#correction(endContainer, endOffset);
      const start = from ? from[0]
        : known(startContainer) ? known(startContainer).start + startOffset
        : this.nodes[this.#next(startContainer, startOffset)]?.start ?? this.text.visible.length;
      const end = to ? to[to[2] ? 0 : 1]
        : known(endContainer) ? known(endContainer).start + endOffset
        : this.nodes[this.#next(endContainer, endOffset) - 1]?.end ?? 0;
      return start < end ? this.text.passage(start, end) : [];
    }

    /** Whether the words of a range are furniture and nothing else. */
    isFurniture(range) {
      return !this.passage(range).length && this.nodes.some(({ node }) =>
        range.intersectsNode(node) && node.parentElement.closest("[data-furniture]"));
    }

    /** The ranges of the page that a passage covers, to be shown. */
    ranges(passage) {
      return passage.flatMap(([start, end]) => this.nodes.filter((piece) => piece.start < end && piece.end > start).map((piece) => {
        const range = document.createRange();
        range.setStart(piece.node, Math.max(start - piece.start, 0));
        range.setEnd(piece.node, Math.min(end, piece.end) - piece.start);
        return range;
      }));
    }
  }

  self.postilNote = Object.freeze({ fold, Text, Page, find, wordingFor, nameFor, isSlug, write, zip, trimmed });
})();
