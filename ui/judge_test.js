// Judges the present screen and gives a list of faults in words. It is run in the browser by screens_test.go.
(() => {
  const mm = parseFloat(getComputedStyle(document.documentElement).getPropertyValue("--mm"));
  const screen = document.getElementById("screen");
  const cover = screen.querySelector(".cover:not(.lost)");
  const faults = [];
  const name = (e) => `${e.tagName.toLowerCase()}.${e.className?.baseVal ?? e.className} “${(e.textContent ?? "").trim().slice(0, 24)}”`;
  const seen = (e) => !e.closest("[hidden],.lost") && e.getClientRects().length > 0 && getComputedStyle(e).visibility === "visible";
  const box = (e) => e.getBoundingClientRect();
  // Turned-away pages of a paged text lie beside the panel: they are not on the screen.
  const turnedAway = (e) => {
    const paged = e.closest(".paged");
    if (!paged) return false;
    const p = box(paged), b = box(e);
    return b.left >= p.right - 1 || b.right <= p.left + 1;
  };
  const onTop = (e) => !cover || cover.contains(e);
  const all = [...screen.querySelectorAll("*")].filter((e) => seen(e) && onTop(e) && !turnedAway(e));

  for (const e of all) {
    const b = box(e);
    if (b.left < -1 || b.top < -1 || b.right > innerWidth + 1 || b.bottom > innerHeight + 1) {
      if (!e.closest("svg") && !e.closest(".paged")) faults.push(`${name(e)} reaches beyond the panel`);
    }
    if (e.closest("svg") || e.matches("canvas,img")) continue;
    if (e.clientHeight > 0 && e.scrollHeight > e.clientHeight + 2 && getComputedStyle(e).overflowY !== "visible" && !e.matches(".paged")) faults.push(`${name(e)} hides ${e.scrollHeight - e.clientHeight} px of its height`);
    if (e.clientWidth > 0 && e.scrollWidth > e.clientWidth + 2 && getComputedStyle(e).overflowX !== "visible" && !e.matches(".paged")) faults.push(`${name(e)} hides ${e.scrollWidth - e.clientWidth} px of its width`);
  }

  const main = screen.querySelector(".main");
  const room = box(main);
  for (const e of all) {
    if (!main.contains(e) || e.closest(".cover,svg,.start")) continue;
    const b = box(e);
    if (b.bottom > room.bottom + 1 && !e.closest(".paged")) faults.push(`${name(e)} runs under the footer by ${Math.round(b.bottom - room.bottom)} px`);
  }
  for (const paged of screen.querySelectorAll(".paged")) {
    if (!onTop(paged)) continue;
    const p = box(paged);
    for (const e of paged.querySelectorAll("p")) {
      for (const piece of e.getClientRects()) { // a paragraph may go on in the next column
        if (piece.right > p.left && piece.left < p.right && piece.bottom > p.bottom + 2) faults.push(`${name(e)} is cut at the foot of its page`);
      }
    }
    for (const e of paged.querySelectorAll("button,b,span,dd,.line,.stated,li,h2")) {
      if (!turnedAway(e) && seen(e) && [...e.getClientRects()].some((r) => r.left < p.right - 2 && r.left > p.left - 2 && r.right > p.right + 2)) faults.push(`${name(e)} is cut at the side of its page`);
    }
    for (const e of paged.querySelectorAll("button,.line,.stated,li,h2")) {
      if (!turnedAway(e) && seen(e) && box(e).bottom > p.bottom + 2) faults.push(`${name(e)} is cut at the foot of its page`);
    }
  }

  const targets = all.filter((e) => e.matches("button,.hg-button") && !e.closest("[inert]"));
  for (const e of targets) {
    const b = box(e);
    if (b.width < 12.7 * mm - 0.5 || b.height < 12.7 * mm - 0.5) faults.push(`${name(e)} is ${(b.width / mm).toFixed(1)} × ${(b.height / mm).toFixed(1)} mm, a target needs 12.7`);
    const words = document.createRange();
    words.selectNodeContents(e);
    for (const w of words.getClientRects()) {
      if (w.width > 0 && (w.left < b.left - 1 || w.right > b.right + 1 || w.top < b.top - 2 || w.bottom > b.bottom + 2)) faults.push(`${name(e)} spills over its edge`);
    }
    for (const f of targets) {
      if (e === f || e.contains(f) || f.contains(e)) continue;
      const c = box(f);
      const gap = Math.max(Math.max(b.left, c.left) - Math.min(b.right, c.right), Math.max(b.top, c.top) - Math.min(b.bottom, c.bottom));
      if (gap < 2 * mm && e.compareDocumentPosition(f) & Node.DOCUMENT_POSITION_FOLLOWING) faults.push(`${name(e)} and ${name(f)} are ${(gap / mm).toFixed(1)} mm apart`);
    }
  }

  const least = screen.classList.contains("size-s") ? 3.6 : screen.classList.contains("size-l") ? 6.4 : screen.classList.contains("size-xl") ? 8.5 : 4.8;
  const channel = (v) => ((v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const colours = (css) => [...css.matchAll(/rgba?\(([^)]+)\)/g)].map((m) => m[1].split(/[ ,/]+/).map(Number));
  const between = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
  const limit = screen.classList.contains("colour") ? 4.5 : 10;
  const grounds = (e) => {
    for (let at = e; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      const gradient = colours(style.backgroundImage);
      if (gradient.length) return gradient;
      const plain = colours(style.backgroundColor)[0];
      if (plain && (plain[3] ?? 1) > 0.9) return [plain];
    }
    return [[255, 255, 255]];
  };
  const texts = document.createTreeWalker(screen, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const e = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || !seen(e) || !onTop(e) || turnedAway(e) || e.closest("svg")) continue;
    const style = getComputedStyle(e);
    const capital = (parseFloat(style.fontSize) * 0.733) / mm;
    if (e.matches(".sizes i, .contrasts i")) continue; // a picture of a size, of a contrast
    if (capital < least - 0.02) faults.push(`${name(e)} has capitals of ${capital.toFixed(1)} mm, ${least} are needed`);
    for (const ground of grounds(e)) {
      const contrast = between(colours(style.color)[0], ground);
      if (contrast < limit) faults.push(`${name(e)} has a contrast of ${contrast.toFixed(1)}, ${limit} is needed`);
    }
  }

  // Nothing lies over words: along each line, what a finger would meet there is the words' own element.
  const pieces = document.createTreeWalker(screen, NodeFilter.SHOW_TEXT);
  while (pieces.nextNode()) {
    const e = pieces.currentNode.parentElement;
    if (!pieces.currentNode.data.trim() || !seen(e) || !onTop(e) || e.closest("svg,[inert]")) continue;
    const words = document.createRange();
    words.selectNodeContents(pieces.currentNode);
    const page = e.closest(".paged") && box(e.closest(".paged"));
    for (const r of words.getClientRects()) {
      if (page && (r.left >= page.right - 1 || r.right <= page.left + 1)) continue;
      for (let x = r.left + 4; x < r.right - 3; x += 40) {
        const met = document.elementFromPoint(x, (r.top + r.bottom) / 2);
        if (met && !met.contains(e) && !e.contains(met) && !met.matches(".start")) faults.push(`${name(met)} lies over ${name(e)}`);
      }
    }
  }

  // Parts: icons, and what sets a target apart from its surroundings, its edge or its ground.
  for (const e of all.filter((e) => e.matches("svg.icon"))) {
    for (const ground of grounds(e.parentElement)) {
      const contrast = between(colours(getComputedStyle(e).color)[0], ground);
      if (contrast < 3) faults.push(`an icon in ${name(e.parentElement)} has a contrast of ${contrast.toFixed(1)}, 3 is needed`);
    }
  }
  for (const e of targets) {
    const style = getComputedStyle(e);
    const own = grounds(e);
    const edge = parseFloat(style.borderTopWidth) > 0 && parseFloat(style.borderBottomWidth) > 0 ? [colours(style.borderTopColor)[0]] : [];
    for (const ground of grounds(e.parentElement)) {
      const contrast = Math.max(...[...own, ...edge].filter(Boolean).map((c) => between(c, ground)));
      if (contrast < 3 && !e.matches(":disabled,.all,.thumb")) faults.push(`${name(e)} stands out by ${contrast.toFixed(1)}, 3 is needed`);
    }
  }
  const free = ["privacy", "idle", "leave", "assist", "help"]; // a question or the help itself: answered, the screen is back
  if (!free.some((kind) => cover?.classList.contains(kind)) && !all.some((e) => e.matches('[data-do="help"]'))) faults.push("nobody can be called");
  return [...new Set(faults)];
})()
