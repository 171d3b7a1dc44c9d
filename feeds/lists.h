/**
 * @file lists.h
 * Sanctions lists: from the issuers' own files to one immutable index that a name or a number is screened against.
 *
 *     un_xml.c   --\
 *                   >-- struct tw_list_builder --> tw_list_index (immutable, shared)
 *     ofac_csv.c --/         entries, names, identifiers, countries
 *
 * A loader is all or nothing: a file that cannot be read whole is refused with file, line and cause, and nothing of it is added.
 * A *report* says what was read, by kind, and what was passed over, by reason: nothing is dropped silently.
 */
#ifndef TIDEWAITER_FEEDS_LISTS_H
#define TIDEWAITER_FEEDS_LISTS_H

#include <tidewaiter/error.h>
#include <tidewaiter/match.h>

struct tw_arena;
struct tw_list_builder;
struct tw_list_index;
struct tw_reference;

/** Formats a configuration may name (tw_list_format_find): "un-xml", "ofac-csv". */
enum tw_list_format { TW_LIST_UN_XML = 1, TW_LIST_OFAC_CSV };

/** One configured list. For ofac-csv `path` is the folder or sdn.csv; alt.csv and add.csv stand beside it. */
struct tw_list_source {
	const char *id; /**< "un-sc": what alerts and rules call it */
	enum tw_list_format format;
	const char *path;
	uint32_t entries_min; /**< fewer entries than this refuse the list (0: at least one) */
};

struct tw_list_report {
	struct tw_slice id;
	struct tw_slice date;      /**< as the issuer states it, else empty */
	char digest[65];           /**< hex SHA-256 over the source files' bytes, in load order */
	uint32_t persons, organisations, vessels, aircraft, others;
	uint32_t names, identifiers, addresses;
	uint32_t orphans;          /**< alias or address rows whose entry is not in the file */
	uint32_t blank_names;      /**< empty alias elements */
};

TW_MUST_USE enum tw_code tw_list_builder_new(const struct tw_reference *reference, struct tw_list_builder **out, struct tw_error *err);
void tw_list_builder_free(struct tw_list_builder *builder);

/**
 * Read one list and add it.
 * @param reference of the builder: resolves country names to codes; borrowed until the builder is freed
 * @return TW_OK; TW_E_IO, TW_E_SYNTAX, TW_E_LIMIT, TW_E_MISSING with where = file:line. On failure the builder is as before
 */
TW_MUST_USE enum tw_code tw_list_builder_add(struct tw_list_builder *builder, const struct tw_list_source *source, struct tw_list_report *report,
                                             struct tw_error *err);

/** Build the index and consume the builder's contents (free it afterwards). */
TW_MUST_USE enum tw_code tw_list_index_build(struct tw_list_builder *builder, struct tw_list_index **out, struct tw_error *err);
void tw_list_index_free(struct tw_list_index *index);

/** Index of a configured list by id, for rules that name one. @return false when no list of that id is loaded */
bool tw_list_index_has(const struct tw_list_index *index, struct tw_slice list_id);

/**
 * Screen one name against the index.
 * @param index borrowed, immutable, shared by all workers
 * @param name  borrowed, UTF-8, at most TW_NAME_BYTES_MAX
 * @param kind  what the name belongs to: TW_ENTRY_VESSEL meets vessels only, PERSON and ORGANISATION meet both (manifests mix them
 *              up) but never vessels; UNKNOWN meets persons and organisations
 * @param arena the batch's arena; hits live until its reset
 * @param out   written only on TW_OK; by similarity_ppm descending, then list id, entry id (stable). Only the snapshot half of each
 *              match and basis, scheme, similarity are filled
 * @return TW_OK (no hit is TW_OK), TW_E_LIMIT past TW_NAME_BYTES_MAX. No I/O, so never retriable.
 * Threads: any, one arena a thread.
 * Source: exact equality of the folded token multiset without company forms; one hit an entry, its best name.
 */
TW_MUST_USE enum tw_code tw_list_index_screen(const struct tw_list_index *index, struct tw_slice name, enum tw_entry_kind kind, struct tw_arena *arena,
                                              struct tw_matches *out, struct tw_error *err);

/**
 * Screen one identifier.
 * @param scheme "imo", "passport", "registration", "tax", "mmsi", "call_sign" or any word; empty meets every scheme but imo and mmsi,
 *               whose numbers are too short to stand alone
 * @param value  compared after tw_text_alnum; fewer than 5 characters never hit
 */
TW_MUST_USE enum tw_code tw_list_index_identify(const struct tw_list_index *index, struct tw_slice scheme, struct tw_slice value,
                                                struct tw_arena *arena, struct tw_matches *out, struct tw_error *err);

/** @return 0 for an unknown name */
enum tw_list_format tw_list_format_find(struct tw_slice name);
/** Entries, names, identifiers and bytes held, for `check` and the memory figure. */
struct tw_list_stat {
	uint32_t entries, names, identifiers;
	uint64_t bytes;
};
struct tw_list_stat tw_list_index_stat(const struct tw_list_index *index);

#endif
