#ifndef YIMEN_DRIVERS_JPEG_TURBO_H
#define YIMEN_DRIVERS_JPEG_TURBO_H

// Each function makes a TurboJPEG handle, uses it and destroys it, so that nothing outlives a call and calls may
// run side by side. why is filled with TurboJPEG's own words when the result is not yimenOK.

enum { yimenOK = 0, yimenWarned = 1, yimenFailed = 2, yimenWhy = 200 };

int yimenHeader(const unsigned char *jpeg, unsigned long size, int *width, int *height, int *samp, int *space, char *why);

// Decode to planes at a size that TurboJPEG can scale to; stops at the first damage and leaves the rest untouched.
int yimenDecodePlanes(const unsigned char *jpeg, unsigned long size, int width, int height, unsigned char *y,
                      unsigned char *cb, unsigned char *cr, int yStride, int cStride, char *why);
int yimenDecodeGray(const unsigned char *jpeg, unsigned long size, int width, int height, unsigned char *y, int stride,
                    char *why);

// On success out belongs to the caller, who gives it back with yimenFree.
int yimenEncodePlanes(const unsigned char *y, const unsigned char *cb, const unsigned char *cr, int yStride, int cStride,
                      int width, int height, int samp, int quality, unsigned char **out, unsigned long *size, char *why);
int yimenEncodeRGBA(const unsigned char *pixels, int stride, int width, int height, int quality, unsigned char **out,
                    unsigned long *size, char *why);
void yimenFree(unsigned char *out);

#endif
