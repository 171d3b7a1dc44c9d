/**
 * @file wilson.h
 * How sure a share is that was counted on few: the score interval, which stays inside 0 and 1 and says something of 0 out of n too.
 * Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal of the American Statistical Association
 * 22 (1927), 209-212; compared with other intervals by R. G. Newcombe, Statistics in Medicine 17 (1998), 857-872 (his method 3).
 */
#ifndef TIDEWAITER_ENGINE_COMMAND_WILSON_H
#define TIDEWAITER_ENGINE_COMMAND_WILSON_H

#include <stdint.h>

/** In millionths; low <= share <= high. */
struct tw_wilson {
	uint32_t share_ppm, low_ppm, high_ppm;
};

/**
 * The 95% interval without correction for continuity. Pure.
 * @param hits at most `of` @param of 0: nothing is known: share 0, interval 0 to 1,000,000
 */
struct tw_wilson tw_wilson_of(uint64_t hits, uint64_t of);

#endif
