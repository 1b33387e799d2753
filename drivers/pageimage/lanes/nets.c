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

// yimenNeighbours mixes each place of channels from to to with its eight neighbours. Beyond the border is nothing.
YIMEN_LANES
void yimenNeighbours(float *out, const float *src, int width, int height, const float *taps, int from, int to) {
  long places = (long)width * height;
  for (int c = from; c < to; c++) {
    const float *t = taps + 9 * c;
    for (int y = 0; y < height; y++) {
      const float *b = src + c * places + (long)y * width;
      const float *a = b - width, *d = b + width;
      float *row = out + c * places + (long)y * width;
      const float ta = y > 0, td = y + 1 < height;  // 0 or 1
      if (y == 0) a = b;
      if (y + 1 == height) d = b;
#define SUM(l0, l1, l2, m0, m1, m2, n0, n1, n2)                                                                    \
  ((t[0] * (l0) + t[1] * (l1) + t[2] * (l2)) + (t[3] * (m0) + t[4] * (m1) + t[5] * (m2)) +                          \
   (t[6] * (n0) + t[7] * (n1) + t[8] * (n2)))
#define EDGE(i, left, right)                                                                                        \
  SUM(left ? ta * a[i - 1] : 0, ta * a[i], right ? ta * a[i + 1] : 0, left ? b[i - 1] : 0, b[i], right ? b[i + 1] : 0, \
      left ? td * d[i - 1] : 0, td * d[i], right ? td * d[i + 1] : 0)
      row[0] = EDGE(0, 0, width > 1);
      if (y > 0 && y + 1 < height)
        for (int i = 1; i < width - 1; i++)
          row[i] = SUM(a[i - 1], a[i], a[i + 1], b[i - 1], b[i], b[i + 1], d[i - 1], d[i], d[i + 1]);
      else
        for (int i = 1; i < width - 1; i++)
          row[i] = SUM(ta * a[i - 1], ta * a[i], ta * a[i + 1], b[i - 1], b[i], b[i + 1], td * d[i - 1], td * d[i],
                       td * d[i + 1]);
      if (width > 1) row[width - 1] = EDGE(width - 1, 1, 0);
#undef EDGE
#undef SUM
    }
  }
}
