/**
 * @file pages.h
 * Large pages for memory that is read here and there: where every look is at another page, finding the page takes as long as reading it.
 *
 * Advice alone: a system that has none, or gives none, changes speed and nothing else. Threads: any.
 * Source: Linux, Documentation/admin-guide/mm/transhuge.rst, madvise.
 */
#ifndef TIDEWAITER_ENGINE_BASE_PAGES_H
#define TIDEWAITER_ENGINE_BASE_PAGES_H

#include <stddef.h>

/** @param at    from the system (malloc, mmap), not touched yet if it is to be of use at once; NULL: nothing happens
 *  @param bytes below those of one large page nothing is asked */
void tw_pages_large(void *at, size_t bytes);

/** Memory that begins with a large page where it has room for one, and is advised so. @return NULL without memory; freed by free() */
void *tw_pages_alloc(size_t bytes);

#endif
