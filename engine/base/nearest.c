/**
 * @file nearest.c
 * Edit distance over short names, and the best of many; see nearest.h.
 */
#include "engine/base/nearest.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define NAME_BYTES_MAX 64U

static uint32_t least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

uint32_t tw_edit_distance(struct tw_slice a, struct tw_slice b)
{
	uint32_t rows[3][NAME_BYTES_MAX + 1];
	if (a.len > NAME_BYTES_MAX || b.len > NAME_BYTES_MAX) {
		return UINT32_MAX;
	}
	uint32_t *before = rows[0], *last = rows[1], *now = rows[2];
	for (uint32_t j = 0; j <= b.len; j++) {
		last[j] = j;
		before[j] = 0;
	}
	for (uint32_t i = 1; i <= a.len; i++) {
		now[0] = i;
		for (uint32_t j = 1; j <= b.len; j++) {
			uint32_t replaced = last[j - 1] + (a.ptr[i - 1] != b.ptr[j - 1]);
			now[j] = least(least(last[j], now[j - 1]) + 1, replaced);
			if (i > 1 && j > 1 && a.ptr[i - 1] == b.ptr[j - 2] && a.ptr[i - 2] == b.ptr[j - 1]) {
				now[j] = least(now[j], before[j - 2] + 1);
			}
		}
		uint32_t *spare = before;
		before = last;
		last = now;
		now = spare;
	}
	return last[b.len];
}

struct tw_nearest tw_nearest_to(struct tw_slice wanted)
{
	return (struct tw_nearest){.wanted = wanted, .distance = UINT32_MAX};
}

/* Names are ASCII. */
static bool differs_in_case_alone(struct tw_slice wanted, const char *name)
{
	return strlen(name) == wanted.len && strncasecmp(name, wanted.ptr, wanted.len) == 0;
}

void tw_nearest_offer(struct tw_nearest *nearest, const char *name)
{
	if (nearest->distance == 0) {
		return;
	}
	uint32_t distance = tw_edit_distance(nearest->wanted, tw_slice_str(name));
	if (distance > 1 && differs_in_case_alone(nearest->wanted, name)) {
		distance = 1;
	}
	bool closer =
	    distance < nearest->distance || (distance == 1 && distance == nearest->distance && differs_in_case_alone(nearest->wanted, name));
	if (closer) {
		nearest->distance = distance;
		nearest->best = name;
	}
}

/* Most words are written as they are known, and then no distance need be counted. */
void tw_nearest_offer_all(struct tw_nearest *nearest, const char *const *names)
{
	for (const char *const *name = names; *name && nearest->distance; name++) {
		if (tw_slice_is(nearest->wanted, *name)) {
			*nearest = (struct tw_nearest){nearest->wanted, *name, 0};
		}
	}
	for (; *names && nearest->distance; names++) {
		tw_nearest_offer(nearest, *names);
	}
}

const char *tw_nearest_hint(const struct tw_nearest *nearest, char buffer[TW_HINT_BYTES])
{
	/* a typing slip touches a letter or two, of a word of three only one; a third of a long word may be a forgotten ending */
	uint32_t long_enough = nearest->wanted.len > 3 ? 2 : 1, allowed = nearest->wanted.len / 3;
	allowed = allowed > long_enough ? allowed : long_enough;
	buffer[0] = '\0';
	if (nearest->best && nearest->distance <= allowed && nearest->distance < nearest->wanted.len) {
		snprintf(buffer, TW_HINT_BYTES, "; did you mean \"%s\"?", nearest->best);
	}
	return buffer;
}
