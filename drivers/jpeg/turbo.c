#include "turbo.h"

#include <stdio.h>
#include <turbojpeg.h>

// A progressive file may hold thousands of scans of the whole picture; TurboJPEG's limit of 500 stops such bombs.
static const int decodeFlags = TJFLAG_STOPONWARNING | TJFLAG_LIMITSCANS | TJFLAG_ACCURATEDCT;

static int finish(tjhandle h, int result, char *why) {
  int outcome = yimenOK;
  if (result != 0) {
    snprintf(why, yimenWhy, "%s", tjGetErrorStr2(h));
    outcome = tjGetErrorCode(h) == TJERR_WARNING ? yimenWarned : yimenFailed;
  }
  tjDestroy(h);
  return outcome;
}

static int noMemory(char *why) {
  snprintf(why, yimenWhy, "out of memory");
  return yimenFailed;
}

int yimenHeader(const unsigned char *jpeg, unsigned long size, int *width, int *height, int *samp, int *space, char *why) {
  tjhandle h = tjInitDecompress();
  if (!h) return noMemory(why);
  return finish(h, tjDecompressHeader3(h, jpeg, size, width, height, samp, space), why);
}

int yimenDecodePlanes(const unsigned char *jpeg, unsigned long size, int width, int height, unsigned char *y,
                      unsigned char *cb, unsigned char *cr, int yStride, int cStride, char *why) {
  unsigned char *planes[3] = {y, cb, cr};
  int strides[3] = {yStride, cStride, cStride};
  tjhandle h = tjInitDecompress();
  if (!h) return noMemory(why);
  return finish(h, tjDecompressToYUVPlanes(h, jpeg, size, planes, width, strides, height, decodeFlags), why);
}

int yimenDecodeGray(const unsigned char *jpeg, unsigned long size, int width, int height, unsigned char *y, int stride,
                    char *why) {
  tjhandle h = tjInitDecompress();
  if (!h) return noMemory(why);
  return finish(h, tjDecompress2(h, jpeg, size, y, width, stride, height, TJPF_GRAY, decodeFlags), why);
}

int yimenEncodePlanes(const unsigned char *y, const unsigned char *cb, const unsigned char *cr, int yStride, int cStride,
                      int width, int height, int samp, int quality, unsigned char **out, unsigned long *size, char *why) {
  const unsigned char *planes[3] = {y, cb, cr};
  int strides[3] = {yStride, cStride, cStride};
  tjhandle h = tjInitCompress();
  if (!h) return noMemory(why);
  return finish(h, tjCompressFromYUVPlanes(h, planes, width, strides, height, samp, out, size, quality, TJFLAG_ACCURATEDCT), why);
}

int yimenEncodeRGBA(const unsigned char *pixels, int stride, int width, int height, int quality, unsigned char **out,
                    unsigned long *size, char *why) {
  tjhandle h = tjInitCompress();
  if (!h) return noMemory(why);
  return finish(h, tjCompress2(h, pixels, width, stride, height, TJPF_RGBX, out, size, TJSAMP_420, quality, TJFLAG_ACCURATEDCT), why);
}

void yimenFree(unsigned char *out) { tjFree(out); }
