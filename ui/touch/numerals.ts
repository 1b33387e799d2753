/**
 * An amount in yuan as it is spoken, so that a zero too many is heard: 1800.50 is 一千八百元五角. The signs come from
 * the words of the language: the digits 零–九, then 十 百 千 万 亿 元 角 分 整; without them nothing is spoken.
 */
export function spoken(yuan: string, signs: string): string {
  const s = [...signs];
  const [whole = "", cents = ""] = yuan.split(".");
  const n = Number(whole);
  if (s.length < 19 || whole === "") return "";
  const sign = (i: number): string => s[i] ?? "";
  const jiao = Number(cents[0] ?? 0);
  const fen = Number(cents[1] ?? 0);
  let out = "";
  if (n > 0 || (!jiao && !fen)) out = wholeNumber(n, sign) + sign(15);
  if (jiao) out += sign(jiao) + sign(16);
  else if (fen && n > 0) out += sign(0);
  if (fen) out += sign(fen) + sign(17);
  return out;
}

/** A whole number below 10^12 in groups of four digits: 亿, 万, and the rest. */
function wholeNumber(n: number, sign: (i: number) => string): string {
  if (n === 0) return sign(0);
  const groups: [number, string][] = [[1e8, sign(14)], [1e4, sign(13)], [1, ""]];
  let out = "";
  let rest = n;
  for (const [size, name] of groups) {
    const group = Math.floor(rest / size);
    rest %= size;
    if (group === 0) continue;
    if (out && group < 1000) out += sign(0);
    out += fourDigits(group, sign) + name;
  }
  return out.startsWith(sign(1) + sign(10)) ? out.slice(1) : out; // 十二, not 一十二
}

function fourDigits(n: number, sign: (i: number) => string): string {
  let out = "";
  let gap = false;
  for (const [size, name] of [[1000, sign(12)], [100, sign(11)], [10, sign(10)], [1, ""]] as const) {
    const digit = Math.floor(n / size) % 10;
    if (digit === 0) {
      gap = out !== "";
      continue;
    }
    if (gap) out += sign(0);
    gap = false;
    out += sign(digit) + name;
  }
  return out;
}
