/** @file delta.c  One look-up a hit in the edition before; see delta.h. */
#include "engine/screen/delta.h"

#include "feeds/lists.h"

static bool had_name(const struct tw_list_entry *entry, struct tw_slice name)
{
	for (uint32_t i = 0; i < entry->name_count; i++) {
		if (tw_slice_equal(tw_list_entry_name(entry, i).text, name)) {
			return true;
		}
	}
	return false;
}

static bool had_number(const struct tw_list_entry *entry, const struct tw_match *match)
{
	for (uint32_t i = 0; i < entry->identifier_count; i++) {
		struct tw_list_identifier number = tw_list_entry_identifier(entry, i);
		if (tw_slice_equal(number.value, match->name) && tw_slice_equal(number.scheme, match->scheme)) {
			return true;
		}
	}
	return false;
}

static bool had_address(const struct tw_list_entry *entry, struct tw_slice text)
{
	for (uint32_t i = 0; i < entry->address_count; i++) {
		if (tw_slice_equal(tw_list_entry_address(entry, i).text, text)) {
			return true;
		}
	}
	return false;
}

static bool is_new(const struct tw_list_index *before, const struct tw_match *match)
{
	struct tw_list_entry entry;
	if (!tw_list_index_entry(before, match->list, match->entry, &entry)) {
		return true;
	}
	switch (match->basis) {
	case TW_MATCH_NAME:
		return !had_name(&entry, match->name);
	case TW_MATCH_IDENTIFIER:
		return !had_number(&entry, match);
	case TW_MATCH_ADDRESS:
		return !had_address(&entry, match->name);
	}
	return false;
}

uint32_t tw_delta_mark(const struct tw_list_index *before, struct tw_matches *matches)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < matches->count; i++) {
		matches->match[i].is_new = is_new(before, &matches->match[i]);
		count += matches->match[i].is_new;
	}
	return count;
}
