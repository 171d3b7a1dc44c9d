/**
 * @file duplicates.c
 * See duplicates.h. The sets are open addressing with linear probing over slot numbers, at most half full; a removal shifts back what probed past it,
 * so there are no tombstones and the sets never need to be rebuilt.
 */
#include "engine/run/duplicates.h"

#include <stdlib.h>

#include "engine/base/secret_hash.h"

#define EMPTY UINT32_MAX

enum by { BY_NAME, BY_CONTENT, BYS };

struct slot {
	struct tw_hash128 name, content;
	int64_t offset;
	enum tw_seen seen;
	uint32_t back; /* to the last event of that name, in offsets: a window's length fits */
};

/* One partition's window: the event of number n stands in slots[n % window]; those from number `known` on are in the sets. */
struct window {
	char *topic;
	uint32_t topic_length;
	int32_t partition;
	struct slot *slots;
	uint64_t count;    /* events ever */
	uint64_t known;    /* the first that is still compared with */
	uint32_t *at[BYS]; /* sets of slots: EMPTY or a slot's place */
};

struct tw_duplicates {
	uint32_t window;
	uint32_t mask; /* of the sets */
	struct tw_secret_hash *secret;
	struct window *windows;
	uint32_t count, room, last;
};

bool tw_duplicates_covers(enum tw_family family)
{
	switch (family) {
	case TW_FAMILY_MANIFEST:
	case TW_FAMILY_CERTIFICATE:
	case TW_FAMILY_MARKING:
	case TW_FAMILY_OUTCOME:
	case TW_FAMILY_DECISION:
		return true;
	case TW_FAMILY_FACT: /* ours alone: ids of a place in the log */
		break;
	}
	return false;
}

enum tw_code tw_duplicates_new(uint32_t window, struct tw_duplicates **out, struct tw_error *err)
{
	struct tw_duplicates *duplicates = window ? calloc(1, sizeof(*duplicates)) : NULL;
	if (!duplicates) {
		return window ? tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for the window of duplicates", NULL, NULL)
		              : tw_fail(err, TW_E_RANGE, TW_STOP, "a window of duplicates holds at least one event", NULL, NULL);
	}
	enum tw_code code = tw_secret_hash_new(&duplicates->secret, err);
	if (code != TW_OK) {
		tw_duplicates_free(duplicates);
		return code;
	}
	duplicates->window = window;
	duplicates->mask = 1;
	while (duplicates->mask < window) {
		duplicates->mask = duplicates->mask << 1 | 1;
	}
	duplicates->mask = duplicates->mask << 1 | 1;
	*out = duplicates;
	return TW_OK;
}

static void window_fini(struct window *window)
{
	free(window->topic);
	free(window->slots);
	free(window->at[BY_NAME]);
	free(window->at[BY_CONTENT]);
}

void tw_duplicates_free(struct tw_duplicates *duplicates)
{
	if (!duplicates) {
		return;
	}
	for (uint32_t i = 0; i < duplicates->count; i++) {
		window_fini(&duplicates->windows[i]);
	}
	free(duplicates->windows);
	tw_secret_hash_free(duplicates->secret);
	free(duplicates);
}

/* NULL when there is no memory. */
static struct window *window_add(struct tw_duplicates *duplicates, const struct tw_sighting *sighting)
{
	if (duplicates->count == duplicates->room) {
		uint32_t room = duplicates->room ? duplicates->room * 2 : 8;
		struct window *grown = realloc(duplicates->windows, room * sizeof(*grown));
		if (!grown) {
			return NULL;
		}
		duplicates->windows = grown;
		duplicates->room = room;
	}
	size_t set = ((size_t)duplicates->mask + 1) * sizeof(uint32_t);
	struct window added = {.topic = malloc((size_t)sighting->topic.len + 1),
	                       .topic_length = sighting->topic.len,
	                       .partition = sighting->partition,
	                       .slots = calloc(duplicates->window, sizeof(*added.slots)),
	                       .at = {malloc(set), malloc(set)}};
	if (!added.topic || !added.slots || !added.at[BY_NAME] || !added.at[BY_CONTENT]) {
		window_fini(&added);
		return NULL;
	}
	if (sighting->topic.len) {
		memcpy(added.topic, sighting->topic.ptr, sighting->topic.len);
	}
	memset(added.at[BY_NAME], 0xFF, set);
	memset(added.at[BY_CONTENT], 0xFF, set);
	duplicates->last = duplicates->count++;
	duplicates->windows[duplicates->last] = added;
	return &duplicates->windows[duplicates->last];
}

/* NULL when there is none yet. */
static struct window *window_find(struct tw_duplicates *duplicates, struct tw_slice topic, int32_t partition)
{
	for (uint32_t i = 0; i < duplicates->count; i++) {
		uint32_t at = (duplicates->last + i) % duplicates->count; /* neighbours in time are often of one partition */
		struct window *window = &duplicates->windows[at];
		if (window->partition == partition && tw_slice_equal((struct tw_slice){window->topic, window->topic_length}, topic)) {
			duplicates->last = at;
			return window;
		}
	}
	return NULL;
}

void tw_duplicates_forget(struct tw_duplicates *duplicates, struct tw_slice topic, int32_t partition)
{
	struct window *window = window_find(duplicates, topic, partition);
	if (window) {
		window_fini(window);
		*window = duplicates->windows[--duplicates->count];
		duplicates->last = 0;
	}
}

static uint32_t home_of(const struct slot *slot, enum by by, uint32_t mask)
{
	uint64_t hash = by == BY_NAME ? slot->name.low : slot->name.high ^ slot->content.low;
	return (uint32_t)hash & mask;
}

static bool hash_equal(struct tw_hash128 a, struct tw_hash128 b)
{
	return a.high == b.high && a.low == b.low;
}

/* Where `wanted` stands in the set, or the empty place that ends its run. */
static uint32_t place_of(const struct window *window, enum by by, const struct slot *wanted, uint32_t mask)
{
	uint32_t at = home_of(wanted, by, mask);
	for (; window->at[by][at] != EMPTY; at = (at + 1) & mask) {
		const struct slot *slot = &window->slots[window->at[by][at]];
		if (hash_equal(slot->name, wanted->name) && (by == BY_NAME || hash_equal(slot->content, wanted->content))) {
			break;
		}
	}
	return at;
}

/* Whatever probed past the hole moves into it when the hole lies between its home and its place. */
static void hole_close(const struct window *window, enum by by, uint32_t hole, uint32_t mask)
{
	uint32_t *set = window->at[by];
	for (uint32_t at = (hole + 1) & mask; set[at] != EMPTY; at = (at + 1) & mask) {
		uint32_t home = home_of(&window->slots[set[at]], by, mask);
		if (((at - home) & mask) >= ((at - hole) & mask)) {
			set[hole] = set[at];
			hole = at;
		}
	}
	set[hole] = EMPTY;
}

/* The oldest event leaves the sets; a later one of the same name or content stays known. Its answer is kept until its slot is needed. */
static void oldest_leave(const struct tw_duplicates *duplicates, struct window *window)
{
	uint32_t place = (uint32_t)(window->known++ % duplicates->window), mask = duplicates->mask;
	for (enum by by = BY_NAME; by < BYS; by++) {
		uint32_t at = place_of(window, by, &window->slots[place], mask);
		if (window->at[by][at] == place) {
			hole_close(window, by, at, mask);
		}
	}
}

/* The answer that the event at this offset got; NULL when it has left the window. */
static const struct slot *slot_at(const struct tw_duplicates *duplicates, const struct window *window, int64_t offset)
{
	uint64_t least = window->count > duplicates->window ? window->count - duplicates->window : 0, most = window->count;
	while (least < most) {
		uint64_t middle = least + (most - least) / 2;
		const struct slot *slot = &window->slots[middle % duplicates->window];
		if (slot->offset == offset) {
			return slot;
		}
		if (slot->offset < offset) {
			least = middle + 1;
		} else {
			most = middle;
		}
	}
	return NULL;
}

/* In binary mode type and time are in headers: bytes that are alike may be two events. */
static enum tw_code content_of(const struct tw_duplicates *duplicates, const struct tw_sighting *sighting, struct tw_hash128 *out,
                               struct tw_error *err)
{
	const int64_t head[] = {sighting->time_ms, sighting->type};
	const struct tw_slice parts[] = {{(const char *)head, sizeof(head)}, sighting->raw};
	return tw_secret_hash_parts(duplicates->secret, parts, 2, out, err);
}

static enum tw_code slot_fill(const struct tw_duplicates *duplicates, const struct tw_sighting *sighting, struct slot *out, struct tw_error *err)
{
	struct tw_hash128 name[2] = {tw_hash128(sighting->source.ptr, sighting->source.len), tw_hash128(sighting->id.ptr, sighting->id.len)};
	*out = (struct slot){.name = tw_hash128(name, sizeof(name)), .offset = sighting->offset, .seen = TW_SEEN_FIRST};
	return content_of(duplicates, sighting, &out->content, err);
}

static void slot_compare(const struct window *window, struct slot *slot, uint32_t mask)
{
	uint32_t named = window->at[BY_NAME][place_of(window, BY_NAME, slot, mask)];
	if (named == EMPTY) {
		slot->seen = TW_SEEN_FIRST;
		return;
	}
	slot->back = (uint32_t)(slot->offset - window->slots[named].offset);
	slot->seen = window->at[BY_CONTENT][place_of(window, BY_CONTENT, slot, mask)] != EMPTY ? TW_SEEN_SAME : TW_SEEN_OTHER;
}

/* A full ring's oldest is compared with before it gives way: it is `window` offsets back. */
static void slot_add(const struct tw_duplicates *duplicates, struct window *window, struct slot *added)
{
	uint32_t place = (uint32_t)(window->count % duplicates->window), mask = duplicates->mask;
	while (window->known < window->count &&
	       window->slots[window->known % duplicates->window].offset < added->offset - (int64_t)duplicates->window) {
		oldest_leave(duplicates, window);
	}
	slot_compare(window, added, mask);
	if (window->count - window->known == duplicates->window) {
		oldest_leave(duplicates, window);
	}
	window->slots[place] = *added;
	for (enum by by = BY_NAME; by < BYS; by++) {
		window->at[by][place_of(window, by, added, mask)] = place;
	}
	window->count++;
}

static struct tw_seen_before answer_of(const struct slot *slot)
{
	return (struct tw_seen_before){slot->seen, slot->seen == TW_SEEN_FIRST ? -1 : slot->offset - (int64_t)slot->back};
}

enum tw_code tw_duplicates_see(struct tw_duplicates *duplicates, const struct tw_sighting *sighting, struct tw_seen_before *out, struct tw_error *err)
{
	struct slot added;
	struct window *window = window_find(duplicates, sighting->topic, sighting->partition);
	window = window ? window : window_add(duplicates, sighting);
	if (!window) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for the window of duplicates", NULL, NULL);
	}
	if (window->count && sighting->offset <= window->slots[(window->count - 1) % duplicates->window].offset) {
		const struct slot *slot = slot_at(duplicates, window, sighting->offset);
		if (slot) {
			*out = answer_of(slot);
		}
		return slot ? TW_OK
		            : tw_fail(err, TW_E_STALE, TW_STOP, "an event from before the window of duplicates came again", NULL, "offset %lld",
		                      (long long)sighting->offset);
	}
	enum tw_code code = slot_fill(duplicates, sighting, &added, err);
	if (code == TW_OK) {
		slot_add(duplicates, window, &added);
		*out = answer_of(&added);
	}
	return code;
}
