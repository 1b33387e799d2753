#include "lanes.h"

#include <string.h>

enum {
  side = 8,      // samples each way that are turned at a time: a row of them is a word
  stretch = 64,  // of a row: few enough that the rows they go to stay near
};

// swap exchanges the upper parts of a word with the lower ones of another.
static inline void swap(uint64_t *a, uint64_t *b, int by, uint64_t mask) {
  uint64_t t = (*a >> by ^ *b) & mask;
  *a ^= t << by;
  *b ^= t;
}

// turnBlock writes eight rows of eight samples as columns, the first sample at to, each across from the one before it, each
// row down, by one, from the one before.
static inline __attribute__((always_inline)) void turnBlock(uint8_t *to, long across, int down, const uint8_t *from, long stride) {
  uint64_t w[side];
  for (int j = 0; j < side; j++) memcpy(&w[down > 0 ? j : side - 1 - j], from + j * stride, side);
  for (int j = 0; j < side; j += 2) swap(&w[j], &w[j + 1], 8, 0x00ff00ff00ff00ff);
  for (int j = 0; j < side; j++)
    if (!(j & 2)) swap(&w[j], &w[j + 2], 16, 0x0000ffff0000ffff);
  for (int j = 0; j < side / 2; j++) swap(&w[j], &w[j + 4], 32, 0x00000000ffffffff);
  uint8_t *first = down > 0 ? to : to - (side - 1);
  for (int i = 0; i < side; i++) memcpy(first + i * across, &w[i], side);
}

// yimenTurn writes rows first to end so that the sample at 0, 0 goes to to, each next one of a row across from it, and each
// row down from the one before.
void yimenTurn(uint8_t *to, long across, int down, const uint8_t *from, long stride, int width, int first, int end) {
  for (int left = 0; left < width; left += stretch) {
    int right = left + stretch < width ? left + stretch : width;
    for (int y = first; y < end; y += side)
      for (int x = left; x < right; x += side) {
        uint8_t *corner = to + (long)y * down + x * across;
        const uint8_t *at = from + y * stride + x;
        if (y + side <= end && x + side <= right) {
          if (down > 0) turnBlock(corner, across, 1, at, stride);
          else turnBlock(corner, across, -1, at, stride);
          continue;
        }
        for (int j = 0; j < side && y + j < end; j++)
          for (int i = 0; i < side && x + i < right; i++) corner[(long)j * down + i * across] = at[j * stride + i];
      }
  }
}
