// Writes the lists of readings anew from ui/words, the policy packs and the table of polyphones: `make readings`. What it
// writes is committed and read by people: a wrong reading is put right in ../polyphones.txt, never in a list.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { customPinyin, pinyin } from "pinyin-pro";
import { parse } from "yaml";

const here = import.meta.dirname;
const top = join(here, "../../../..");
const chinese = "zh-CN";

/** Every text in lang below a node of a pack: what stands under a key that is the language. */
function* texts(node, lang) {
  if (Array.isArray(node)) {
    for (const part of node) yield* texts(part, lang);
  } else if (node && typeof node === "object") {
    for (const [key, part] of Object.entries(node)) {
      if (key === lang && typeof part === "string") yield part;
      else if (key === lang && Array.isArray(part)) yield* part.filter((p) => typeof p === "string");
      else yield* texts(part, lang);
    }
  }
}

/** The sources: name of the list without its language, and its texts by language. */
function sources() {
  const found = new Map();
  const words = join(top, "ui/words");
  found.set("words", (lang) => Object.values(parse(readFileSync(join(words, `${lang}.yaml`), "utf8"))).map(String));
  const packs = join(top, "kiosk/policy/packs");
  for (const pack of readdirSync(packs).filter((name) => name.startsWith("CN"))) {
    const sheets = readdirSync(join(packs, pack)).filter((name) => name.endsWith(".yaml"))
      .map((name) => parse(readFileSync(join(packs, pack, name), "utf8")));
    found.set(pack, (lang) => [...texts(sheets, lang)]);
  }
  return found;
}

/** Words that pinyin-pro reads otherwise than people here do, by word; the longest word wins. */
function polyphones() {
  const table = {};
  for (const line of readFileSync(join(here, "../polyphones.txt"), "utf8").split("\n")) {
    const [word, reading] = line.replace(/#.*/, "").trim().split("\t");
    if (word) table[word] = reading.replace(/([a-zü]+)(\d)/g, (_, sound, tone) => marked(sound, Number(tone)));
  }
  return table;
}

/** A numbered syllable with its tone as a mark, as customPinyin takes it: hang2 as háng. */
function marked(sound, tone) {
  const marks = { a: "āáǎà", e: "ēéěè", i: "īíǐì", o: "ōóǒò", u: "ūúǔù", ü: "ǖǘǚǜ" };
  if (tone < 1 || tone > 4) return sound;
  const open = sound.search(/a|e|ou/); // the mark stands on these, or else on the last vowel
  const at = open >= 0 ? open : Math.max(...["i", "o", "u", "ü"].map((v) => sound.lastIndexOf(v)));
  return sound.slice(0, at) + marks[sound[at]][tone - 1] + sound.slice(at + 1);
}

/** Pauses stand for marks; what else is not said. */
const pauses = [[/\*+/g, " xing1 hao4 "], [/[，、：；（）()〔〕·—…\/,:;]+/g, ", "], [/[。！？!?]+/g, ". "], [/[“”‘’《》〈〉「」"'\s＿_．]+/g, " "], [/[－–-]+/g, " "]];

/** What is said for a Chinese text: numbered syllables, pauses, and untouched what is said when it is known: {names}, numbers, Latin letters. */
function reading(text) {
  const parts = text.split(/(\{\w+\}%?|[0-9][0-9,.]*%?|[A-Za-z]+)/);
  return parts.map((part, i) => (i % 2 ? ` ${part.replace(/^(\{\w+\})%$/, "bai3 fen1 zhi1 $1")} ` : spoken(part))).join("").replace(/\s+/g, " ").replace(/ ([,.])/g, "$1").replace(/[,.\s]*([,.])/g, "$1").replace(/^[,.\s]+/, "").trim();
}

function spoken(part) {
  let out = part.replace(/[\u3400-\u9fff]+/g, (han) => ` ${pinyin(han, { toneType: "num", type: "array" }).map((s) => s.replace(/0$/, "5")).join(" ")} `);
  for (const [mark, pause] of pauses) out = out.replace(mark, pause);
  return out;
}

customPinyin(polyphones());
for (const [name, of] of sources()) {
  for (const lang of [chinese, "en"]) {
    const all = [...new Set(of(lang).map((text) => text.replace(/\s+/g, " ").trim()).filter((text) => /\p{L}/u.test(text)))].sort();
    const lines = lang === chinese ? all.map((text) => `${text}\t${reading(text)}`) : all;
    writeFileSync(join(here, "../lists", `${name}.${lang}.txt`), lines.map((line) => line + "\n").join(""));
  }
}

/** The usual readings of each character, the first two at most: more are seldom in anybody's name. The light tone is for the middle of words. */
function* characters() {
  for (let code = 0x4e00; code <= 0x9fff; code++) {
    const character = String.fromCodePoint(code);
    const all = pinyin(character, { toneType: "num", type: "array", multiple: true }).map((s) => s.replace(/0$/, "5"));
    const known = [...new Set(all)].filter((s, i) => /^[a-zü]{1,6}[1-5]$/.test(s) && (i === 0 || !s.endsWith("5")));
    if (known.length > 0) yield `${character}\t${known.slice(0, 2).join(", ")}\n`;
  }
}

writeFileSync(join(here, "../characters.txt"), [...characters()].join(""));
