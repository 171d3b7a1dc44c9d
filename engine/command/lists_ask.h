/**
 * @file lists_ask.h
 * One name, with its number or without, asked of the lists, and everything that explains the answer. Pure: no clock, no I/O.
 *
 *     index hits --> those of the day asked for --> those that the known good leaves --> strict order --> the first `limit`
 *                          \-> set aside: shown as such, with the reason <-/
 */
#ifndef TIDEWAITER_ENGINE_COMMAND_LISTS_ASK_H
#define TIDEWAITER_ENGINE_COMMAND_LISTS_ASK_H

#include "engine/command/lists_number.h"
#include "engine/emit/json.h"
#include "feeds/known_good.h"
#include "feeds/list_entry.h"

/** Of a feature that the query states. */
enum tw_agreement { TW_NOT_ASKED = 0, TW_AGREES, TW_CONTRADICTS, TW_UNDECIDED, TW_ENTRY_SILENT };

struct tw_lists_query {
	struct tw_slice name; /**< empty: only the number is asked */
	struct tw_lists_number
	    number;              /**< the party's: finds entries of any kind, and adds to a name that hits; without a scheme, of any; may be empty */
	bool any_kind;           /**< persons, organisations, vessels, aircraft, and numbers; `kind` is not looked at */
	enum tw_entry_kind kind; /**< UNKNOWN: persons and organisations */
	uint16_t country;        /**< 0: not stated */
	struct tw_list_date birth;
	struct tw_slice address; /**< as written, its town in it; entries at it are hits too; may be empty */
	struct tw_list_date on;  /**< year 0: whatever is in the lists */
	uint32_t similarity_min_ppm;
	uint32_t limit;             /**< most hits that are given, 0: all */
	int32_t day;                /**< that decisions of the known good must count on */
	struct tw_list_memo *memo;  /**< of the index, NULL: one is made for each search */
	struct tw_slice identifier; /**< another number of the party, for the known good; may be empty */
};

struct tw_lists_hit {
	struct tw_match match;
	struct tw_list_entry entry;
	const struct tw_known_good_row *known;         /**< the decision that hides it, else NULL */
	const struct tw_known_good_row *known_expired; /**< the one that would, had it not run out; else NULL */
	enum tw_listed listed;                         /**< on the day asked for; 0: none was */
	enum tw_agreement country, birth, address, identifier;
	bool name_too; /**< a hit by number whose entry the name hits as well */
};

/** In the arena. A hit that is set aside is not among `hit`. */
struct tw_lists_answer {
	struct tw_lists_hit *hit; /**< by similarity descending, list, entry, basis */
	uint32_t count;
	uint32_t found;             /**< hits before the limit */
	struct tw_lists_hit *aside; /**< hidden by the known good, or not listed on the day */
	uint32_t aside_count;
};

/** @return TW_OK (no hit is TW_OK), TW_E_LIMIT (a name too long), TW_E_MEMORY */
TW_MUST_USE enum tw_code tw_lists_ask(const struct tw_list_index *index, const struct tw_known_good *known, const struct tw_lists_query *query,
                                      struct tw_arena *arena, struct tw_lists_answer *out, struct tw_error *err);

/** @return "" for NOT_ASKED, "agrees", "contradicts", "counts neither way", "entry states none" */
const char *tw_agreement_name(enum tw_agreement agreement);
/** @return "listed", "unknown", "not yet", "no more" */
const char *tw_listed_name(enum tw_listed listed);

/** "person" ..., "company", "ship"; "any" and empty: any. @return false for another word */
bool tw_lists_kind_read(struct tw_slice word, struct tw_lists_query *query);
/** Two letters, or empty. */
bool tw_lists_country_read(struct tw_slice text, struct tw_lists_query *query);
/** A date as far as it is known, or empty. */
bool tw_lists_birth_read(struct tw_slice text, struct tw_lists_query *query);

/** One hit as a JSON object. @param all every name of the entry too */
void tw_lists_hit_json(struct tw_json *json, const struct tw_lists_hit *hit, bool all, struct tw_arena *arena);
/** Members "hits", "found", "set_aside", "identifier_doubt" of an object that is open. */
void tw_lists_answer_json(struct tw_json *json, const struct tw_lists_query *query, const struct tw_lists_answer *answer, bool all, struct tw_arena *arena);

#endif
