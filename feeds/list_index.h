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

/*
 * Rows: what an index holds of entries, without a pointer, so that a compiled file is used where it is mapped. list_rows.c reads them for whoever
 * asks; list_copy.c writes them.
 */

/* A text in `text`; equal ones stand there once. */
struct tw_list_text {
	uint32_t at, len;
};

struct tw_list_entry_row {
	struct tw_list_text id, programme;
	uint16_t list;                                            /* in `list` */
	uint16_t kind;                                            /* enum tw_entry_kind */
	uint32_t name, identifier, address, link, birth, country; /* where its first ones stand; the next row says where they end */
	uint32_t measures;
	struct tw_list_date listed_on, removed_on;
};

#define TW_LIST_NAME_LENGTH_BITS 29

/* As long as a file at most, and one of few qualities. */
struct tw_list_name_row {
	uint32_t at;
	uint32_t len : TW_LIST_NAME_LENGTH_BITS;
	uint32_t quality : 32 - TW_LIST_NAME_LENGTH_BITS; /* enum tw_name_quality */
};

struct tw_list_identifier_row {
	struct tw_list_text scheme, value;
	uint32_t country;
};

struct tw_list_address_row {
	struct tw_list_text text, city;
	uint32_t country;
};

struct tw_list_link_row {
	struct tw_list_text to;
	uint32_t relation; /* enum tw_list_relation */
};

struct tw_list_index {
	struct tw_arena arena;
	struct tw_list_text *list; /* ids, ascending */
	uint32_t list_count;
	struct tw_list_entry_row *entry; /* by list id, then entry id: an entry's place is its rank in every strict order; entry_count + 1 */
	uint32_t entry_count;
	struct tw_list_name_row *name;             /* entry by entry, the primary name first */
	struct tw_list_identifier_row *identifier; /* these five entry by entry */
	struct tw_list_address_row *address;
	struct tw_list_link_row *link;
	struct tw_list_date *birth;
	uint16_t *country;
	uint32_t name_count, identifier_count, address_count, link_count, birth_count, country_count;
	char *text;
	uint32_t text_bytes;
	uint32_t *name_entry; /* by name: its entry */
	struct tw_name_index fuzzy[TW_LIST_DOMAINS];
	struct tw_script_index script[TW_LIST_DOMAINS]; /* of the same names, for queries in scripts without vowels */
	struct tw_list_table names;
	struct tw_list_table identifiers;
	struct tw_list_table places;   /* of addresses: a posting's entry is the address, its item the entry that has it */
	struct tw_list_report *report; /* of a compiled file: one a list, in the order of its making; else NULL */
	uint32_t report_count;
	void *map; /* the compiled file; NULL: made from sources */
	size_t map_bytes;
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

/** @return borrows from the index */
static inline struct tw_slice tw_list_text_of(const struct tw_list_index *index, struct tw_list_text text)
{
	return (struct tw_slice){index->text + text.at, text.len};
}

static inline struct tw_list_text tw_list_name_text(const struct tw_list_index *index, uint32_t name)
{
	return (struct tw_list_text){index->name[name].at, index->name[name].len};
}

/** @return borrows from the index */
static inline struct tw_slice tw_list_name_of(const struct tw_list_index *index, uint32_t name)
{
	return tw_list_text_of(index, tw_list_name_text(index, name));
}

/** The view of a row. @param rank below entry_count */
struct tw_list_entry tw_list_entry_view(const struct tw_list_index *index, uint32_t rank);

struct tw_hash128;
/** May a listed address have a key of this one? @return false: none has */
bool tw_list_memo_passes(const struct tw_list_memo *memo, struct tw_slice text, struct tw_slice town);
/** Was this address asked for before, on this thread, and is nothing listed there? @param address a hash of all that is asked */
bool tw_list_memo_knows(const struct tw_list_memo *memo, struct tw_hash128 address);
/** Nothing is listed there. */
void tw_list_memo_note(struct tw_list_memo *memo, struct tw_hash128 address);

struct tw_list_builder;
/** What builder's stages hold, copied into the rows of an empty index. @param scratch used, and reset by whoever owns it @return false without
 * memory, or where texts are past 4 GiB */
TW_MUST_USE bool tw_list_copy(const struct tw_list_builder *builder, struct tw_list_index *index, struct tw_arena *scratch);

/** Of one entry's names with one similarity the best is shown: its own, then what the issuer trusts most. @return 0 is best */
uint32_t tw_list_name_rank(enum tw_name_quality quality);

/** @return the least agreement of names that hits, ppm */
int32_t tw_list_threshold(const struct tw_list_query *query);

/** Whole words of a text that stand in it one behind the other. @param whole,words folded (tw_text_fold) @return false also where one is empty */
bool tw_list_holds_words(struct tw_slice whole, struct tw_slice words);

/** What else is known of two bearers of a name. @param rarity_ppm what is taken off because the name says little, 0 or less @return parts written, at
 * most 4 */
uint32_t tw_list_evidence(const struct tw_list_entry *entry, const struct tw_list_query *query, int32_t rarity_ppm, struct tw_arena *scratch,
                          struct tw_match_part *out);

#endif
