/**
 * @file dice.h
 * Choices for what is made at random: drawn from a seed, or read from bytes that a fuzzer turns.
 *
 * Equal seeds and equal bytes make equal choices. Bytes that are used up give 0 for ever, and makers take 0 for the plainest choice: every
 * thing made ends.
 */
#ifndef TIDEWAITER_TESTS_REFERENCE_DICE_H
#define TIDEWAITER_TESTS_REFERENCE_DICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dice {
	const uint8_t *bytes; /* NULL: by seed */
	size_t size, at;
	uint64_t state;
};

static inline struct dice dice_of_seed(uint64_t seed)
{
	return (struct dice){.state = seed * 0x9E3779B97F4A7C15ULL + 1};
}

static inline struct dice dice_of_bytes(const uint8_t *bytes, size_t size)
{
	return (struct dice){.bytes = bytes, .size = size};
}

/** @param n 1 to 256; by seed, to 2^31 @return 0 to n - 1 */
static inline uint32_t dice_below(struct dice *dice, uint32_t n)
{
	if (dice->bytes) {
		return dice->at < dice->size ? dice->bytes[dice->at++] % (n ? n : 1) : 0;
	}
	/* Source: Marsaglia, Xorshift RNGs, 2003, with Vigna's multiplier */
	dice->state ^= dice->state >> 12;
	dice->state ^= dice->state << 25;
	dice->state ^= dice->state >> 27;
	return (uint32_t)((dice->state * 0x2545F4914F6CDD1DULL) >> 33) % (n ? n : 1);
}

/** One time in n; never when bytes are used up. */
static inline bool dice_once_in(struct dice *dice, uint32_t n)
{
	return dice_below(dice, n) == n - 1;
}

#endif
