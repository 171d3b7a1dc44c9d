/**
 * @file exact.h
 * Does the index find exactly what comparing with every listed name finds?
 */
#ifndef TIDEWAITER_BENCH_QUALITY_EXACT_H
#define TIDEWAITER_BENCH_QUALITY_EXACT_H

#include "feeds/list_index.h"

/**
 * Ask both about every query of a file, form by form, in every domain that its kind meets; every difference is a line.
 * @param path         a file of queries, quality.c
 * @param name_ppm_min 0: the product's own
 * @return 0: none differs; 1
 */
int quality_exact(const char *path, uint32_t name_ppm_min, const struct tw_list_index *index);

#endif
