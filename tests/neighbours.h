/**
 * @file neighbours.h
 * The neighbours of a country, found by asking a world of a test for every border.
 */
#ifndef TIDEWAITER_TESTS_NEIGHBOURS_H
#define TIDEWAITER_TESTS_NEIGHBOURS_H

#include <stdbool.h>
#include <stdint.h>

/** As `neighbours` of struct tw_rule_env, of a world that knows `borders`. */
static inline uint32_t neighbours_by(bool (*borders)(void *context, uint16_t a, uint16_t b), void *context, uint16_t country, uint16_t *out,
                                     uint32_t room)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < 26 * 26; i++) {
		uint16_t code = (uint16_t)(('A' + i / 26) << 8 | ('A' + i % 26));
		if (code != country && borders(context, country, code) && count++ < room) {
			out[count - 1] = code;
		}
	}
	return count;
}

#endif
