/**
 * @file paper.h
 * Everything that a certificate states beside the numbers of its terms (ledger.h), so that a manifest can be held against it.
 *
 *     paper  'A' revision be64, content hash be64 -> 1, flags, dates, days, texts, transit, licences, signatories, parties, lines
 *
 * Key and version are those of the terms 'T' that the same event states: whichever statement wins, wins in both. Lines stand in the order of
 * the terms' lines. Texts are as received, for an officer to read, and cut at a whole character at TW_PAPER_TEXT_MAX bytes; codes, numbers,
 * makes and models at TW_PAPER_CODE_MAX. A list keeps its first TW_PAPER_LIST_MAX members, and the whole at most TW_PAPER_BYTES_MAX bytes:
 * what is not kept is counted (`more_...`), so that nothing is ever called absent from a list that is not whole. A record keeps the papers of its
 * latest TW_PAPERS_MAX statements when it is folded (fold.c): an ordinary one takes 300 to 600 bytes, all of them at most 192 KiB.
 *
 * Reading is safe on any bytes; a format that this engine does not know is not read.
 * Source: UN Programme of Action on small arms, national report form, elements of an end-user certificate; OSCE FSC.DEC/5/04.
 */
#ifndef TIDEWAITER_ENGINE_STATE_PAPER_H
#define TIDEWAITER_ENGINE_STATE_PAPER_H

#include <tidewaiter/event.h>

#include "engine/state/ledger.h"

/** A country as a number, tw_country_code; 0: none that has two letters. */
struct tw_paper_party {
	enum tw_party_role role; /**< 0: none */
	bool government;
	uint16_t country;
	uint64_t key;         /**< hash of tw_key_party; 0: too little is stated to have one */
	struct tw_slice name; /**< as received */
};

struct tw_paper_signatory {
	struct tw_slice name, position;
	bool signed_stated;
	int32_t signed_on; /**< day since 1970-01-01 */
};

/** One line, numbers and words. */
struct tw_paper_line {
	struct tw_ledger_line terms; /**< line, quantity, unit, value, currency */
	struct tw_slice description, hs, control_code, make, model, calibre;
};

struct tw_paper {
	struct tw_terms terms; /**< of the same statement */
	bool issued_stated, contract_dated;
	int32_t issued, contract_date;
	struct tw_slice authority, office, sha256, paper_number, contract, end_use; /**< empty: not stated */
	/** Assurances: what is not stated is not given. */
	bool no_reexport_stated, no_reexport, consent_stated, consent, verification_stated, verification, verify_days_stated;
	uint32_t verify_within_days;
	const uint16_t *transit;
	uint32_t transit_count;
	const struct tw_slice *licences;
	uint32_t licence_count;
	const struct tw_paper_signatory *signatories;
	uint32_t signatory_count;
	const struct tw_paper_party *parties;
	uint32_t party_count;
	const struct tw_paper_line *lines;
	uint32_t line_count;
	/** Members that the certificate has and the record does not keep. */
	uint32_t more_transit, more_licences, more_signatories, more_parties, more_lines;
};

/** An issue's or amendment's paper as an element. @return false at the arena's ceiling */
bool tw_paper_write(const struct tw_event *event, struct tw_arena *arena, struct tw_element *out);

/**
 * The terms in force: the highest revision, of one revision the latest statement.
 * @param out      written when there are any @param conflict may be NULL; out: one revision is stated with different content
 * @return the element of the terms, NULL: none is on record
 */
const struct tw_element *tw_terms_in_force(const struct tw_state *state, struct tw_terms *out, bool *conflict);

/**
 * The terms that were in force for goods that leave on a day: the latest that had been stated by then; where none had, those in force.
 * @param out written when there are any @return NULL: none is on record
 */
const struct tw_element *tw_terms_of_day(const struct tw_state *state, int64_t day, struct tw_terms *out);
/** The paper of such terms; as tw_terms_paper. @param terms an element of the state */
TW_MUST_USE enum tw_code tw_terms_paper_of(const struct tw_state *state, const struct tw_element *terms, struct tw_arena *arena, struct tw_paper *out,
                                           bool *kept);

/**
 * The paper of the terms in force.
 * @param out lists in the arena, texts pointing into the state's bytes; where the record has terms and no paper of them, the lines have
 *            their numbers alone, and `more_...` is 0 for all lists: ask `*kept`
 * @param kept out: the paper itself is on record @return TW_OK; TW_E_MISSING: no terms; TW_E_MEMORY at the arena's ceiling
 */
TW_MUST_USE enum tw_code tw_terms_paper(const struct tw_state *state, struct tw_arena *arena, struct tw_paper *out, bool *kept);

/** One element's paper; its `terms` are not filled, its lines have no numbers. @return TW_E_MISSING: the element is none, or does not fit */
TW_MUST_USE enum tw_code tw_paper_read(const struct tw_element *element, struct tw_arena *arena, struct tw_paper *out);

#endif
