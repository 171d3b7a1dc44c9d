/**
 * @file places.c
 * Watermarks and committed offsets; see places.h.
 */
#include "engine/state/places.h"

#include <stdio.h>
#include <stdlib.h>

#define ROW_FIRST 16U

void tw_places_fini(struct tw_places *places)
{
	for (uint32_t i = 0; i < places->topic_count; i++) {
		free((void *)(uintptr_t)places->topic[i].ptr);
		free(places->row[i]);
	}
	*places = (struct tw_places){.topic_count = 0};
}

int tw_places_topic(const struct tw_places *places, struct tw_slice topic)
{
	for (uint32_t i = 0; i < places->topic_count; i++) {
		if (tw_slice_equal(places->topic[i], topic)) {
			return (int)i;
		}
	}
	return -1;
}

int tw_places_topic_add(struct tw_places *places, struct tw_slice topic)
{
	if (places->topic_count == TW_TOPICS_MAX) {
		return -1;
	}
	char *name = malloc((size_t)topic.len + 1);
	if (!name) {
		return -1;
	}
	memcpy(name, topic.len ? topic.ptr : "", topic.len);
	name[topic.len] = '\0';
	places->topic[places->topic_count] = (struct tw_slice){name, topic.len};
	return (int)places->topic_count++;
}

struct tw_place *tw_places_at(struct tw_places *places, uint32_t topic, uint32_t partition)
{
	uint32_t held = places->row_count[topic];
	if (partition >= held) {
		uint32_t count = held ? held : ROW_FIRST;
		while (count <= partition) {
			count *= 2;
		}
		struct tw_place *row = realloc(places->row[topic], count * sizeof(*row));
		if (!row) {
			return NULL;
		}
		memset(row + held, 0, (count - held) * sizeof(*row));
		places->row[topic] = row;
		places->row_count[topic] = count;
	}
	return &places->row[topic][partition];
}

void tw_places_forget(struct tw_places *places)
{
	for (uint32_t i = 0; i < places->topic_count; i++) {
		for (uint32_t k = 0; k < places->row_count[i]; k++) {
			places->row[i][k] = (struct tw_place){.highest = 0};
		}
	}
	places->wanting = false;
}

bool tw_places_below(void *places, uint64_t tag)
{
	struct tw_places *held = places;
	if (tw_tag_topic(tag) >= held->topic_count) {
		held->topics_wanted = true;
		return false;
	}
	struct tw_place *place = tw_places_at(held, tw_tag_topic(tag), tw_tag_partition(tag));
#ifdef TW_BREAK_COMPACTION /* negative control: what is not committed is folded away too */
	return place != NULL;
#endif
	if (!place || tw_tag_offset(tag) < place->committed) {
		return place != NULL;
	}
	place->wanted = !place->known || place->wanted;
	held->wanting = held->wanting || place->wanted;
	return false;
}

bool tw_place_has(const struct tw_place *place, int64_t offset, uint32_t index)
{
	return place->present && (offset < place->next || (offset == place->next && index < place->done));
}

static enum tw_code stale(const struct tw_store_part *part, const char *what, int64_t at, const char *other, int64_t number, struct tw_error *err)
{
	char where[TW_ERROR_WHERE_BYTES];
	snprintf(where, sizeof(where), "%.*s/%d", (int)part->topic.len, part->topic.ptr, (int)part->partition);
	return tw_fail(err, TW_E_STALE, TW_STOP, what, where, "watermark %lld, %s %lld; state was lost: only a rebuild from the log brings it back",
	               (long long)at, other, (long long)number);
}

enum tw_code tw_place_check(const struct tw_place *place, const struct tw_store_part *part, struct tw_error *err)
{
	int64_t at = place->present ? place->next : 0;
	if (at < part->committed && !part->rebuild) {
		return stale(part, "state is behind the log", place->present ? at : -1, "committed", part->committed, err);
	}
	if (at < place->highest && part->event_count && part->events[0].offset > at) {
		return stale(part, "state is behind what it was", place->present ? at : -1, "before", place->highest, err);
	}
	return TW_OK;
}
