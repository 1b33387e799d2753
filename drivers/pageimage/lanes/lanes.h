#ifndef YIMEN_DRIVERS_PAGEIMAGE_LANES_H
#define YIMEN_DRIVERS_PAGEIMAGE_LANES_H

#include <stdint.h>

// Go has checked that every place lies within what it passes; nothing here allocates, waits or keeps a pointer.

// Processors of terminals differ: the same lines are compiled for the plain ones and for those with wider lanes.
#if defined(__x86_64__) && defined(__gnu_linux__)
#define YIMEN_LANES __attribute__((target_clones("avx2", "sse4.1", "default")))
#else
#define YIMEN_LANES
#endif

#define YIMEN_LEAK 0.1f  // what is left of a bent sum below nothing

enum { yimenTenths = 10, yimenLongest = 40 };  // widths are counted by tenths of a pixel, up to so many pixels
enum { yimenRows = 32 };  // that are laid on their side at a time

void yimenMix(float *out, const float *src, long places, int channels, const float *weights, const float *bias, int from,
              int to, int bent, int onto, const float *was);
void yimenNeighbours(float *out, const float *src, int width, int height, const float *taps, int from, int to);
void yimenSumRows(uint16_t *sums, const uint8_t *from, long stride, int width, int rows);
void yimenSpanRows(uint8_t *lows, uint8_t *highs, const uint8_t *from, long stride, int width, int rows);
void yimenWarp(uint8_t *to, long toStride, int width, int first, int end, const uint8_t *from, long fromStride,
               int fromWidth, int fromHeight, const double *m);
void yimenTurn(uint8_t *to, long across, int down, const uint8_t *from, long stride, int width, int first, int end);
void yimenFallsAlong(const uint8_t *pix, long stride, int width, int height, int every, int least, uint8_t *state,
                     uint32_t *widths);
void yimenFallsDown(const uint8_t *pix, long stride, int width, int height, int every, int least, uint8_t *state,
                    uint32_t *widths);

#endif
