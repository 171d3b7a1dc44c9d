/**
 * @file list_loader.h
 * Inside the lists: what a loader writes into before anything is believed, and the loaders themselves, from memory.
 *
 *     bytes -> loader -> struct tw_list_stage (one list, its own arena) -> list_builder.c keeps it whole or throws it away
 *
 * A loader never touches the builder: a list that fails half-way leaves with its stage. Loaders read buffers, so that tests and
 * fuzzers need no files.
 */
#ifndef TIDEWAITER_FEEDS_LIST_LOADER_H
#define TIDEWAITER_FEEDS_LIST_LOADER_H

#include "engine/base/arena.h"
#include "feeds/lists.h"

struct tw_reference;

struct tw_stage_entry {
	struct tw_slice id;
	struct tw_slice programme;
	enum tw_entry_kind kind;
	uint32_t line; /* where it starts, for messages */
	uint32_t measures;
	struct tw_list_date listed_on, removed_on;
};

/* Names, identifiers and countries name their entry by its place in `entries`; they come in any order. */
struct tw_stage_name {
	uint32_t entry;
	struct tw_list_name name;
};

struct tw_stage_identifier {
	uint32_t entry;
	struct tw_list_identifier identifier;
};

struct tw_stage_country {
	uint32_t entry;
	uint16_t code;
};

struct tw_stage_birth {
	uint32_t entry;
	struct tw_list_date date;
};

struct tw_stage_address {
	uint32_t entry;
	struct tw_list_address address;
};

struct tw_stage_link {
	uint32_t entry;
	struct tw_list_link link;
};

struct tw_list_stage {
	struct tw_arena arena;   /* everything below */
	struct tw_arena scratch; /* the loader's own, reset as it likes */
	struct tw_slice id;
	struct tw_list entries;     /* struct tw_stage_entry */
	struct tw_list names;       /* struct tw_stage_name */
	struct tw_list identifiers; /* struct tw_stage_identifier */
	struct tw_list countries;   /* struct tw_stage_country */
	struct tw_list births;      /* struct tw_stage_birth */
	struct tw_list addresses;   /* struct tw_stage_address */
	struct tw_list links;       /* struct tw_stage_link */
	struct tw_list_report report;
	const char *limit; /* the bound that was passed when a call below returned false; NULL: there was no memory */
	/* NULL: no country is resolved */
	uint16_t (*country_named)(const struct tw_reference *reference, struct tw_slice name);
	const struct tw_reference *reference;
};

#define TW_LISTS_MAX 64 /* a centre screens against a dozen issuers */

/* What tw_list_index_build reads. Stages live until the builder is freed. */
struct tw_list_builder {
	const struct tw_reference *reference;
	struct tw_list_care care;
	struct tw_list_stage *stage[TW_LISTS_MAX];
	uint32_t stage_count;
};

void tw_list_stage_init(struct tw_list_stage *stage);
void tw_list_stage_fini(struct tw_list_stage *stage);

/* Each copies its text into the stage and returns false when there is no memory left or a bound was passed (`limit`). Blank texts are passed over and
 * return true. */

/** @param id may be set later through tw_list_stage_entry_at @param at its place, for the calls below */
TW_MUST_USE bool tw_list_stage_entry(struct tw_list_stage *stage, struct tw_slice id, enum tw_entry_kind kind, uint32_t line, uint32_t *at);
struct tw_stage_entry *tw_list_stage_entry_at(struct tw_list_stage *stage, uint32_t at);

/** One name, whole. */
TW_MUST_USE bool tw_list_stage_name(struct tw_list_stage *stage, uint32_t entry, struct tw_slice text, enum tw_name_quality quality);

/** For tables, when all is read: primary names before all others, each in its order; an entry without one has its first name as its own. */
TW_MUST_USE bool tw_list_stage_primary_first(struct tw_list_stage *stage);

/** A name element that may hold several names (tw_list_names_in): the first has `quality`, a primary's others are strong. */
TW_MUST_USE bool tw_list_stage_names(struct tw_list_stage *stage, uint32_t entry, struct tw_slice text, enum tw_name_quality quality);

/** @param scheme constant text @param country name or blank */
TW_MUST_USE bool tw_list_stage_identifier(struct tw_list_stage *stage, uint32_t entry, const char *scheme, struct tw_slice value,
                                          struct tw_slice country);

/** Resolve and add; the index keeps each country once; a name that nobody knows is passed over. */
TW_MUST_USE bool tw_list_stage_country(struct tw_list_stage *stage, uint32_t entry, struct tw_slice name);

/** A date that states nothing is passed over. Several are alternatives; one date is kept once. */
TW_MUST_USE bool tw_list_stage_birth(struct tw_list_stage *stage, uint32_t entry, struct tw_list_date date);

/** Address and its country (also among the entry's countries). All blank: passed over. @param parts of `text`, blank ones left out */
TW_MUST_USE bool tw_list_stage_address(struct tw_list_stage *stage, uint32_t entry, const struct tw_slice *parts, uint32_t part_count,
                                       struct tw_slice city, struct tw_slice country);

TW_MUST_USE bool tw_list_stage_link(struct tw_list_stage *stage, uint32_t entry, enum tw_list_relation relation, struct tw_slice to);

/** Count a row, or a part of one, that is passed over. @param reason constant text @param unread a whole entry is lost by it */
void tw_list_stage_skip(struct tw_list_stage *stage, const char *reason, uint32_t line, bool unread);

/** Count the entry in the report by its kind. */
void tw_list_stage_count(struct tw_list_stage *stage, enum tw_entry_kind kind);

/**
 * Which scheme an IMO number in a list belongs to: ships and companies share seven digits and differ in the check digit.
 * @param digits seven digits, anything else is NULL
 * @param kind   of the entry: decides where both check
 * @return "imo", "imo_company", NULL when neither checks
 * Source: IMO, Resolution A.1117(30), ship numbers; IMO, Resolution MSC.160(78), company numbers. The companies' check digit (weights 8 6
 *         4 2 9 7, eleven less the rest by eleven) was confirmed on the company numbers that the UN and OFAC lists state.
 */
const char *tw_list_imo_scheme(struct tw_slice digits, enum tw_entry_kind kind);

/** One file of a list: its name for messages, its bytes. */
struct tw_list_file {
	const char *name;
	struct tw_slice bytes;
};
#define TW_LIST_FILES_MAX 3

/*
 * The readers. Each reads one list from `files`, as many as its format has (list_formats.c), and returns as tw_list_builder_add, with
 * where = file:line; after a failure the stage is only good for tw_list_stage_fini. An entry that cannot be read is passed over with its line and
 * cause (tw_list_stage_skip); what says that the file is not what it should be (another number of columns, not well-formed, cut off) refuses it.
 */
TW_MUST_USE enum tw_code tw_un_xml_load(struct tw_list_stage *stage, const struct tw_list_file *files, struct tw_error *err);
TW_MUST_USE enum tw_code tw_uk_json_load(struct tw_list_stage *stage, const struct tw_list_file *files, struct tw_error *err);
TW_MUST_USE enum tw_code tw_eu_json_load(struct tw_list_stage *stage, const struct tw_list_file *files, struct tw_error *err);
TW_MUST_USE enum tw_code tw_ftm_json_load(struct tw_list_stage *stage, const struct tw_list_file *files, struct tw_error *err);
TW_MUST_USE enum tw_code tw_ofac_xml_load(struct tw_list_stage *stage, const struct tw_list_file *files, struct tw_error *err);
TW_MUST_USE enum tw_code tw_ofac_advanced_xml_load(struct tw_list_stage *stage, const struct tw_list_file *files, struct tw_error *err);
TW_MUST_USE enum tw_code tw_eu_xml_load(struct tw_list_stage *stage, const struct tw_list_file *files, struct tw_error *err);
TW_MUST_USE enum tw_code tw_uk_xml_load(struct tw_list_stage *stage, const struct tw_list_file *files, struct tw_error *err);
TW_MUST_USE enum tw_code tw_ofac_csv_load(struct tw_list_stage *stage, const struct tw_list_file *files, struct tw_error *err);
TW_MUST_USE enum tw_code tw_ofsi_csv_load(struct tw_list_stage *stage, const struct tw_list_file *files, struct tw_error *err);
TW_MUST_USE enum tw_code tw_bis_dpl_load(struct tw_list_stage *stage, const struct tw_list_file *files, struct tw_error *err);
TW_MUST_USE enum tw_code tw_uk_csv_load(struct tw_list_stage *stage, const struct tw_list_file *files, struct tw_error *err);
TW_MUST_USE enum tw_code tw_opensanctions_csv_load(struct tw_list_stage *stage, const struct tw_list_file *files, struct tw_error *err);
TW_MUST_USE enum tw_code tw_eu_csv_load(struct tw_list_stage *stage, const struct tw_list_file *files, struct tw_error *err);
TW_MUST_USE enum tw_code tw_watch_csv_load(struct tw_list_stage *stage, const struct tw_list_file *files, struct tw_error *err);

/** What a format is: its word, its files, its reader. */
struct tw_list_format_row {
	enum tw_list_format format;
	const char *word;
	/* Files beside the first, where the format has several: names in the same folder. Each row is one set; the first one whose main file is the
	 * configured one, or stands in the configured folder, is taken. */
	const char *beside[2][TW_LIST_FILES_MAX];
	enum tw_code (*load)(struct tw_list_stage *stage, const struct tw_list_file *files, struct tw_error *err);
};
/** @return NULL for an unknown format */
const struct tw_list_format_row *tw_list_format_row(enum tw_list_format format);

/** What the EU calls a kind of document, "passport", "regnumber". @return a scheme of tw_list_index_identify; NULL: it says nothing of the number */
const char *tw_eu_document_scheme(struct tw_slice code, enum tw_entry_kind kind);

/** What OFAC writes into one entry's remarks: other names, identifiers, nationalities. @return false when there is no memory left */
TW_MUST_USE bool tw_ofac_remarks(struct tw_list_stage *stage, uint32_t entry, struct tw_slice remarks);

/** A number and the name of its type as OFAC's XML has them apart. @param known whether the type is an identifier @return as tw_ofac_remarks */
TW_MUST_USE bool tw_ofac_identifier(struct tw_list_stage *stage, uint32_t entry, struct tw_slice type, struct tw_slice number,
                                    struct tw_slice country, bool *known);

#endif
