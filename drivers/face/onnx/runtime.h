// What of ONNX Runtime's C API is called, and no more. The API is a table of functions whose order never changes; the
// places of those called are in runtime.c.
#ifndef YIMEN_ONNX_RUNTIME_H
#define YIMEN_ONNX_RUNTIME_H

#include <stddef.h>

enum { yimenWhy = 512 };

struct yimenSession;

// Each gives 0, or what it says, and otherwise writes why.
int yimenLibrary(const char *path, void **api, char *why);
int yimenRead(void *api, const void *network, size_t size, struct yimenSession **session, int *side, char *why);
int yimenRun(struct yimenSession *session, float *planes, int side, float *numbers, int most, char *why);
void yimenClose(struct yimenSession *session);

#endif
