// Makes slips with two encoders that nobody here wrote, npm receiptline and @point-of-sale/receipt-printer-encoder, and
// writes them as JSON: {"name": "hex"}. They lie in drivers/emulator/printer/testdata; a test there says when they differ.
import receiptline from "receiptline";
import Encoder from "@point-of-sale/receipt-printer-encoder";

const slips = {};
const save = (name, bytes) => { slips[name] = Buffer.from(bytes).toString("hex"); };

const slip = `
^^^社会救助受理回执

受理编号: | SA-20240001
{border:line; width:20,20}
姓名 | 刘桂兰
事项 | "最低生活保障"
---
_下划线_ 与 \`反白\`
{code:SA-20240001; option:qrcode,6,M}
`;
const options = { cpl: 48, encoding: "gb18030", cutting: true, spacing: false };
for (const command of ["escpos", "generic"])
  save("receiptline-" + command, Buffer.from(receiptline.transform(slip, { ...options, command }), "binary"));

const black = { width: 64, height: 32, data: new Uint8ClampedArray(64 * 32 * 4).map((_, i) => (i % 4 === 3 ? 255 : 0)) };
const encoder = new Encoder({ language: "esc-pos", columns: 48, feedBeforeCut: 3, newline: "\n" });
save("receipt-printer-encoder", encoder.initialize()
  .align("center").bold(true).size(2, 2).line("SA-20240001").bold(false).size(1, 1).align("left")
  .table([{ width: 24, align: "left" }, { width: 24, align: "right" }], [["name", "Liu"], ["service", "dibao"]]).rule()
  .underline(true).line("underlined").underline(false).invert(true).line("inverse").invert(false)
  .box({ style: "single" }, "in a box").image(black, 64, 32, "threshold")
  .qrcode("SA-20240001", { model: 2, size: 6, errorlevel: "m" }).newline(2).cut("partial").encode());

process.stdout.write(JSON.stringify(slips));
