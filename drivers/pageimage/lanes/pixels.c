#include "lanes.h"

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

enum {
  span = 16,  // pixels between two divisions
  tile = 64,  // pixels of a side of what is warped at a time: few enough that the rows they come from stay near
};

// blend mixes the four samples around each place of a span. Places count in 65536ths of a sample.
static inline __attribute__((always_inline)) void blend(uint8_t *to, int n, const uint8_t *from, long stride, int64_t u, int64_t v, int64_t du, int64_t dv) {
  uint8_t a[span], b[span], c[span], d[span];
  uint16_t right[span], down[span];
  for (int i = 0; i < n; i++) {
    const uint8_t *p = from + (v >> 16) * stride + (u >> 16);
    a[i] = p[0], b[i] = p[1], c[i] = p[stride], d[i] = p[stride + 1];
    right[i] = (u >> 8) & 255, down[i] = (v >> 8) & 255;
    u += du, v += dv;
  }
  uint8_t out[span];
  for (int i = 0; i < span; i++) {
    uint32_t above = (uint16_t)(a[i] * (256 - right[i]) + b[i] * right[i]);
    uint32_t below = (uint16_t)(c[i] * (256 - right[i]) + d[i] * right[i]);
    out[i] = (above * (256 - down[i]) + below * down[i] + (1 << 15)) >> 16;
  }
  memcpy(to, out, n);
}

// blendAtEdge is blend where a neighbour may lie outside: the nearest sample stands for it.
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
  for (int top = first; top < end; top += tile)
    for (int left = 0; left < width; left += tile) {
      int bottom = top + tile < end ? top + tile : end, right = left + tile < width ? left + tile : width;
      for (int y = top; y < bottom; y++) {
        uint8_t *row = to + y * toStride;
        place p = at(m, left, y);
        for (int x = left; x < right; x += span) {
          int n = right - x < span ? right - x : span;
          place q = at(m, x + n, y);
          int64_t u = fixed(p.u), v = fixed(p.v), du = fixed(q.u - p.u) / n, dv = fixed(q.v - p.v) / n;
          if (inside(p, fromWidth, fromHeight) && inside(q, fromWidth, fromHeight))
            blend(row + x, n, from, fromStride, u, v, du, dv);
          else
            blendAtEdge(row + x, n, from, fromStride, fromWidth, fromHeight, u, v, du, dv);
          p = q;
        }
      }
    }
}
