/**
 * Touch events first, the mouse as fallback: on some panels touch arrives as pointer events of a mouse, so nothing
 * may depend on a pointer's type.
 */
export function listen(on: HTMLElement, begin: (x: number, y: number) => boolean, move: (x: number, y: number) => void, end: () => void): void {
  const at = (e: { clientX: number; clientY: number }, act: (x: number, y: number) => unknown): unknown => {
    const box = on.getBoundingClientRect();
    return act(e.clientX - box.left, e.clientY - box.top);
  };
  on.addEventListener("touchstart", (e) => {
    const finger = e.touches[0];
    if (finger && at(finger, begin)) e.preventDefault();
  }, { passive: false });
  on.addEventListener("touchmove", (e) => {
    const finger = e.touches[0];
    if (finger) at(finger, move);
    e.preventDefault();
  }, { passive: false });
  on.addEventListener("touchend", end);
  on.addEventListener("touchcancel", end);
  on.addEventListener("mousedown", (e) => at(e, begin));
  on.addEventListener("mousemove", (e) => e.buttons && at(e, move));
  on.addEventListener("mouseup", end);
  on.addEventListener("mouseleave", end);
}
