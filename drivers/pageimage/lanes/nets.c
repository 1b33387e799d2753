#include "lanes.h"

// Sums are taken in one order however wide the lanes are, so that terminals see the same in the same picture.

typedef float eight __attribute__((vector_size(32), aligned(4), may_alias));

static inline __attribute__((always_inline)) float bend(float v) {
  return v > YIMEN_LEAK * v ? v : YIMEN_LEAK * v;
}

// Sums of eight, or four, channels at some places, by their weights.
#define EIGHT(w, at)                                                                                                \
  ((((w)[0] * at(0) + (w)[1] * at(1)) + ((w)[2] * at(2) + (w)[3] * at(3))) +                                         \
   (((w)[4] * at(4) + (w)[5] * at(5)) + ((w)[6] * at(6) + (w)[7] * at(7))))
#define FOUR(w, at) (((w)[0] * at(0) + (w)[1] * at(1)) + ((w)[2] * at(2) + (w)[3] * at(3)))
#define HERE(k) (*(const eight *)(p + (k) * places))
#define THERE(k) (*(const eight *)(p + (k) * places + 8))
#define ONE(k) p[(k) * places]

// mixFrom gives one channel's sums from place i on.
static inline __attribute__((always_inline)) void mixFrom(float *row, const float *src, long i, long places, int channels,
                                                          const float *w, float bias) {
  for (; i + 8 <= places; i += 8) {
    eight sum = bias - (eight){};
    const float *p = src + i;
    int c = 0;
    for (; c + 8 <= channels; c += 8, p += 8 * places) sum += EIGHT(w + c, HERE);
    for (; c + 4 <= channels; c += 4, p += 4 * places) sum += FOUR(w + c, HERE);
    for (; c < channels; c++, p += places) sum += w[c] * HERE(0);
    *(eight *)(row + i) = sum;
  }
  for (; i < places; i++) {
    float sum = bias;
    const float *p = src + i;
    int c = 0;
    for (; c + 8 <= channels; c += 8, p += 8 * places) sum += EIGHT(w + c, ONE);
    for (; c + 4 <= channels; c += 4, p += 4 * places) sum += FOUR(w + c, ONE);
    for (; c < channels; c++, p += places) sum += w[c] * ONE(0);
    row[i] = sum;
  }
}

// mixTwo gives two channels' sums, at two times eight places at once: each number that is fetched is used twice. It returns
// the place from which on there are fewer.
static inline __attribute__((always_inline)) long mixTwo(float *row, const float *src, long places, int channels,
                                                         const float *w, const float *bias) {
  const float *v = w + channels;
  long i = 0;
  for (; i + 16 <= places; i += 16) {
    eight a = bias[0] - (eight){}, b = a, d = bias[1] - (eight){}, e = d;
    const float *p = src + i;
    int c = 0;
    for (; c + 8 <= channels; c += 8, p += 8 * places) {
      a += EIGHT(w + c, HERE);
      b += EIGHT(w + c, THERE);
      d += EIGHT(v + c, HERE);
      e += EIGHT(v + c, THERE);
    }
    for (; c + 4 <= channels; c += 4, p += 4 * places) {
      a += FOUR(w + c, HERE);
      b += FOUR(w + c, THERE);
      d += FOUR(v + c, HERE);
      e += FOUR(v + c, THERE);
    }
    for (; c < channels; c++, p += places) {
      a += w[c] * HERE(0);
      b += w[c] * THERE(0);
      d += v[c] * HERE(0);
      e += v[c] * THERE(0);
    }
    *(eight *)(row + i) = a;
    *(eight *)(row + i + 8) = b;
    *(eight *)(row + places + i) = d;
    *(eight *)(row + places + i + 8) = e;
  }
  return i;
}

#undef EIGHT
#undef FOUR
#undef HERE
#undef THERE
#undef ONE

// yimenMix gives at each place, for channels from to to, the sums of all channels there by their weights.
YIMEN_LANES
void yimenMix(float *out, const float *src, long places, int channels, const float *weights, const float *bias, int from,
              int to, int bent, int onto, const float *was) {
  for (int o = from; o < to;) {
    const float *w = weights + (long)o * channels;
    float *row = out + o * places;
    int made = o + 2 <= to ? 2 : 1;
    long i = made == 2 ? mixTwo(row, src, places, channels, w, bias + o) : 0;
    for (int k = 0; k < made; k++) mixFrom(row + k * places, src, i, places, channels, w + k * channels, bias[o + k]);
    if (bent)
      for (i = 0; i < made * places; i++) row[i] = bend(row[i]);
    if (onto)
      for (i = 0; i < made * places; i++) row[i] += was[o * places + i];
    o += made;
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
