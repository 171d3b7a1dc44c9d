/**
 * @file warnings.c
 * What an officer has to know of the lists that an alert rests on: too old at the event's time, or only a last good copy. Lists without a hit in the
 * alert are not spoken of; "snapshot" shows them all. And of rules that may have missed the event: a pattern of theirs was given up on a text of it.
 *
 * An age is the days between the issuer's own date of the list and the event's time: a function of the log and the snapshot, never of a clock, so
 * that a replay warns of what the first run warned of. A list that is newer than the event is not too old.
 */
#include "engine/emit/record.h"

#include "engine/base/arena.h"
#include "engine/base/time.h"

#define LIMITED_SAID 8U /* rules; the rest is a number */

static bool is_hit(const struct tw_matches *matches, struct tw_slice list)
{
	for (uint32_t i = 0; matches && i < matches->count; i++) {
		if (tw_slice_equal(matches->match[i].list, list)) {
			return true;
		}
	}
	return false;
}

/* @return {"", 0}: not too old, or not asked; {NULL, 0} at the arena's ceiling */
static struct tw_slice age_text(const struct tw_list_info *list, int32_t today, struct tw_arena *arena)
{
	char day[TW_DATE_BYTES];
	if (!list->age_days_max) {
		return (struct tw_slice){"", 0};
	}
	if (list->day == INT32_MIN) {
		return tw_arena_format(arena, "list %.*s states no date: whether it is older than %u days is not known", (int)list->id.len,
		                       list->id.ptr, list->age_days_max);
	}
	if ((int64_t)today - list->day <= (int64_t)list->age_days_max) {
		return (struct tw_slice){"", 0};
	}
	return tw_arena_format(arena, "list %.*s is of %s, %d days before this event: more than the %u that it may be old", (int)list->id.len,
	                       list->id.ptr, tw_date_format(list->day, day), today - list->day, list->age_days_max);
}

static struct tw_slice stale_text(const struct tw_list_info *list, struct tw_arena *arena)
{
	return list->stale.len ? tw_arena_format(arena, "list %.*s is a last good copy; its files were refused: %.*s", (int)list->id.len,
	                                         list->id.ptr, (int)list->stale.len, list->stale.ptr)
	                       : (struct tw_slice){"", 0};
}

static void text_add(struct tw_json *json, struct tw_slice text, bool *open)
{
	if (!text.ptr) {
		json->failed = true;
	}
	if (text.len == 0) {
		return;
	}
	if (!*open) {
		tw_json_key(json, "warnings");
		tw_json_array(json);
		*open = true;
	}
	tw_json_text(json, text);
}

/* The limit bounds what a hostile text can cost; it is the same on every run, so that a replay says the same. */
static void limited_add(struct tw_json *json, const struct tw_limited_rules *limited, bool *open)
{
	uint32_t count = limited ? limited->count : 0, said = count < LIMITED_SAID ? count : LIMITED_SAID;
	for (uint32_t i = 0; i < said; i++) {
		struct tw_slice id = limited->rule[i]->id;
		text_add(json,
		         tw_arena_format(json->arena,
		                         "rule %.*s may have missed something: a pattern of it was given up at its limit on a text of this event",
		                         (int)id.len, id.ptr),
		         open);
	}
	if (count > said) {
		text_add(json, tw_arena_format(json->arena, "so may %u more rules", count - said), open);
	}
}

void tw_record_warnings(struct tw_json *json, const struct tw_alert_case *about)
{
	bool open = false;
	int32_t today = tw_instant_day(about->event->time.ms);
	for (uint32_t i = 0; i < about->snapshot->list_count; i++) {
		const struct tw_list_info *list = &about->snapshot->lists[i];
		if (is_hit(about->matches, list->id)) {
			text_add(json, age_text(list, today, json->arena), &open);
			text_add(json, stale_text(list, json->arena), &open);
		}
	}
	limited_add(json, about->limited, &open);
	if (open) {
		tw_json_array_end(json);
	}
}
