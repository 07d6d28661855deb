// Whether words can be read: the colour that a browser gives to each of them, against the ground
// that it stands on. What a style sheet says is not asked: in forced colours a browser follows it or not.

/** Asked in a page: how many stretches of words are seen on it, and which of them cannot be read. */
export function unreadable() {
  /** Contrast of text (WCAG 2.2, 1.4.3), and of text as large as a heading. */
  const [LEAST, LEAST_LARGE] = [4.5, 3];
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 1;
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  const known = new Map();
  /** A colour in any notation, as red, green, blue (0 to 255) and how much of what is below it covers (0 to 1). */
  const read = (colour) => {
    if (!known.has(colour)) {
      const plain = /^rgba?\((\d+), (\d+), (\d+)(?:, ([\d.]+))?\)$/.exec(colour);
      if (plain) known.set(colour, [Number(plain[1]), Number(plain[2]), Number(plain[3]), Number(plain[4] ?? 1)]);
      else {
        pen.clearRect(0, 0, 1, 1);
        pen.fillStyle = colour;
        pen.fillRect(0, 0, 1, 1);
        const [red, green, blue, alpha] = pen.getImageData(0, 0, 1, 1).data;
        known.set(colour, [red, green, blue, alpha / 255]);
      }
    }
    return known.get(colour);
  };
  const over = ([r, g, b, a], below) => [r, g, b].map((part, i) => part * a + below[i] * (1 - a));
  const light = (colour) => {
    const [r, g, b] = colour.map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (a, b) => {
    const [high, low] = [light(a), light(b)].sort((x, y) => y - x);
    return (high + 0.05) / (low + 0.05);
  };

  // Below everything is the canvas of the browser.
  const probe = document.createElement('i');
  document.body.append(probe);
  probe.style.color = 'Canvas';
  const bottom = read(getComputedStyle(probe).color).slice(0, 3);
  probe.remove();

  const grounds = new Map();
  /** What an element stands on, itself included. */
  const ground = (element) => {
    if (!element) return bottom;
    if (!grounds.has(element)) {
      const { backgroundColor } = getComputedStyle(element);
      grounds.set(element, over(read(backgroundColor), ground(element.parentElement)));
    }
    return grounds.get(element);
  };
  /** What words of a drawing stand on: what was drawn before them, below their middle. */
  const drawn = (text) => {
    const box = text.getBoundingClientRect();
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    let below = ground(text.ownerSVGElement);
    for (const shape of text.ownerSVGElement.querySelectorAll('rect, circle, path')) {
      const { left, right, top, bottom } = shape.getBoundingClientRect();
      if (shape.compareDocumentPosition(text) & Node.DOCUMENT_POSITION_FOLLOWING && left <= x && x <= right && top <= y && y <= bottom) {
        const { fill, fillOpacity } = getComputedStyle(shape);
        if (fill !== 'none') {
          const [r, g, b, a] = read(fill);
          below = over([r, g, b, a * Number(fillOpacity) * veil(shape)], below);
        }
      }
    }
    return below;
  };
  const veils = new Map();
  /** How much of an element is left by what makes it and what is around it transparent. */
  const veil = (element) => {
    if (!element) return 1;
    if (!veils.has(element)) veils.set(element, Number(getComputedStyle(element).opacity) * veil(element.parentElement));
    return veils.get(element);
  };

  const wrong = [];
  let asked = 0;
  const ask = (words, style, element) => {
    const svg = element instanceof SVGElement;
    const [r, g, b, a] = read(svg ? style.fill : style.color);
    const below = svg ? drawn(element) : ground(element);
    const seen = over([r, g, b, a * veil(element)], below);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || size >= 18.66 && Number(style.fontWeight) >= 700;
    const ratio = contrast(seen, below);
    asked += 1;
    if (ratio < (large ? LEAST_LARGE : LEAST)) {
      const colours = [seen, below].map((colour) => colour.map(Math.round).join(' ')).join(' on ');
      wrong.push(`${element.localName}${element.className && !svg ? `.${element.className}` : ''} “${words.trim().slice(0, 30)}”: ${ratio.toFixed(2)}, ${colours}`);
    }
  };

  const shown = (element) => element.checkVisibility({ visibilityProperty: true }) && !element.closest('.sr, title, [popover]:not(:popover-open)');
  const elements = new Set();
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    const element = text.parentElement;
    if (!text.data.trim() || element.closest('script, option') || !shown(element)) continue;
    elements.add(element);
    ask(text.data, getComputedStyle(element), element);
  }
  for (const element of document.body.querySelectorAll('*')) {
    if (!shown(element)) continue;
    for (const pseudo of ['::before', '::after']) {
      const style = getComputedStyle(element, pseudo);
      if (/["\w]|quote/.test(style.content) && !/^(none|normal|""?)$/.test(style.content)) ask(`${pseudo} ${style.content}`, style, element);
    }
    if (element.matches('li') && getComputedStyle(element).listStyleType !== 'none') ask('::marker', getComputedStyle(element, '::marker'), element);
    if (element.matches('input, select, textarea')) {
      ask(element.value || 'typed words', getComputedStyle(element), element);
      if (element.placeholder) ask(element.placeholder, getComputedStyle(element, '::placeholder'), element);
    }
  }
  return { asked, wrong };
}
