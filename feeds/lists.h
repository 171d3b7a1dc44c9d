/**
 * @file lists.h
 * Sanctions lists: from the issuers' own files to one immutable index that a name or a number is screened against.
 *
 *     *_xml.c    --\
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

/** Formats a configuration may name; the words are list_formats.c's. Each is one column map or path map over a reader of its kind of file. */
enum tw_list_format {
	TW_LIST_UN_XML = 1,         /**< "un-xml": UN Security Council consolidated list */
	TW_LIST_OFAC_CSV,           /**< "ofac-csv": sdn.csv with alt.csv and add.csv beside it, or cons_prim.csv with cons_alt.csv, cons_add.csv */
	TW_LIST_OFAC_XML,           /**< "ofac-xml": the sdnList schema, SDN and non-SDN */
	TW_LIST_OFAC_ADVANCED_XML,  /**< "ofac-advanced-xml": the "advanced" schema, SDN and non-SDN */
	TW_LIST_EU_XML,             /**< "eu-xml": EU consolidated financial sanctions, XML 1.1 */
	TW_LIST_EU_CSV,             /**< "eu-csv": the same, CSV 1.1 */
	TW_LIST_EU_JSONL,           /**< "eu-jsonl": the same fields, one entity a line */
	TW_LIST_UK_XML,             /**< "uk-xml": UK Sanctions List */
	TW_LIST_UK_JSONL,           /**< "uk-jsonl": the same fields, one designation a line */
	TW_LIST_UK_CSV,             /**< "uk-csv": UK Sanctions List */
	TW_LIST_OFSI_CSV,           /**< "ofsi-csv": OFSI ConList of 29 columns (cp1252) or 36 */
	TW_LIST_BIS_DPL,            /**< "bis-dpl": Denied Persons List, tab separated */
	TW_LIST_FTM,                /**< "ftm": FollowTheMoney entities, one a line */
	TW_LIST_OPENSANCTIONS_JSON, /**< "targets-nested": OpenSanctions targets.nested.json */
	TW_LIST_OPENSANCTIONS_CSV,  /**< "targets-simple": OpenSanctions targets.simple.csv */
	TW_LIST_WATCH_CSV,          /**< "watch-csv": the centre's own list, columns by header */
};

/** @return the measures in fixed order: "arms embargo, asset freeze"; in `arena`; {NULL, 0} at its ceiling */
struct tw_slice tw_list_measures_text(uint32_t measures, struct tw_arena *arena);

/** One listed address, as issued. */
struct tw_list_address {
	struct tw_slice text; /**< all of it but the country, parts with ", " between them; may be empty */
	struct tw_slice city; /**< may be empty */
	uint16_t country;     /**< 0: not stated or not known */
};

enum tw_list_relation { TW_LINK_OTHER = 0, TW_LINK_OWNED_BY, TW_LINK_OPERATED_BY, TW_LINK_ACTING_FOR, TW_LINK_FAMILY, TW_LINK_SUBSIDIARY_OF };

/** A stated relation of an entry to another one of its list, or to a name. */
struct tw_list_link {
	enum tw_list_relation relation;
	struct tw_slice to; /**< the other's reference where the issuer gives one, else its name */
};

/** One listed name, as issued. */
struct tw_list_name {
	struct tw_slice text;
	enum tw_name_quality quality;
};

/** One listed number, as issued; `scheme` is one of the words of tw_list_index_identify. */
struct tw_list_identifier {
	struct tw_slice scheme;
	struct tw_slice value;
	uint16_t country; /**< tw_country_code of the issuing country, 0: not stated or not known */
};

/** One entry with everything that is known of it, as a view: it borrows from the index, and the functions below read what it has several of. */
struct tw_list_entry {
	const struct tw_list_index *index;
	uint32_t rank; /**< its place in the index */
	struct tw_slice list;
	struct tw_slice id;
	struct tw_slice programme;
	enum tw_entry_kind kind;
	uint32_t name_count, identifier_count, address_count, link_count;
	const uint16_t *countries; /**< tw_country_code: nationalities, addresses, flag; each once */
	uint32_t country_count;
	const struct tw_list_date *births; /**< in the issuer's order: several dates are alternatives */
	uint32_t birth_count;
	uint32_t measures; /**< enum tw_list_measure; 0: the issuer states none */
	struct tw_list_date listed_on, removed_on;
};

/** What an entry has, in the issuer's order, the primary name first. @param at below name_count, identifier_count ... @return borrows from the index
 */
struct tw_list_name tw_list_entry_name(const struct tw_list_entry *entry, uint32_t at);
struct tw_list_identifier tw_list_entry_identifier(const struct tw_list_entry *entry, uint32_t at);
struct tw_list_address tw_list_entry_address(const struct tw_list_entry *entry, uint32_t at);
struct tw_list_link tw_list_entry_link(const struct tw_list_entry *entry, uint32_t at);

/** One configured list. For ofac-csv `path` is the folder or sdn.csv; alt.csv and add.csv stand beside it. */
struct tw_list_source {
	const char *id; /**< "un-sc": what alerts and rules call it */
	enum tw_list_format format;
	const char *path;
	uint32_t entries_min;    /**< fewer entries than this refuse the list (0: at least one) */
	uint32_t unread_ppm_max; /**< more unread rows than this share of all refuse the list; 0: none may be unread */
	uint32_t shrink_ppm_max; /**< fewer entries than the last good one by more than this share of it refuse the list; 1,000,000: never */
	uint32_t age_days_max;   /**< alerts that used it more than so many days after its own date warn; 0: not asked. Nothing here reads it */
};
#define TW_LIST_SHRINK_PPM                                                                                                                           \
	200000U /* a configuration that says nothing: a fifth. Real lists lose a few entries a day; a file cut short loses most                      \
	         */

#define TW_LIST_SKIPS_MAX 24 /* reasons, constant texts of the readers */

/** Rows or parts of rows that were passed over for one reason. */
struct tw_list_skip {
	const char *reason; /**< constant text: "an alias without a name" */
	uint32_t count;
	uint32_t first_line; /**< of the first file it happened in; 0: no line of it */
	bool unread;         /**< a whole entry was lost by it: counts against unread_ppm_max; else a part that is empty or has no place */
};

/** `id` and `date` live until the builder is freed. */
struct tw_list_report {
	struct tw_slice id;
	enum tw_list_format format;
	struct tw_slice date; /**< as the issuer states it, else empty */
	char digest[65];      /**< hex SHA-256 over the source files' bytes, in load order */
	uint32_t persons, organisations, vessels, aircraft, others;
	uint32_t names, identifiers, addresses;      /**< names count each spelling that an element holds ("A; B" is two) */
	uint32_t orphans;                            /**< alias or address rows whose entry is not in the file */
	uint32_t blank_names;                        /**< empty alias elements */
	struct tw_list_skip skip[TW_LIST_SKIPS_MAX]; /**< in the order of their first appearance */
	uint32_t skip_count;
	uint32_t cut_remarks;   /**< remarks that the issuer's own field width cut: what stood last in them is left out */
	int32_t day;            /**< of `date`; INT32_MIN: none is stated, or it is no date */
	struct tw_error stale;  /**< why the last good copy stands in for the configured files; code TW_OK: it does not */
	struct tw_error unkept; /**< why this list could not be kept as a last good copy; code TW_OK: it was, or nobody asked */
};

/** @param reference resolves country names to codes; borrowed until the builder is freed; NULL: entries have no countries */
TW_MUST_USE enum tw_code tw_list_builder_new(const struct tw_reference *reference, struct tw_list_builder **out, struct tw_error *err);
void tw_list_builder_free(struct tw_list_builder *builder);

/** A list as it is in use. */
struct tw_list_former {
	struct tw_slice id;
	uint32_t entries;
};

/** What a list is held against, and what stands in for it; all borrowed until the builder is freed. */
struct tw_list_care {
	const char *folder;                  /**< of last good copies (list_keep.h); NULL or empty: none */
	bool write;                          /**< keep what loads well; false: only read what is there */
	const struct tw_list_former *former; /**< where no copy is kept: what is in use now is the last good one */
	uint32_t former_count;
};
/** From here on, lists are held against the last good ones. */
void tw_list_builder_care(struct tw_list_builder *builder, const struct tw_list_care *care);

/**
 * Read one list and add it; with tw_list_builder_care, a list that is refused is replaced by its last good copy where there is one
 * (`report->stale` says why), and one that is good is kept.
 * @param report written only on TW_OK
 * @return TW_OK; TW_E_MISSING (no such file, an entry without its reference or name, fewer entries than entries_min), TW_E_SYNTAX,
 *         TW_E_CONFLICT (a list id or an entry id twice), TW_E_TYPE (not a regular file), TW_E_UNKNOWN (format), TW_E_LIMIT (too large; shrank too
 * much), TW_E_IO, TW_E_MEMORY, with where = file:line. On failure the builder is as before
 */
TW_MUST_USE enum tw_code tw_list_builder_add(struct tw_list_builder *builder, const struct tw_list_source *source, struct tw_list_report *report,
                                             struct tw_error *err);

/** Build the index and consume the builder's contents (free it afterwards). */
TW_MUST_USE enum tw_code tw_list_index_build(struct tw_list_builder *builder, struct tw_list_index **out, struct tw_error *err);
void tw_list_index_free(struct tw_list_index *index);

/** Index of a configured list by id, for rules that name one. @return false when no list of that id is loaded */
bool tw_list_index_has(const struct tw_list_index *index, struct tw_slice list_id);

/** Look one entry up by its list and the issuer's reference. @param out borrows from the index @return false when there is none */
bool tw_list_index_entry(const struct tw_list_index *index, struct tw_slice list_id, struct tw_slice entry_id, struct tw_list_entry *out);

/** A number that a queried party states. */
struct tw_list_number {
	struct tw_slice scheme;
	struct tw_slice value;
};

/* Names that agree less than this are no hit. Source: bench/quality, tuning half: from 860,000 to 800,000 the recall of persons without their second
 * name rises by 0.08 at as many false alarms, since those of a low similarity are left out. */
#define TW_LIST_NAME_PPM_MIN 800000
/* A hit by name whose similarity, with all that is known of the two, is below this is none. Source: bench/quality, tuning half: it leaves 0.5% of the
 * persons that nobody listed, and 1% of the firms' recall falls with it. */
#define TW_LIST_SIMILARITY_PPM_MIN 460000

struct tw_list_memo;

/** Entries that are no hits for whoever is asked about: they take no place among the first TW_HITS_MAX. */
struct tw_list_filter {
	/** A matter of the entry alone while one search lasts. Asked of entries that agree, in no useful order, and no more where the answer was
	 *  yes; the arena of the search may be used if it is rewound. */
	bool (*hides)(void *context, struct tw_slice list, struct tw_slice entry);
	void *context;
	uint32_t hidden; /**< entries hidden, added up over searches */
};

/** What is asked of the index. All borrowed for the call; only `name` is needed. */
struct tw_list_query {
	struct tw_slice name;      /**< UTF-8, at most TW_NAME_BYTES_MAX */
	enum tw_entry_kind kind;   /**< what the name belongs to: TW_ENTRY_VESSEL meets vessels only, PERSON and ORGANISATION meet both (manifests
	                                mix them up) but never vessels; UNKNOWN meets persons and organisations; AIRCRAFT meets aircraft only, by
	                                registration mark */
	const uint16_t *countries; /**< tw_country_code of nationality, residence, flag */
	uint32_t country_count;
	const struct tw_list_date *births; /**< several are alternatives */
	uint32_t birth_count;
	const struct tw_list_address *addresses;
	uint32_t address_count;
	const struct tw_list_number *numbers;
	uint32_t number_count;
	uint32_t name_ppm_min;         /**< 0: TW_LIST_NAME_PPM_MIN, and no hit by name is below TW_LIST_SIMILARITY_PPM_MIN; else all that agree
	                                    so much hit */
	struct tw_list_filter *filter; /**< NULL: nothing is hidden */
	struct tw_list_memo *memo;     /**< this thread's; NULL: one is made for the call, which costs far more than the search */
};

/** What one thread remembers of an index, and its marks: some 15 MB and 16 bytes a name. @param index must outlive it */
TW_MUST_USE enum tw_code tw_list_memo_new(const struct tw_list_index *index, struct tw_list_memo **out, struct tw_error *err);
void tw_list_memo_free(struct tw_list_memo *memo);
/** Forget what was remembered: the next search is as slow as a first one. For measuring. */
void tw_list_memo_forget(struct tw_list_memo *memo);
/** Forget whole names and what they met, but not their words: the next search is that of a new name of known words. For measuring. */
void tw_list_memo_forget_names(struct tw_list_memo *memo);

/**
 * Screen one name, with what else is known of its bearer, against the index.
 * @param index borrowed, immutable, shared by all workers
 * @param arena the batch's arena; hits live until its reset
 * @param out   written only on TW_OK; by similarity_ppm descending, then list id, entry id (a strict order), the first TW_HITS_MAX of them.
 *              Only the snapshot half of each match and basis, scheme, similarity, parts are filled
 * @return TW_OK (no hit is TW_OK), TW_E_LIMIT past TW_NAME_BYTES_MAX, TW_E_MEMORY. No I/O, so never retriable.
 * Threads: any, one arena and one memo a thread.
 *
 * What hits: names whose keys are equal (feeds/name.h), and all whose tokens agree at name_ppm_min or more (name_compare.h); the answer is
 * the one that comparing with every listed name would give. One hit an entry, its best name. The name alone gives an equal one 870,000 to
 * 940,000, by how much it says, and another one less than 880,000; a name that the issuer itself calls weak 100,000 less. Country,
 * birth date, address and numbers add where they agree, up to 1,000,000; country, birth date and address take off where they contradict.
 */
TW_MUST_USE enum tw_code tw_list_index_search(const struct tw_list_index *index, const struct tw_list_query *query, struct tw_arena *arena,
                                              struct tw_matches *out, struct tw_error *err);

/** tw_list_index_search with a name alone, and no memo. */
TW_MUST_USE enum tw_code tw_list_index_screen(const struct tw_list_index *index, struct tw_slice name, enum tw_entry_kind kind,
                                              struct tw_arena *arena, struct tw_matches *out, struct tw_error *err);

/**
 * Screen where somebody is: entries with a listed address that is query->addresses' own, whatever they are called.
 * @param query addresses, countries, births, numbers, filter and memo are asked; name and kind are not. Without a memo nothing is remembered
 * @return as tw_list_index_search, with basis TW_MATCH_ADDRESS, name the listed address as issued, one hit an entry, its best address. The similarity
 *         is at most 500,000 for the address, and what country, birth date and numbers add or take off: below every equal name
 *
 * What hits: addresses with a number and a word of one key (address_key.h) that agree at TW_LIST_PLACE_PPM_MIN or more, in countries and towns that
 * do not differ where both state them. Never a town, a postcode or a letter box alone; a misspelt street is found by its other words or not at all.
 */
TW_MUST_USE enum tw_code tw_list_index_locate(const struct tw_list_index *index, const struct tw_list_query *query, struct tw_arena *arena,
                                              struct tw_matches *out, struct tw_error *err);
/* Source: project's choice: one short word more or less, and no number that differs. */
#define TW_LIST_PLACE_PPM_MIN 900000

/**
 * Screen one identifier.
 * @param scheme "imo", "imo_company", "mmsi", "call_sign", "passport", "national_id", "registration", "tax", "duns", "bic", "bik",
 *               "tail_number", "aircraft_serial", "transponder", or a usual synonym ("vat", "tin", "company_number" ...), and those that stand
 *               alone meet "identifier" too, a listed number of which the list does not say what it is; another word meets nothing; empty meets every
 * scheme but imo, imo_company, mmsi and call_sign, whose values are too short to stand alone
 * @param value  compared after tw_text_alnum; fewer than 5 characters never hit
 * @return as tw_list_index_search; similarity 1,000,000, quality TW_NAME_PRIMARY, name the listed number as issued
 */
TW_MUST_USE enum tw_code tw_list_index_identify(const struct tw_list_index *index, struct tw_slice scheme, struct tw_slice value,
                                                struct tw_arena *arena, struct tw_matches *out, struct tw_error *err);
/** The same without the entries that are hidden. @param filter NULL: none is */
TW_MUST_USE enum tw_code tw_list_index_identify_but(const struct tw_list_index *index, struct tw_slice scheme, struct tw_slice value,
                                                    struct tw_list_filter *filter, struct tw_arena *arena, struct tw_matches *out,
                                                    struct tw_error *err);

/** @return 0 for an unknown name */
enum tw_list_format tw_list_format_find(struct tw_slice name);
/** @return the word of a configuration; "?" for none */
const char *tw_list_format_name(enum tw_list_format format);
/** @return by number from 0; 0 behind the last: for help texts and nearest names */
enum tw_list_format tw_list_format_at(uint32_t number);
/** @return whether a list of this format is several files, which stand beside the one that a configuration names */
bool tw_list_format_has_parts(enum tw_list_format format);
/** Entries, names, identifiers and bytes held, for `check` and the memory figure. */
struct tw_list_stat {
	uint32_t lists, entries, names, identifiers;
	uint64_t bytes;
};
struct tw_list_stat tw_list_index_stat(const struct tw_list_index *index);

#endif
