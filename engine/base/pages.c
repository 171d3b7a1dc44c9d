/**
 * @file pages.c
 * See pages.h.
 */
#include "engine/base/pages.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

#define SMALL_BYTES 4096U              /* of a page, or more of them */
#define LARGE_BYTES (2U * 1024 * 1024) /* of x86-64 and of AArch64 with pages of 4 KiB; elsewhere less is gained */

void tw_pages_large(void *at, size_t bytes)
{
#ifdef MADV_HUGEPAGE
	size_t before = (SMALL_BYTES - (uintptr_t)at % SMALL_BYTES) % SMALL_BYTES;
	if (at && bytes >= before + LARGE_BYTES) {
		(void)madvise((char *)at + before, (bytes - before) / SMALL_BYTES * SMALL_BYTES, MADV_HUGEPAGE);
	}
#else
	(void)at;
	(void)bytes;
#endif
}

void *tw_pages_alloc(size_t bytes)
{
	void *at = NULL;
	if (bytes < LARGE_BYTES) {
		return malloc(bytes);
	}
	if (posix_memalign(&at, LARGE_BYTES, bytes) != 0) {
		return NULL;
	}
	tw_pages_large(at, bytes);
	return at;
}
