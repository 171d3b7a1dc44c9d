/**
 * @file list_entry.h
 * An entry in words: for people who try a name, and for comparing two editions of a list field by field.
 */
#ifndef TIDEWAITER_FEEDS_LIST_ENTRY_H
#define TIDEWAITER_FEEDS_LIST_ENTRY_H

#include <stdio.h>

#include "feeds/lists.h"

#define TW_LIST_DATE_BYTES 24 /* "circa 1955-03-12" and terminator */

/** What an entry states, as sets of texts. */
enum tw_list_field {
	TW_LIST_KIND = 0,
	TW_LIST_PROGRAMME,
	TW_LIST_NAMES,
	TW_LIST_IDENTIFIERS,
	TW_LIST_COUNTRIES,
	TW_LIST_BIRTHS,
	TW_LIST_ADDRESSES,
	TW_LIST_LINKS,
	TW_LIST_MEASURES,
	TW_LIST_LISTED_ON,
	TW_LIST_REMOVED_ON,
	TW_LIST_FIELDS,
};

/** Whether an entry was listed on a day; UNKNOWN where a date is not stated, or not to the day that would decide. */
enum tw_listed { TW_LISTED_THEN = 1, TW_LISTED_UNKNOWN, TW_LISTED_NOT_YET, TW_LISTED_NO_MORE };

/** @return "person", "unknown" ...; never NULL */
const char *tw_entry_kind_name(enum tw_entry_kind kind);
/** @return "primary", "original script" ...; never NULL */
const char *tw_name_quality_name(enum tw_name_quality quality);
/** @param field below TW_LIST_FIELDS @return "names", "listed on" ... */
const char *tw_list_field_name(enum tw_list_field field);
/** @return `out`: "1962", "1962-03", "circa 1962-03-12"; empty when no year is stated */
const char *tw_list_date_text(struct tw_list_date date, char out[TW_LIST_DATE_BYTES]);

/** Walk an index: entries by list id, then entry id. @param out borrows from the index @return false behind the last one */
bool tw_list_index_at(const struct tw_list_index *index, uint32_t rank, struct tw_list_entry *out);

/** @param day whole: year, month and day. The day of removal is not a day of listing */
enum tw_listed tw_list_entry_on(const struct tw_list_entry *entry, struct tw_list_date day);

/**
 * One field as texts, in the issuer's order: "BADEGE, Eric (primary)", "imo 9074729 XA".
 * @param out struct tw_slice, in `arena` or borrowed from the entry
 * @return false when the arena is at its ceiling
 */
TW_MUST_USE bool tw_list_field_texts(const struct tw_list_entry *entry, enum tw_list_field field, struct tw_arena *arena, struct tw_list *out);

#endif
