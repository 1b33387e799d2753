#include "runtime.h"

#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

// Places in the table of version 1, which every later library still gives (onnxruntime_c_api.h, struct OrtApi).
enum {
	GetErrorMessage = 2, CreateEnv = 3, DisableTelemetryEvents = 6, CreateSessionFromArray = 8, Run = 9, CreateSessionOptions = 10,
	SetIntraOpNumThreads = 24, SessionGetInputCount = 30, SessionGetOutputCount = 31, SessionGetInputTypeInfo = 33,
	SessionGetInputName = 36, SessionGetOutputName = 37, CreateTensorWithDataAsOrtValue = 49, GetTensorMutableData = 51,
	CastTypeInfoToTensorInfo = 55, GetTensorElementType = 60, GetDimensionsCount = 61, GetDimensions = 62,
	GetTensorShapeElementCount = 64, GetTensorTypeAndShape = 65, CreateCpuMemoryInfo = 69, AllocatorFree = 76,
	GetAllocatorWithDefaultOptions = 78, ReleaseEnv = 92, ReleaseStatus = 93, ReleaseMemoryInfo = 94, ReleaseSession = 95,
	ReleaseValue = 96, ReleaseTypeInfo = 98, ReleaseTensorTypeAndShapeInfo = 99, ReleaseSessionOptions = 100,
};

enum { version = 1, isFloat = 1, arena = 1, plain = 0, quiet = 3 };

struct base {
	void *(*getApi)(uint32_t);
	const char *(*getVersionString)(void);
};

struct yimenSession {
	void **api;
	void *env, *session, *memory, *allocator;
	char *input, *output;
};

// call calls the function at a place of the table, which gives NULL or a status.
#define call(api, place, types, ...) (((void *(*) types)(api)[place])(__VA_ARGS__))

// failed frees a status and writes what it says.
static int failed(void **api, void *status, char *why) {
	if (status == NULL) {
		return 0;
	}
	snprintf(why, yimenWhy, "%s", ((const char *(*)(void *))api[GetErrorMessage])(status));
	((void (*)(void *))api[ReleaseStatus])(status);
	return 1;
}

static int refuse(const char *said, char *why) {
	snprintf(why, yimenWhy, "%s", said);
	return 1;
}

static void release(void **api, int place, void *what) {
	if (what != NULL) {
		((void (*)(void *))api[place])(what);
	}
}

int yimenLibrary(const char *path, void **api, char *why) {
	void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL); // stays open: it has threads of its own
	if (library == NULL) {
		return refuse(dlerror(), why);
	}
	const struct base *(*entry)(void) = (const struct base *(*)(void))dlsym(library, "OrtGetApiBase");
	if (entry == NULL || entry() == NULL || (*api = entry()->getApi(version)) == NULL) {
		return refuse("it is no ONNX Runtime", why);
	}
	return 0;
}

// measure gives the side of the pictures that the session takes: 1 or any number of them, 3 planes, square.
static int measure(struct yimenSession *s, int *side, char *why) {
	void **api = s->api, *info = NULL;
	const void *shape = NULL;
	size_t inputs = 0, outputs = 0, count = 0;
	int64_t dims[4] = {0};
	int kind = 0, bad = 1;
	if (failed(api, call(api, SessionGetInputCount, (void *, size_t *), s->session, &inputs), why) ||
	    failed(api, call(api, SessionGetOutputCount, (void *, size_t *), s->session, &outputs), why)) {
		return 1;
	}
	if (inputs != 1 || outputs != 1) {
		return refuse("it has more than one input or output", why);
	}
	if (failed(api, call(api, SessionGetInputTypeInfo, (void *, size_t, void **), s->session, 0, &info), why)) {
		return 1;
	}
	if (!failed(api, call(api, CastTypeInfoToTensorInfo, (void *, const void **), info, &shape), why)) {
		if (shape == NULL || failed(api, call(api, GetTensorElementType, (const void *, int *), shape, &kind), why) ||
		    failed(api, call(api, GetDimensionsCount, (const void *, size_t *), shape, &count), why) || kind != isFloat || count != 4 ||
		    failed(api, call(api, GetDimensions, (const void *, int64_t *, size_t), shape, dims, count), why) ||
		    dims[0] > 1 || dims[1] != 3 || dims[2] != dims[3] || dims[2] < 32 || dims[2] > 512) {
			refuse("it does not take one square picture of three planes, 32 to 512 pixels wide", why);
		} else {
			*side = (int)dims[2];
			bad = 0;
		}
	}
	release(api, ReleaseTypeInfo, info);
	return bad;
}

int yimenRead(void *table, const void *network, size_t size, struct yimenSession **session, int *side, char *why) {
	void **api = table, *options = NULL;
	struct yimenSession *s = calloc(1, sizeof *s);
	if (s == NULL) {
		return refuse("out of memory", why);
	}
	s->api = api;
	int bad = failed(api, call(api, CreateEnv, (int, const char *, void **), quiet, "yimen", &s->env), why) ||
	          failed(api, call(api, DisableTelemetryEvents, (const void *), s->env), why) ||
	          failed(api, call(api, CreateSessionOptions, (void **), &options), why) ||
	          failed(api, call(api, SetIntraOpNumThreads, (void *, int), options, 1), why) ||
	          failed(api, call(api, CreateSessionFromArray, (const void *, const void *, size_t, const void *, void **), s->env, network, size, options, &s->session), why) ||
	          failed(api, call(api, GetAllocatorWithDefaultOptions, (void **), &s->allocator), why) ||
	          failed(api, call(api, CreateCpuMemoryInfo, (int, int, void **), arena, plain, &s->memory), why) || measure(s, side, why) ||
	          failed(api, call(api, SessionGetInputName, (const void *, size_t, void *, char **), s->session, 0, s->allocator, &s->input), why) ||
	          failed(api, call(api, SessionGetOutputName, (const void *, size_t, void *, char **), s->session, 0, s->allocator, &s->output), why);
	release(api, ReleaseSessionOptions, options);
	if (bad) {
		yimenClose(s);
		return 1;
	}
	*session = s;
	return 0;
}

// copy takes a tensor's numbers out; it gives how many there are, or -1.
static int copy(void **api, void *tensor, float *numbers, int most, char *why) {
	void *shape = NULL;
	size_t count = 0;
	int kind = 0, got = -1;
	float *data = NULL;
	if (failed(api, call(api, GetTensorTypeAndShape, (const void *, void **), tensor, &shape), why)) {
		return -1;
	}
	if (!failed(api, call(api, GetTensorElementType, (const void *, int *), shape, &kind), why) &&
	    !failed(api, call(api, GetTensorShapeElementCount, (const void *, size_t *), shape, &count), why)) {
		if (kind != isFloat || count < 1 || count > (size_t)most) {
			refuse("it gives no vector of numbers", why);
		} else if (!failed(api, call(api, GetTensorMutableData, (void *, void **), tensor, (void **)&data), why)) {
			for (size_t i = 0; i < count; i++) {
				numbers[i] = data[i];
			}
			got = (int)count;
		}
	}
	release(api, ReleaseTensorTypeAndShapeInfo, shape);
	return got;
}

int yimenRun(struct yimenSession *s, float *planes, int side, float *numbers, int most, char *why) {
	void **api = s->api, *in = NULL, *out = NULL;
	const int64_t dims[4] = {1, 3, side, side};
	const char *inputs[1] = {s->input}, *outputs[1] = {s->output};
	int got = -1;
	if (!failed(api, call(api, CreateTensorWithDataAsOrtValue, (const void *, void *, size_t, const int64_t *, size_t, int, void **),
	                      s->memory, planes, sizeof(float) * 3 * side * side, dims, 4, isFloat, &in), why)) {
		const void *values[1] = {in};
		if (!failed(api, call(api, Run, (void *, const void *, const char *const *, const void *const *, size_t, const char *const *, size_t, void **),
		                      s->session, NULL, inputs, values, 1, outputs, 1, &out), why)) {
			got = copy(api, out, numbers, most, why);
		}
	}
	release(api, ReleaseValue, out);
	release(api, ReleaseValue, in);
	return got;
}

void yimenClose(struct yimenSession *s) {
	void **api = s->api;
	char ignored[yimenWhy];
	if (s->input != NULL) {
		failed(api, call(api, AllocatorFree, (void *, void *), s->allocator, s->input), ignored);
	}
	if (s->output != NULL) {
		failed(api, call(api, AllocatorFree, (void *, void *), s->allocator, s->output), ignored);
	}
	release(api, ReleaseMemoryInfo, s->memory);
	release(api, ReleaseSession, s->session);
	release(api, ReleaseEnv, s->env);
	free(s);
}
