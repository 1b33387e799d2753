// Walks the present screen by keys and gives a list of faults in words. It is run in the browser by keys_test.go.
(() => {
  const mm = parseFloat(getComputedStyle(document.documentElement).getPropertyValue("--mm"));
  const screen = document.getElementById("screen");
  const faults = [];
  const press = (key) => document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  const words = (e) => (e.getAttribute("aria-label") || e.textContent || "").trim();
  const name = (e) => `${e.tagName.toLowerCase()}.${e.className?.baseVal ?? e.className} “${words(e).slice(0, 24)}”`;
  press("Tab");
  const begin = document.activeElement;
  if (!begin || !screen.contains(begin)) faults.push("the first key shows no place");
  else if (!words(begin)) faults.push(`${name(begin)}, where one begins, has no name`);

  // What a finger can touch, seen without the help of what is tested.
  const touchable = [...screen.querySelectorAll("button, [data-do]")].filter((e) => {
    const b = e.getBoundingClientRect();
    if (e.disabled || b.width === 0 || e.matches(".corner")) return false;
    const hit = document.elementFromPoint(b.left + b.width / 2, b.top + b.height / 2);
    return hit !== null && (hit === e || e.contains(hit));
  });
  const round = (key) => {
    const met = new Set();
    for (let i = 0; i < 2 * touchable.length + 12; i++) {
      press(key);
      met.add(document.activeElement);
    }
    return met;
  };
  const byTab = round("Tab");
  for (const e of touchable) if (!byTab.has(e)) faults.push(`${name(e)} is not reached by Tab`);

  // Where each arrow leads from each thing, and what can be come to by them.
  const leads = (from) => ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"].map((key) => {
    from.focus();
    press(key);
    if (document.activeElement === from && touchable.length > 1) faults.push(`${name(from)} is not left by ${key}`);
    return document.activeElement;
  });
  const byArrows = new Set([begin]);
  for (const at of byArrows) leads(at).forEach((e) => byArrows.add(e)); // a set grows while it is walked
  for (const e of touchable) if (!byArrows.has(e)) faults.push(`${name(e)} is not reached by arrows`);

  for (const e of touchable) {
    if (!words(e)) faults.push(`${name(e)} has no name`);
    e.focus();
    const style = getComputedStyle(e);
    const b = e.getBoundingClientRect();
    if (document.activeElement !== e) faults.push(`${name(e)} does not take the focus`);
    else if (style.outlineStyle !== "solid" || parseFloat(style.outlineWidth) < 1.2 * mm) faults.push(`${name(e)} has a frame of ${style.outlineWidth}`);
    const out = parseFloat(style.outlineOffset) + parseFloat(style.outlineWidth);
    for (let at = e.parentElement; at && out > 0; at = at.parentElement) {
      const cut = at.getBoundingClientRect();
      if (getComputedStyle(at).overflow !== "visible" && (b.left - out < cut.left - 1 || b.right + out > cut.right + 1 || b.top - out < cut.top - 1 || b.bottom + out > cut.bottom + 1)) faults.push(`the frame around ${name(e)} is cut off by ${name(at)}`);
    }
  }
  return [...new Set(faults)];
})()
