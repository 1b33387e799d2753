/** The present screen's root. It is drawn by the desk and swapped in by link.ts. */
export function screen(): HTMLElement {
  const root = document.getElementById("screen");
  if (!root) throw new Error("the page has no screen");
  return root;
}

/** Pixels in a millimetre of the panel. */
export function pixelsPerMillimetre(): number {
  const px = parseFloat(getComputedStyle(document.documentElement).getPropertyValue("--mm"));
  return px > 0 ? px : 3.7;
}

/** The child of root that selector names; the templates promise that it is there. */
export function part<E extends Element = HTMLElement>(root: ParentNode, selector: string): E {
  const found = root.querySelector<E>(selector);
  if (!found) throw new Error("missing on the screen: " + selector);
  return found;
}

/** Fills {name} in a phrase that a template put into a data attribute. */
export function fill(phrase: string | undefined, values: Record<string, string | number>): string {
  return (phrase ?? "").replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
