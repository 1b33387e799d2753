import { listen } from "./finger";
import { pixelsPerMillimetre } from "./screen";

/** A place of the finger: x to the right and y down, in pixels of the field. */
export type Place = [x: number, y: number];

/** A field to write one character into. */
export interface Brush {
  /** Empties the field. */
  clear(): void;
  /** Takes back the last stroke. */
  undo(): void;
  /** The panel or the text size may have changed: if so, the field is drawn anew, empty, and true. */
  fit(): boolean;
}

/** How wide the brush is, in millimetres. */
const nib = 2.2;

/** Follows the finger over the canvas and tells the strokes whenever one has ended or was taken back. */
export function brush(canvas: HTMLCanvasElement, wrote: (strokes: Place[][]) => void): Brush {
  const context = canvas.getContext("2d");
  let strokes: Place[][] = [];
  let drawing = false;
  canvas.style.touchAction = "none";

  function fit(): boolean {
    const [width, height] = [canvas.clientWidth, canvas.clientHeight].map((side) => Math.round(side * devicePixelRatio));
    if (canvas.width === width && canvas.height === height) {
      paint(); // the colours may have changed
      return false;
    }
    Object.assign(canvas, { width, height });
    strokes = [];
    paint();
    return true;
  }

  function paint(): void {
    if (!context) return;
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    context.clearRect(0, 0, canvas.clientWidth, canvas.clientHeight);
    context.lineWidth = nib * pixelsPerMillimetre();
    context.lineCap = context.lineJoin = "round";
    context.strokeStyle = getComputedStyle(canvas).color;
    for (const stroke of strokes) {
      context.beginPath();
      for (const [x, y] of stroke) context.lineTo(x, y);
      if (stroke.length === 1 && stroke[0]) context.lineTo(stroke[0][0] + 0.1, stroke[0][1]); // a dot
      context.stroke();
    }
  }

  function add(x: number, y: number): void {
    const stroke = strokes.at(-1);
    const last = stroke?.at(-1);
    if (!stroke || (last && Math.hypot(x - last[0], y - last[1]) < 1)) return;
    stroke.push([Math.round(x * 10) / 10, Math.round(y * 10) / 10]);
    paint();
  }

  listen(canvas, (x, y) => {
    fit();
    drawing = true;
    strokes.push([]);
    add(x, y);
    return true;
  }, (x, y) => drawing && add(x, y), () => {
    if (drawing) wrote(strokes);
    drawing = false;
  });

  return {
    fit,
    clear() {
      strokes = [];
      paint();
    },
    undo() {
      strokes.pop();
      paint();
      wrote(strokes);
    },
  };
}

/** The daemon reads no handwriting. */
export class Unread extends Error {}

/** Asks the daemon which characters the strokes may be, the likeliest first. It throws Unread where it cannot read. */
export async function read(strokes: Place[][], kind: string, before: string): Promise<string[]> {
  const body = JSON.stringify({ strokes, kind, before });
  const answer = await fetch("/ink", { method: "POST", headers: { "Content-Type": "application/json" }, body });
  if (answer.status !== 200) throw new Unread();
  return await answer.json() as string[];
}
