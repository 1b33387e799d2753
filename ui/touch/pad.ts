import SignaturePad from "signature_pad";
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

  const ink = new SignaturePad(canvas, { minWidth: 0.5 * mm, maxWidth: 1.1 * mm, penColor: "#10222b", minDistance: 1, throttle: 0 });
  ink.addEventListener("beginStroke", () => refuse(root, false));

  function strokes(): Sample[][] {
    const groups = ink.toData();
    const began = groups[0]?.points[0]?.time ?? 0;
    const within = (value: number, most: number): number => Math.round(Math.min(Math.max(value / mm, 0), most) * 100) / 100;
    return groups.filter((g) => g.points.length > 0).map((g) =>
      g.points.map((p) => ({ x: within(p.x, width), y: within(p.y, height), t: Math.max(0, Math.round(p.time - began)) })));
  }

  function take(): Carried | null {
    refuse(root, ink.isEmpty());
    return ink.isEmpty() ? null : { strokes: strokes() };
  }

  return { take, undo: () => ink.clear() };
}
