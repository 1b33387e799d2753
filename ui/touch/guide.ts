import type { Point } from "./widget";

/** What stands over the live picture at one moment (ui/guide.go). */
interface Guide { quad: Point[]; hint: string; held: number }

/** Draws the page's edge, the countdown and the one sentence over the live picture, if the screen has one. */
export function guide(data: string): void {
  const root = document.getElementById("guide");
  if (!root) return; // the live picture has gone meanwhile
  const now = JSON.parse(data) as Guide;
  const picture = document.querySelector<HTMLImageElement>("#live img");
  const edge = root.querySelector(".edge");
  const width = picture?.naturalWidth ?? 0;
  const height = picture?.naturalHeight ?? 0;
  if (edge && width > 0 && height > 0) {
    edge.setAttribute("viewBox", `0 0 ${width} ${height}`); // fits as the picture does
    edge.querySelector("polygon")?.setAttribute("points", now.quad.map((p) => `${p.x * width},${p.y * height}`).join(" "));
  }
  root.classList.toggle("well", root.querySelector(`.good[data-hint="${CSS.escape(now.hint)}"]`) !== null);
  root.classList.toggle("counting", now.held > 0 && ("byItself" in root.dataset || document.querySelector('[data-do="shoot"]') !== null));
  root.querySelector(".over")?.setAttribute("stroke-dasharray", `${Math.round(100 * now.held)} 100`);
  for (const sentence of root.querySelectorAll<HTMLElement>("[data-hint]")) sentence.hidden = sentence.dataset["hint"] !== now.hint;
}
