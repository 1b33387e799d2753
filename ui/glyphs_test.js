// Draws characters as the page would, one a cell, and gives those of which nothing is seen, or nothing but the box that stands
// for a missing one. It is a function of the text, run in the browser by glyphs_test.go.
(text) => {
  const side = 28, across = 64;
  const characters = [...text];
  const rows = Math.ceil(characters.length / across);
  const canvas = new OffscreenCanvas(across * side, rows * side);
  const c = canvas.getContext("2d", { willReadFrequently: true });
  c.font = `24px ${getComputedStyle(document.body).fontFamily}`;
  c.textBaseline = "middle";
  const cell = (i) => [(i % across) * side, Math.floor(i / across) * side];
  const read = (i) => c.getImageData(...cell(i), side, side).data;
  characters.forEach((character, i) => {
    const [x, y] = cell(i);
    c.fillText(character, x + 2, y + side / 2);
  });
  const pixels = characters.map((_, i) => read(i));
  c.clearRect(0, 0, canvas.width, canvas.height);
  c.fillText(String.fromCodePoint(0x3fff0), 2, side / 2); // no character, and no font has it
  const box = read(0);
  const missing = characters.filter((_, i) => pixels[i].every((v) => v === 0) || pixels[i].every((v, j) => v === box[j]));
  return missing;
}
