import SignaturePad, { type PointGroup } from "signature_pad";
import { listen } from "./finger";
import { part, pixelsPerMillimetre } from "./screen";
import { type Carried, refuse, type Sample, type Widget } from "./widget";

/** The pad to sign on. Strokes leave it in millimetres of the pad that the View named, with their times. */
export function pad(root: HTMLElement): Widget {
  const canvas = part<HTMLCanvasElement>(root, "canvas");
  const width = Number(root.dataset["width"]) || 120;
  const height = Number(root.dataset["height"]) || 45;
  const mm = Math.min(pixelsPerMillimetre(), root.clientWidth / width);
  canvas.style.inlineSize = `${width * mm}px`;
  canvas.style.blockSize = `${height * mm}px`;
  canvas.width = Math.round(width * mm * devicePixelRatio);
  canvas.height = Math.round(height * mm * devicePixelRatio);
  canvas.getContext("2d")?.scale(devicePixelRatio, devicePixelRatio);

  const colour = (): string => getComputedStyle(canvas).color;
  const ink = new SignaturePad(canvas, { minWidth: 0.5 * mm, maxWidth: 1.1 * mm, penColor: colour(), throttle: 0 });
  ink.off(); // it draws; the finger is followed here, for it listens to pointers, which not every panel gives
  canvas.style.touchAction = "none";
  const { dotSize, minWidth, maxWidth, velocityFilterWeight, compositeOperation } = ink;
  const groups: PointGroup[] = [];
  let drawing = false;

  function add(x: number, y: number): void {
    const points = groups.at(-1)?.points;
    const last = points?.at(-1);
    if (!points || (last && Math.hypot(x - last.x, y - last.y) < 1)) return;
    points.push({ x, y, time: Date.now(), pressure: 0.5 });
    ink.fromData(groups);
  }

  listen(canvas, (x, y) => {
    drawing = true;
    groups.push({ dotSize, minWidth, maxWidth, penColor: colour(), velocityFilterWeight, compositeOperation, points: [] });
    add(x, y);
    refuse(root, false);
    return true;
  }, (x, y) => drawing && add(x, y), () => {
    drawing = false;
  });

  function strokes(): Sample[][] {
    const began = groups[0]?.points[0]?.time ?? 0;
    const within = (value: number, most: number): number => Math.round(Math.min(Math.max(value / mm, 0), most) * 100) / 100;
    return groups.filter((g) => g.points.length > 0).map((g) =>
      g.points.map((p) => ({ x: within(p.x, width), y: within(p.y, height), t: Math.max(0, Math.round(p.time - began)) })));
  }

  function take(): Carried | null {
    refuse(root, groups.length === 0);
    return groups.length === 0 ? null : { strokes: strokes() };
  }

  const undo = (): void => {
    groups.length = 0;
    ink.clear();
  };
  /** The colours may have changed: what is written stays to be seen. */
  const fit = (): void => {
    for (const group of groups) group.penColor = colour();
    ink.fromData(groups);
  };
  /** A name is not left to whenever its picture's memory is needed for something else. */
  const leave = (): void => {
    undo();
    canvas.width = canvas.height = 0;
  };
  return { take, undo, fit, leave };
}
