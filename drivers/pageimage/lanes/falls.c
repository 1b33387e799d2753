#include "lanes.h"

#include <string.h>

// A fall is where luma falls, or rises, from sample to sample without a stop.

// columns are those that count: every so manieth from first on, before end.
typedef struct {
  int first, end, every;
} columns;

// crossing tells where between two places the luma passes a part of the way from the first to the last.
static double crossing(const uint8_t *pix, long stride, int begin, int end, double part) {
  double a = pix[begin * stride], b = pix[end * stride], want = a + part * (b - a);
  for (int i = begin; i < end; i++) {
    double u = pix[i * stride], v = pix[(i + 1) * stride];
    if ((u - want) * (v - want) <= 0 && u != v) return i + (want - u) / (v - u);
  }
  return end;
}

// count takes in how many pixels luma takes from a fifth to four fifths of the way.
static void count(const uint8_t *pix, long stride, int begin, int end, uint32_t *widths) {
  double w = crossing(pix, stride, begin, end, 0.8) - crossing(pix, stride, begin, end, 0.2);
  int at = (int)(w * yimenTenths);
  widths[at < yimenTenths * yimenLongest ? at : yimenTenths * yimenLongest - 1]++;
}

// ended counts the falls that ended in a row, of those columns that count.
static void ended(const uint8_t *pix, long stride, int y, columns c, const uint8_t *over, uint32_t *widths) {
  for (int x = c.first; x < c.end; x += c.every) {
    uint64_t eight;
    if (x + 8 <= c.end && (memcpy(&eight, over + x, 8), eight == 0)) {
      x += (7 / c.every) * c.every;
      continue;
    }
    if (!over[x]) continue;
    const uint8_t *at = pix + x;
    int up = at[y * stride] > at[(y - 1) * stride], begin = y - 1;
    while (begin > 0 && at[begin * stride] != at[(begin - 1) * stride] &&
           (at[begin * stride] > at[(begin - 1) * stride]) == up)
      begin--;
    count(at, stride, begin, y, widths);
  }
}

// down counts the falls in columns. All are looked at together, row by row: state has room for three rows.
static inline __attribute__((always_inline)) void down(const uint8_t *pix, long stride, int width, int height, columns c,
                                                       int least, uint8_t *state, uint32_t *widths) {
  uint8_t *restrict from = state, *restrict way = state + width, *restrict over = state + 2 * width;
  for (int x = 0; x < width; x++) from[x] = pix[x], way[x] = 0;
  for (int y = 1; y <= height; y++) {
    const uint8_t *was = pix + (y - 1) * stride, *row = y < height ? pix + y * stride : was;
    uint8_t any = 0, limit = least;
    for (int x = 0; x < width; x++) {
      uint8_t now = (row[x] > was[x] ? 1 : 0) | (row[x] < was[x] ? 2 : 0);
      uint8_t turned = now != way[x] ? 255 : 0;
      uint8_t high = was[x] > from[x] ? was[x] : from[x], low = was[x] > from[x] ? from[x] : was[x];
      uint8_t far = (uint8_t)(high - low) >= limit ? 255 : 0;
      over[x] = turned & far;
      any |= over[x];
      from[x] = turned ? was[x] : from[x];
      way[x] = now;
    }
    if (any) ended(pix, stride, y - 1, c, over, widths);
  }
}

// yimenFallsDown counts the falls of at least that much luma in every so manieth column from the second to the last but one.
YIMEN_LANES
void yimenFallsDown(const uint8_t *pix, long stride, int width, int height, int every, int least, uint8_t *state,
                    uint32_t *widths) {
  down(pix, stride, width, height, (columns){1, width - 1, every}, least, state, widths);
}

// yimenFallsAlong counts them in rows. So many rows as there are lanes are laid on their side, and looked at as columns:
// state has room for three, and for as many columns as the rows have samples.
YIMEN_LANES
void yimenFallsAlong(const uint8_t *pix, long stride, int width, int height, int every, int least, uint8_t *state,
                     uint32_t *widths) {
  uint8_t *laid = state + 3 * yimenRows;
  for (int y = 1; y < height - 1; y += yimenRows * every) {
    int rows = 0;
    for (; rows < yimenRows && y + rows * every < height - 1; rows++)
      for (int x = 0; x < width; x++) laid[x * yimenRows + rows] = pix[(y + rows * every) * stride + x];
    down(laid, yimenRows, yimenRows, width, (columns){0, rows, 1}, least, state, widths);
  }
}
