/**
 * @file nearest.c
 * Optimal string alignment distance over short words, and the best of many.
 * Source: Damerau, A technique for computer detection and correction of spelling errors, CACM 7(3), 1964.
 */
#include "engine/run/nearest.h"

#include <string.h>

#define WORD_MAX 63
#define FAR      1000U

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

unsigned tw_edit_distance(const char *a, const char *b)
{
	unsigned rows[3][WORD_MAX + 2]; /* two rows back for swaps */
	size_t a_length = strlen(a), b_length = strlen(b);
	if (a_length > WORD_MAX || b_length > WORD_MAX) {
		return FAR;
	}
	for (size_t j = 0; j <= b_length; j++) {
		rows[0][j] = (unsigned)j;
	}
	for (size_t i = 1; i <= a_length; i++) {
		unsigned *now = rows[i % 3];
		const unsigned *before = rows[(i + 2) % 3], *two_before = rows[(i + 1) % 3];
		now[0] = (unsigned)i;
		for (size_t j = 1; j <= b_length; j++) {
			unsigned best = least(before[j] + 1, now[j - 1] + 1);
			best = least(best, before[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
				best = least(best, two_before[j - 2] + 1);
			}
			now[j] = best;
		}
	}
	return rows[a_length % 3][b_length];
}

void tw_nearest_offer(struct tw_nearest *nearest, const char *meant, const char *word)
{
	unsigned distance = tw_edit_distance(meant, word);
	size_t longer = strlen(meant) > strlen(word) ? strlen(meant) : strlen(word);
	if (distance * 3 <= longer + 2 && (!nearest->word || distance < nearest->distance)) {
		nearest->word = word;
		nearest->distance = distance;
	}
}
