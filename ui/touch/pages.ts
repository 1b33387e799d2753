import { fill, part, screen } from "./screen";
import type { Widget } from "./widget";

/**
 * A text or list too long for the screen, in pages instead of scrolling. The content flows in columns (--abreast of
 * them beside each other); a page is what the box shows at once. Buttons with data-after wait for the last page.
 */
export function pages(root: HTMLElement): Widget {
  const content = part(root, ":scope > *");
  let now = 0;
  let of = 1;
  let furthest = 0;
  let held: Element | undefined; // what began on the page to which somebody turned

  const step = (): number => content.clientWidth + gap();
  const gap = (): number => parseFloat(getComputedStyle(content).columnGap) || 0;

  /** What the box has for its content, in pixels. */
  function height(): number {
    const { paddingTop, paddingBottom } = getComputedStyle(root);
    return root.clientHeight - parseFloat(paddingTop) - parseFloat(paddingBottom);
  }

  /** Lays the pages out anew, and stays with what stood first on the page: other letters must not lead astray. */
  function fit(): void {
    const last = measure() - 1;
    now = held?.isConnected ? pageOf(held) : Math.min(now, last);
    show();
  }

  function measure(): number {
    content.style.blockSize = "";
    content.style.columns = "";
    content.style.columnFill = "balance";
    root.removeAttribute("data-paged");
    of = 1;
    tell();
    if (content.scrollHeight <= height() + 1 && content.scrollWidth <= content.clientWidth + 1) return of;
    of = 2; // the buttons take room, so they must be there before the height counts
    tell();
    root.setAttribute("data-paged", "");
    const abreast = Number(getComputedStyle(content).getPropertyValue("--abreast")) || 1;
    // By width, not by number: WebKit lets one column by number run on below instead of beginning a second. A pixel
    // less than fits, because clientWidth is rounded; columns take up what is left over.
    content.style.columns = `${Math.floor((content.clientWidth - (abreast - 1) * gap()) / abreast) - 1}px auto`;
    content.style.columnFill = "auto";
    content.style.blockSize = `${height()}px`;
    of = Math.max(1, Math.ceil((content.scrollWidth + gap()) / step() - 0.02));
    return of;
  }

  function show(): void {
    content.style.transform = now ? `translateX(${-now * step()}px)` : "";
    furthest = Math.max(furthest, now);
    tell();
  }

  function turn(to: number): void {
    now = to;
    show();
    held = [...content.querySelectorAll("p,li,h2,button,dt")].find((piece) => pageOf(piece) === now);
  }

  /** Brings the buttons and every button that waits for the end up to date. */
  function tell(): void {
    const bar = screen().querySelector<HTMLElement>(`[data-turn="${root.id}"]`);
    if (bar) {
      bar.hidden = of < 2;
      const number = part(bar, "[data-say]");
      number.textContent = fill(number.dataset["say"], { now: now + 1, of });
      for (const button of bar.querySelectorAll<HTMLButtonElement>("[data-step]")) {
        const to = now + Number(button.dataset["step"]);
        button.disabled = to < 0 || to >= of;
        button.onclick = () => turn(to);
      }
    }
    for (const button of screen().querySelectorAll<HTMLElement>(`[data-after="${root.id}"]`)) {
      button.toggleAttribute("data-more", furthest < of - 1);
    }
  }

  function further(): boolean {
    if (furthest >= of - 1) return false;
    turn(furthest + 1);
    return true;
  }

  function pageOf(piece: Element): number {
    return Math.max(0, Math.min(of - 1, Math.floor((piece.getBoundingClientRect().left - content.getBoundingClientRect().left + 2) / step())));
  }

  /** Turns to the page on which the element with this value stands. */
  function turnTo(value: string | undefined): void {
    const sought = value ? root.querySelector(`[data-value="${CSS.escape(value)}"]`) : null;
    if (!sought || of < 2) return;
    turn(pageOf(sought));
  }

  fit();
  turnTo(root.dataset["at"]);
  void document.fonts.ready.then(() => root.isConnected && fit());
  return { further, fit };
}
