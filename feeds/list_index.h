/**
 * @file list_index.h
 * Inside the index: what list_index.c lays out and list_screen.c asks. Both see the same keys through the two functions here.
 */
#ifndef TIDEWAITER_FEEDS_LIST_INDEX_H
#define TIDEWAITER_FEEDS_LIST_INDEX_H

#include "engine/base/arena.h"
#include "feeds/list_table.h"
#include "feeds/lists.h"
#include "feeds/name_index.h"
#include "feeds/name_script_index.h"

/* Persons, organisations, vessels; aircraft are known by their mark, which is equal or not. */
#define TW_LIST_DOMAINS 3

/** @return the fuzzy index of a domain, TW_LIST_DOMAINS for aircraft */
static inline uint32_t tw_list_domain_at(enum tw_name_domain domain)
{
	return (uint32_t)domain - TW_NAME_OF_PERSON;
}

struct tw_list_index {
	struct tw_arena arena;
	struct tw_slice *list; /* ids, ascending */
	uint32_t list_count;
	struct tw_list_entry *entry; /* by list id, then entry id: an entry's place is its rank in every strict order */
	uint32_t entry_count;
	struct tw_list_name *name; /* entry by entry, the primary name first */
	uint32_t name_count;
	struct tw_list_identifier *identifier; /* entry by entry */
	uint32_t identifier_count;
	struct tw_list_date *birth; /* these four entry by entry */
	struct tw_list_address *address;
	struct tw_list_link *link;
	uint16_t *country;
	uint32_t birth_count, address_count, link_count, country_count;
	char *text; /* of entries, names, identifiers, addresses, links: packed, one behind the other */
	uint64_t text_bytes;
	uint32_t *name_entry; /* by name: its entry */
	struct tw_name_index fuzzy[TW_LIST_DOMAINS];
	struct tw_script_index script[TW_LIST_DOMAINS]; /* of the same names, for queries in scripts without vowels */
	struct tw_list_table names;
	struct tw_list_table identifiers;
	struct tw_list_report *report; /* of a compiled file: one a list, in the order of its making; else NULL */
	uint32_t report_count;
	void *map;                       /* the compiled file; NULL: made from sources */
	size_t map_bytes, dropped_bytes; /* dropped: of them, what was copied into the arena */
};

#define TW_LIST_IDENTIFIER_CHARACTERS_MIN 5 /* shorter numbers belong to too many */

/** @return the listed scheme that a word means ("VAT number" -> "tax"); empty when nobody lists such numbers */
struct tw_slice tw_list_scheme_find(struct tw_slice word);

/** May such a number be met without its scheme being named? */
bool tw_list_scheme_stands_alone(struct tw_slice scheme);

#define TW_LIST_ANY_NUMBER "identifier" /**< scheme of a number of which nobody says what it is */

/**
 * The key of an identifier: scheme, NUL, the value's letters and digits; an empty scheme for numbers met without one.
 * @param out in `arena`; length 0 when the value is too short to compare
 * @return false when the arena is at its ceiling
 */
TW_MUST_USE bool tw_list_identifier_key(struct tw_slice scheme, struct tw_slice value, struct tw_arena *arena, struct tw_slice *out);

/** Of one entry's names with one similarity the best is shown: its own, then what the issuer trusts most. @return 0 is best */
uint32_t tw_list_name_rank(enum tw_name_quality quality);

/** @param at the fuzzy index that is asked @return the least agreement that hits there, ppm */
int32_t tw_list_threshold(const struct tw_list_query *query, uint32_t at);

/** What else is known of two bearers of a name. @return parts written, at most 4 */
uint32_t tw_list_evidence(const struct tw_list_entry *entry, const struct tw_list_query *query, struct tw_arena *scratch, struct tw_match_part *out);

#endif
