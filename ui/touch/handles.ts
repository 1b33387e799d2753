// A still's corners without a finger: each is a place for the focus. Chosen, it is held, and arrows move it: those of the keys,
// or for who has but two switches those that then stand on the screen.
import { part } from "./screen";

/** How far an arrow moves a corner, in millimetres of the panel; held down it repeats. */
const reach = 1;

const ways: Record<string, [right: number, down: number]> = { up: [0, -reach], down: [0, reach], left: [-reach, 0], right: [reach, 0] };

export interface Corners {
  /** Where a corner lies, in pixels of the widget. */
  place(corner: number): { x: number; y: number };
  /** Holds a corner, with -1 none. */
  take(corner: number): void;
  /** Moves the held corner by so many millimetres. */
  nudge(right: number, down: number): void;
}

/** Makes the corners' places and the arrows. follow brings them to where the corners are now; a finger makes them let go. */
export function handles(root: HTMLElement, corners: Corners): { follow(): void; letGo(): void } {
  const arrows = part(root, ".nudge");
  const places = [...root.querySelectorAll<HTMLElement>(".corner")];
  let held = -1;

  function mark(corner: number): void {
    held = corner;
    arrows.hidden = held < 0;
    for (const [i, place] of places.entries()) place.setAttribute("aria-pressed", String(i === held));
  }

  function hold(corner: number): void {
    mark(corner);
    corners.take(corner);
  }

  function follow(): void {
    const within = (n: number, size: number, whole: number): number => Math.min(Math.max(n, size / 2), whole - size / 2);
    for (const [i, place] of places.entries()) {
      const { x, y } = corners.place(i);
      place.style.insetInlineStart = `${within(x, place.offsetWidth, root.clientWidth)}px`;
      place.style.insetBlockStart = `${within(y, place.offsetHeight, root.clientHeight)}px`;
    }
    if (held >= 0) arrows.classList.toggle("above", corners.place(held).y > root.clientHeight / 2); // not over the corner
  }

  for (const [i, place] of places.entries()) {
    place.addEventListener("click", () => hold(held === i ? -1 : i));
    place.addEventListener("steer", (e) => {
      const way = held === i && e instanceof CustomEvent ? ways[String(e.detail)] : undefined;
      if (!way) return;
      e.preventDefault();
      corners.nudge(...way);
    });
  }
  for (const button of arrows.querySelectorAll<HTMLElement>("[data-nudge]")) {
    button.addEventListener("click", () => {
      const way = ways[button.dataset["nudge"] ?? ""];
      if (way) return corners.nudge(...way);
      const place = places[held];
      hold(-1);
      place?.focus();
    });
  }
  return { follow, letGo: () => mark(-1) };
}
