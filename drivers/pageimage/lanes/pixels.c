#include "lanes.h"

#include <stdlib.h>
#include <string.h>

// yimenSumRows adds up so many rows, 256 at most, column by column.
YIMEN_LANES
void yimenSumRows(uint16_t *sums, const uint8_t *from, long stride, int width, int rows) {
  for (int x = 0; x < width; x++) sums[x] = from[x];
  for (int y = 1; y < rows; y++) {
    const uint8_t *row = from + y * stride;
    for (int x = 0; x < width; x++) sums[x] += row[x];
  }
}

// yimenSpanRows gives the least and the greatest of so many rows, column by column.
YIMEN_LANES
void yimenSpanRows(uint8_t *lows, uint8_t *highs, const uint8_t *from, long stride, int width, int rows) {
  memcpy(lows, from, width);
  memcpy(highs, from, width);
  for (int y = 1; y < rows; y++) {
    const uint8_t *row = from + y * stride;
    for (int x = 0; x < width; x++) {
      lows[x] = row[x] < lows[x] ? row[x] : lows[x];
      highs[x] = row[x] > highs[x] ? row[x] : highs[x];
    }
  }
}

enum {
  span = 16,  // pixels between two divisions
  tile = 64,  // pixels of a side of what is warped at a time: few enough that the rows they come from stay near
};

typedef uint8_t bytes8 __attribute__((vector_size(8)));
typedef uint16_t words8 __attribute__((vector_size(16)));
typedef uint32_t longs8 __attribute__((vector_size(32)));
typedef int32_t places8 __attribute__((vector_size(32)));

// two gives two samples next to each other, the left one in the lower half.
static inline __attribute__((always_inline)) uint16_t two(const uint8_t *p) {
  uint16_t v;
  memcpy(&v, p, 2);
  return v;
}

// blend mixes the four samples around each of eight places, that lie du and dv apart. Places count in 65536ths of a sample.
static inline __attribute__((always_inline)) void blend(uint8_t *to, const uint8_t *from, long stride, int64_t u, int64_t v,
                                                        int32_t du, int32_t dv) {
  const places8 lane = {0, 1, 2, 3, 4, 5, 6, 7};
  const uint8_t *p = from + (v >> 16) * stride + (u >> 16), *q = p + stride;
  places8 x = (int32_t)(u & 0xffff) + du * lane, y = (int32_t)(v & 0xffff) + dv * lane;
  places8 off = (y >> 16) * (int32_t)stride + (x >> 16);
  words8 right = __builtin_convertvector((x >> 8) & 255, words8);
  longs8 down = (longs8)((y >> 8) & 255);
  words8 ab = {two(p + off[0]), two(p + off[1]), two(p + off[2]), two(p + off[3]),
               two(p + off[4]), two(p + off[5]), two(p + off[6]), two(p + off[7])};
  words8 cd = {two(q + off[0]), two(q + off[1]), two(q + off[2]), two(q + off[3]),
               two(q + off[4]), two(q + off[5]), two(q + off[6]), two(q + off[7])};
  words8 above = (ab & 255) * (256 - right) + (ab >> 8) * right, below = (cd & 255) * (256 - right) + (cd >> 8) * right;
  longs8 sum = __builtin_convertvector(above, longs8) * (256 - down) + __builtin_convertvector(below, longs8) * down;
  bytes8 out = __builtin_convertvector(__builtin_convertvector((sum + (1 << 15)) >> 16, words8), bytes8);
  memcpy(to, &out, 8);
}

// blendAtEdge is blend for n places, where a neighbour may lie outside: the nearest sample stands for it.
static void blendAtEdge(uint8_t *to, int n, const uint8_t *from, long stride, int width, int height, int64_t u, int64_t v,
                        int64_t du, int64_t dv) {
  for (int i = 0; i < n; i++, u += du, v += dv) {
    int64_t x = u >> 16, y = v >> 16;
    int64_t x0 = x < 0 ? 0 : x >= width ? width - 1 : x, x1 = x + 1 < 0 ? 0 : x + 1 >= width ? width - 1 : x + 1;
    int64_t y0 = y < 0 ? 0 : y >= height ? height - 1 : y, y1 = y + 1 < 0 ? 0 : y + 1 >= height ? height - 1 : y + 1;
    int64_t right = (u >> 8) & 255, down = (v >> 8) & 255;
    int64_t above = from[y0 * stride + x0] * (256 - right) + from[y0 * stride + x1] * right;
    int64_t below = from[y1 * stride + x0] * (256 - right) + from[y1 * stride + x1] * right;
    to[i] = (above * (256 - down) + below * down + (1 << 15)) >> 16;
  }
}

typedef struct {
  double u, v;
} place;

static inline place at(const double *m, double x, double y) {
  double z = 1 / (m[6] * x + m[7] * y + m[8]);
  return (place){(m[0] * x + m[1] * y + m[2]) * z, (m[3] * x + m[4] * y + m[5]) * z};
}

// inside leaves room for the four neighbours that blend reads, and for rounding.
static inline int inside(place p, int width, int height) {
  return p.u >= 1 && p.v >= 1 && p.u < width - 2 && p.v < height - 2;
}

// within keeps what lies absurdly far outside countable.
static inline int64_t fixed(double v) {
  const double far = 1 << 30;
  return (int64_t)((v >= -far ? (v <= far ? v : far) : -far) * 65536);
}

// yimenWarp fills rows first to end with what m finds for them in another plane. It takes the perspective division every
// span pixels and goes straight between.
YIMEN_LANES
void yimenWarp(uint8_t *to, long toStride, int width, int first, int end, const uint8_t *from, long fromStride,
               int fromWidth, int fromHeight, const double *m) {
  const int64_t most = (int64_t)1 << 26;  // a step: sixteen can be counted
  for (int top = first; top < end; top += tile)
    for (int left = 0; left < width; left += tile) {
      int bottom = top + tile < end ? top + tile : end, right = left + tile < width ? left + tile : width;
      for (int y = top; y < bottom; y++) {
        uint8_t *row = to + y * toStride;
        place p = at(m, left, y);
        int within = inside(p, fromWidth, fromHeight);
        for (int x = left; x < right; x += span) {
          int n = right - x < span ? right - x : span;
          place q = at(m, x + n, y);
          int64_t u = fixed(p.u), v = fixed(p.v), du = fixed(q.u - p.u), dv = fixed(q.v - p.v);
          if (n == span) du /= span, dv /= span;  // by a constant, which is faster
          else du /= n, dv /= n;
          int was = within;
          within = inside(q, fromWidth, fromHeight);
          if (was && within && n == span && llabs(du) < most && llabs(dv) < most)
            for (int i = 0; i < span; i += 8) blend(row + x + i, from, fromStride, u + i * du, v + i * dv, du, dv);
          else
            blendAtEdge(row + x, n, from, fromStride, fromWidth, fromHeight, u, v, du, dv);
          p = q;
        }
      }
    }
}
