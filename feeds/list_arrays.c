/**
 * @file list_arrays.c
 * The table of list_arrays.h.
 */
#include "feeds/list_arrays.h"

#include <stdio.h>

#define AT(member) ((uint32_t)offsetof(struct tw_list_index, member))
#define TEXT(member)                                                                                                                                 \
	{                                                                                                                                            \
		(uint32_t) offsetof(struct tw_list_report, member.ptr), (uint32_t)offsetof(struct tw_list_report, member.len), 1, 0                  \
	}

static const struct tw_list_pointer report_pointers[] = {
    TEXT(id),
    TEXT(date),
    {(uint32_t)offsetof(struct tw_list_report, skip[0].reason), TW_LIST_NO_COUNT, TW_LIST_SKIPS_MAX, (uint32_t)sizeof(struct tw_list_skip)},
};

struct row {
	const char *name;
	uint32_t pointer, element_bytes;
	uint32_t count, count_bytes, more; /* as many as the member at `count` says, and `more` */
	const struct tw_list_pointer *pointers;
	uint32_t pointer_count;
};

#define ROW(name, member, size, more, pointers, pointer_count)                                                                                       \
	{                                                                                                                                            \
		name, AT(member), (uint32_t)sizeof(*((struct tw_list_index *)0)->member), AT(size),                                                  \
		    (uint32_t)sizeof(((struct tw_list_index *)0)->size), more, pointers, pointer_count                                               \
	}
#define FLAT(name, member, size, more)         ROW(name, member, size, more, NULL, 0)
#define POINTING(name, member, size, pointers) ROW(name, member, size, 0, pointers, sizeof(pointers) / sizeof((pointers)[0]))
#define TABLE(name, member)                                                                                                                          \
	FLAT(name ".sieve", member.sieve, member.sieve_mask, 1), FLAT(name ".slot", member.slot, member.mask, 1),                                    \
	    FLAT(name ".posting", member.posting, member.posting_count, 0), FLAT(name ".key", member.key, member.key_bytes, 0),                      \
	    FLAT(name ".group", member.group, member.group_count, 1)
#define SCRIPT(name, number)                                                                                                                         \
	FLAT(name ".consonants.key", script[number].key, script[number].count, 0),                                                                   \
	    FLAT(name ".consonants.term", script[number].term, script[number].count, 0)

static const struct row rows[] = {
    FLAT("text", text, text_bytes, 0),
    FLAT("countries", country, country_count, 0),
    FLAT("births", birth, birth_count, 0),
    FLAT("owners", name_entry, name_count, 0),
    FLAT("names", name, name_count, 0),
    FLAT("identifiers", identifier, identifier_count, 0),
    FLAT("addresses", address, address_count, 0),
    FLAT("links", link, link_count, 0),
    FLAT("lists", list, list_count, 0),
    FLAT("entries", entry, entry_count, 1),
    POINTING("reports", report, report_count, report_pointers),
    TABLE("equal-names", names),
    TABLE("equal-identifiers", identifiers),
    TABLE("equal-addresses", places),
    SCRIPT("persons", 0),
    SCRIPT("organisations", 1),
    SCRIPT("vessels", 2),
};
#define ROWS ((uint32_t)(sizeof(rows) / sizeof(rows[0])))

static const char *const domains[TW_LIST_DOMAINS] = {"persons", "organisations", "vessels"};

static void row_read(struct tw_list_index *index, const struct row *row, struct tw_list_array *out)
{
	char *base = (char *)index;
	uint64_t count;
	uint32_t narrow;
	if (row->count_bytes == sizeof(count)) {
		memcpy(&count, base + row->count, sizeof(count));
	} else {
		memcpy(&narrow, base + row->count, sizeof(narrow));
		count = narrow;
	}
	snprintf(out->name, sizeof(out->name), "%s", row->name);
	out->array = (struct tw_index_array){row->name, base + row->pointer, row->element_bytes, count + row->more};
	out->pointers = row->pointers;
	out->pointer_count = row->pointer_count;
}

bool tw_list_array_at(struct tw_list_index *index, uint32_t number, struct tw_list_array *out)
{
	memset(out, 0, sizeof(*out));
	if (number < ROWS) {
		row_read(index, &rows[number], out);
		return true;
	}
	number -= ROWS;
	for (uint32_t domain = 0; domain < TW_LIST_DOMAINS; domain++) {
		uint32_t arrays = 0;
		for (; tw_name_index_array(&index->fuzzy[domain], arrays, &out->array); arrays++) {
			if (arrays == number) {
				snprintf(out->name, sizeof(out->name), "%s.%s", domains[domain], out->array.name);
				return true;
			}
		}
		number -= arrays;
	}
	return false;
}
