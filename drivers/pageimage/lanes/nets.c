#include "lanes.h"

// Sums are taken in one order however wide the lanes are, so that terminals see the same in the same picture.

typedef float eight __attribute__((vector_size(32), aligned(4), may_alias));

static inline __attribute__((always_inline)) float bend(float v) {
  return v > YIMEN_LEAK * v ? v : YIMEN_LEAK * v;
}

// yimenMix gives at each place, for channels from to to, the sums of all channels there by their weights.
YIMEN_LANES
void yimenMix(float *out, const float *src, long places, int channels, const float *weights, const float *bias, int from,
              int to, int bent, int onto, const float *was) {
  for (int o = from; o < to; o++) {
    const float *w = weights + (long)o * channels;
    float *row = out + o * places;
    long i = 0;
    for (; i + 8 <= places; i += 8) {
      eight sum = {bias[o], bias[o], bias[o], bias[o], bias[o], bias[o], bias[o], bias[o]};
      const float *p = src + i;
      int c = 0;
#define AT(k) (*(const eight *)(p + (k) * places))
      for (; c + 8 <= channels; c += 8, p += 8 * places)
        sum += ((w[c] * AT(0) + w[c + 1] * AT(1)) + (w[c + 2] * AT(2) + w[c + 3] * AT(3))) +
               ((w[c + 4] * AT(4) + w[c + 5] * AT(5)) + (w[c + 6] * AT(6) + w[c + 7] * AT(7)));
      for (; c + 4 <= channels; c += 4, p += 4 * places)
        sum += (w[c] * AT(0) + w[c + 1] * AT(1)) + (w[c + 2] * AT(2) + w[c + 3] * AT(3));
      for (; c < channels; c++, p += places) sum += w[c] * AT(0);
#undef AT
      *(eight *)(row + i) = sum;
    }
    for (; i < places; i++) {
      float sum = bias[o];
      const float *p = src + i;
      int c = 0;
      for (; c + 8 <= channels; c += 8, p += 8 * places)
        sum += ((w[c] * p[0] + w[c + 1] * p[places]) + (w[c + 2] * p[2 * places] + w[c + 3] * p[3 * places])) +
               ((w[c + 4] * p[4 * places] + w[c + 5] * p[5 * places]) + (w[c + 6] * p[6 * places] + w[c + 7] * p[7 * places]));
      for (; c + 4 <= channels; c += 4, p += 4 * places)
        sum += (w[c] * p[0] + w[c + 1] * p[places]) + (w[c + 2] * p[2 * places] + w[c + 3] * p[3 * places]);
      for (; c < channels; c++, p += places) sum += w[c] * p[0];
      row[i] = sum;
    }
    if (bent)
      for (i = 0; i < places; i++) row[i] = bend(row[i]);
    if (onto)
      for (i = 0; i < places; i++) row[i] += was[o * places + i];
  }
}

#define SUM(l0, l1, l2, m0, m1, m2, n0, n1, n2)                                                                     \
  ((t[0] * (l0) + t[1] * (l1) + t[2] * (l2)) + (t[3] * (m0) + t[4] * (m1) + t[5] * (m2)) +                           \
   (t[6] * (n0) + t[7] * (n1) + t[8] * (n2)))

// rim mixes one place at the end of a row: left and right are 0 where nothing lies there, above and below likewise.
static inline __attribute__((always_inline)) float rim(const float *b, long width, float left, float right, float above,
                                                       float below, const float *t) {
  const float *a = above > 0 ? b - width : b, *d = below > 0 ? b + width : b;
  long l = left > 0 ? -1 : 0, r = right > 0 ? 1 : 0;
  return SUM(above * left * a[l], above * a[0], above * right * a[r], left * b[l], b[0], right * b[r], below * left * d[l],
             below * d[0], below * right * d[r]);
}

// yimenNeighbours mixes each place of channels from to to with its eight neighbours. Beyond the border is nothing. Rows
// within are mixed as if each went on in the next, which is long enough for wide lanes; the rim is put right after.
YIMEN_LANES
void yimenNeighbours(float *out, const float *src, int width, int height, const float *taps, int from, int to) {
  long places = (long)width * height;
  for (int c = from; c < to; c++) {
    const float *t = taps + 9 * c, *b = src + c * places;
    float *made = out + c * places;
    for (long i = width + 1; i < places - width - 1; i++) {
      const float *a = b + i - width, *d = b + i + width;
      made[i] = SUM(a[-1], a[0], a[1], b[i - 1], b[i], b[i + 1], d[-1], d[0], d[1]);
    }
    for (int y = 0; y < height; y++) {
      const float above = y > 0, below = y + 1 < height, beside = width > 1;
      long first = (long)y * width, last = first + width - 1;
      if (y == 0 || y + 1 == height) {
        const float *p = b + first, *a = y > 0 ? p - width : p, *d = y + 1 < height ? p + width : p;
        for (int i = 1; i < width - 1; i++)
          made[first + i] = SUM(above * a[i - 1], above * a[i], above * a[i + 1], p[i - 1], p[i], p[i + 1], below * d[i - 1],
                                below * d[i], below * d[i + 1]);
      }
      made[first] = rim(b + first, width, 0, beside, above, below, t);
      if (width > 1) made[last] = rim(b + last, width, beside, 0, above, below, t);
    }
  }
}
