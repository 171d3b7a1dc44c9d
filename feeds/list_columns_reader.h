/**
 * @file list_columns_reader.h
 * What the parts of list_columns.c share: the reader of one table, the set of what was seen, fields by meaning, facts of a row.
 * Private to list_columns*.c. Slices point into the file's bytes, or into the stage's arenas. A reader belongs to one thread.
 */
#ifndef TW_FEEDS_LIST_COLUMNS_READER_H
#define TW_FEEDS_LIST_COLUMNS_READER_H

#include "engine/base/hash.h"
#include "feeds/csv.h"
#include "feeds/list_columns.h"

#define TW_COLUMNS_NOBODY UINT32_MAX

struct tw_columns_seen {
	struct tw_hash128 key; /**< {0, 0}: free */
	uint32_t entry;        /**< TW_COLUMNS_NOBODY until one is made */
};

struct tw_columns_reader {
	struct tw_list_stage *stage;
	const struct tw_column_map *map;
	struct tw_csv csv;
	const struct tw_column *column[TW_CSV_FIELDS_MAX]; /**< NULL: the map does not name it */
	struct tw_columns_seen *seen;                      /**< open addressing, `room` is a power of two */
	uint32_t room, used;
};

/** Whether `text` is `word` in any case of ASCII. */
bool tw_columns_same_word(struct tw_slice text, const char *word);

/** @return offset in bytes of `word` in any case of ASCII, text.len when it is not there */
uint32_t tw_columns_find_word(struct tw_slice text, const char *word);

/** The slot of (entry, what, text); a new one has `*fresh` and entry TW_COLUMNS_NOBODY. It may move at the next call. @return NULL: no memory */
struct tw_columns_seen *tw_columns_look_up(struct tw_columns_reader *reader, uint32_t entry, const char *what, struct tw_slice text, bool *fresh);

/** `*fresh`: the entry did not have this fact yet. @return false: no memory */
bool tw_columns_is_new(struct tw_columns_reader *reader, uint32_t entry, const char *what, struct tw_slice text, bool *fresh);

/** @return the row's first field of that meaning, trimmed; empty when there is none */
struct tw_slice tw_columns_field(const struct tw_columns_reader *reader, enum tw_column_meaning meaning);

/** The row's fields of that meaning that are not blank, trimmed. @param out room for TW_CSV_FIELDS_MAX @return their number */
uint32_t tw_columns_fields(const struct tw_columns_reader *reader, enum tw_column_meaning meaning, struct tw_slice *out);

/** @return the product's word for a scheme that the centre's own list may name, NULL for any other */
const char *tw_columns_scheme(struct tw_slice text);

/** The row's name, of the quality that its columns say; an empty one adds nothing. @return false: no memory, or stage->limit says which bound */
bool tw_columns_add_name(struct tw_columns_reader *reader, uint32_t entry, struct tw_slice name);

/** Births, countries, identifiers, further names and the address of the row, each once an entry. @return false: as tw_columns_add_name */
bool tw_columns_add_fields(struct tw_columns_reader *reader, uint32_t entry);

#endif
