import { listen } from "./finger";
import { handles } from "./handles";
import { part, pixelsPerMillimetre } from "./screen";
import type { Carried, Point, Widget } from "./widget";

/** Radius of a handle, in millimetres: what a finger finds. */
const reach = 8;
/** How much the glass magnifies, and its radius in millimetres. */
const power = 3;
const glass = 25;

/** The still with its four corners to drag, and a magnifying glass while one is dragged. */
export function corners(root: HTMLElement): Widget {
  const picture = part<HTMLImageElement>(root, "img");
  const quad: Point[] = (root.dataset["quad"] ?? "").trim().split(/\s+/).map((pair) => {
    const [x = "0", y = "0"] = pair.split(",");
    return { x: Number(x), y: Number(y) };
  });
  const canvas = document.createElement("canvas");
  root.append(canvas);
  const mm = pixelsPerMillimetre();
  let held = -1;
  const byKey = handles(root, { place: (i) => place(quad[i] ?? { x: 0, y: 0 }), take: hold, nudge });

  /** Where the picture lies within the box: it is scaled to fit, so there may be edges. */
  function frame(): { x: number; y: number; w: number; h: number } {
    const w = root.clientWidth;
    const h = root.clientHeight;
    const scale = Math.min(w / (picture.naturalWidth || w), h / (picture.naturalHeight || h));
    const pw = (picture.naturalWidth || w) * scale;
    const ph = (picture.naturalHeight || h) * scale;
    return { x: (w - pw) / 2, y: (h - ph) / 2, w: pw, h: ph };
  }

  function place(p: Point): Point {
    const f = frame();
    return { x: f.x + p.x * f.w, y: f.y + p.y * f.h };
  }

  function draw(): void {
    canvas.width = root.clientWidth * devicePixelRatio;
    canvas.height = root.clientHeight * devicePixelRatio;
    const c = canvas.getContext("2d");
    if (!c) return;
    c.scale(devicePixelRatio, devicePixelRatio);
    const at = quad.map(place);
    shade(c, at);
    for (const [i, p] of at.entries()) handle(c, p, i === held);
    const point = at[held];
    if (point) magnify(c, point);
    byKey.follow();
  }

  function outline(c: CanvasRenderingContext2D, at: Point[]): void {
    at.forEach((p, i) => (i ? c.lineTo(p.x, p.y) : c.moveTo(p.x, p.y)));
    c.closePath();
  }

  function shade(c: CanvasRenderingContext2D, at: Point[]): void {
    c.beginPath();
    c.rect(0, 0, root.clientWidth, root.clientHeight);
    outline(c, at);
    c.fillStyle = "rgba(9, 28, 36, .55)";
    c.fill("evenodd");
    c.beginPath();
    outline(c, at);
    c.lineWidth = 0.9 * mm;
    c.strokeStyle = "#ffc24d";
    c.stroke();
  }

  function handle(c: CanvasRenderingContext2D, p: Point, active: boolean): void {
    c.beginPath();
    c.arc(p.x, p.y, (active ? 0.5 : 0.75) * reach * mm, 0, 2 * Math.PI);
    c.fillStyle = active ? "rgba(255, 194, 77, .35)" : "#ffc24d";
    c.fill();
    c.lineWidth = 0.8 * mm;
    c.strokeStyle = "#10222b";
    c.stroke();
  }

  /** Shows what lies under the finger, beside it. */
  function magnify(c: CanvasRenderingContext2D, p: Point): void {
    const f = frame();
    const r = glass * mm;
    const cx = p.x < root.clientWidth / 2 ? root.clientWidth - r - 2 * mm : r + 2 * mm;
    const cy = r + 2 * mm;
    c.save();
    c.beginPath();
    c.arc(cx, cy, r, 0, 2 * Math.PI);
    c.fillStyle = "#10222b";
    c.fill();
    c.clip();
    c.drawImage(picture, cx - (p.x - f.x) * power, cy - (p.y - f.y) * power, f.w * power, f.h * power);
    c.strokeStyle = "#c3341f";
    c.lineWidth = 0.5 * mm;
    c.beginPath();
    c.moveTo(cx - 4 * mm, cy);
    c.lineTo(cx + 4 * mm, cy);
    c.moveTo(cx, cy - 4 * mm);
    c.lineTo(cx, cy + 4 * mm);
    c.stroke();
    c.restore();
    c.beginPath();
    c.arc(cx, cy, r, 0, 2 * Math.PI);
    c.strokeStyle = "#ffc24d";
    c.lineWidth = mm;
    c.stroke();
  }

  function begin(x: number, y: number): boolean {
    const distance = (p: Point): number => Math.hypot(p.x - x, p.y - y);
    const at = quad.map(place).map(distance);
    const nearest = at.indexOf(Math.min(...at));
    byKey.letGo();
    held = (at[nearest] ?? Infinity) <= 2.5 * reach * mm ? nearest : -1;
    draw();
    return held >= 0;
  }

  function move(x: number, y: number): void {
    const f = frame();
    if (held < 0) return;
    const clamp = (n: number): number => Math.min(1, Math.max(0, n));
    quad[held] = { x: clamp((x - f.x) / f.w), y: clamp((y - f.y) / f.h) };
    draw();
  }

  /** Takes a corner by key, or with -1 lets it go. */
  function hold(corner: number): void {
    held = corner;
    draw();
  }

  /** Moves the held corner by so many millimetres of the panel. */
  function nudge(right: number, down: number): void {
    const at = quad[held];
    const f = frame();
    if (at) move(f.x + at.x * f.w + right * mm, f.y + at.y * f.h + down * mm);
  }

  function end(): void {
    held = -1;
    draw();
  }

  listen(canvas, begin, move, end);
  picture.addEventListener("load", draw);
  draw();
  const take = (): Carried => ({ quad });
  return { take, fit: draw };
}
