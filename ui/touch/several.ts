import { type Carried, refuse, type Widget } from "./widget";

/** A choice of several: each tile is pressed on and off, the codes go together, joined by commas. */
export function several(root: HTMLElement): Widget {
  const chosen = new Set((root.dataset["value"] ?? "").split(",").filter(Boolean));
  const tiles = [...root.querySelectorAll<HTMLElement>("[data-code]")];

  function show(): void {
    for (const tile of tiles) tile.setAttribute("aria-pressed", String(chosen.has(tile.dataset["code"] ?? "")));
  }

  root.addEventListener("click", (e) => {
    const tile = e.target instanceof Element ? e.target.closest<HTMLElement>("[data-code]") : null;
    const code = tile?.dataset["code"];
    if (!code) return;
    // "None of these" and anything else exclude each other.
    if (code === "none") chosen.clear();
    else chosen.delete("none");
    if (!chosen.delete(code)) chosen.add(code);
    refuse(root, false);
    show();
  });

  function take(): Carried | null {
    refuse(root, chosen.size === 0);
    if (chosen.size === 0) return null;
    return { value: tiles.map((t) => t.dataset["code"] ?? "").filter((c) => chosen.has(c)).join(",") };
  }

  show();
  return { take };
}
