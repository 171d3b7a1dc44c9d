/**
 * @file paper_links.h
 * What a certificate leaves on other records than its own: on those of its document, and of whoever receives the goods.
 *
 *     document     'B' certificate key -> nothing           on the record of a document hash, and of an issuer's paper number
 *                                      -> final destination on the records of an exporter's contract, and of licences of his country
 *     shared       'b' key of the document or paper -> nothing    on the record of a certificate: another one has it too
 *     undertaking  'E' certificate key -> flags, final destination, headings, exporters    on the records of its end-user and consignees
 *
 * Both have the version of the terms that say so: an amendment takes the place of what was stated. Of undertakings a record keeps the latest
 * TW_UNDERTAKINGS_MAX, each with at most TW_UNDERTAKING_HEADINGS headings of its goods; one whose goods have none, or more, is about all goods.
 *
 * One document or printed paper on two certificates is a copy. Whichever of the two comes second at its record finds the other, and says so to
 * both: fact.paper_shared, judged as certificate.paper_shared, with the consignments that drew before; those that draw later ask the certificate.
 * What it leaves depends on no order, and is said again whenever one of them is stated again: it changes nothing then, and rules ask whether
 * it was known. Of a document on very many certificates each hears of it at least once, and TW_PAPER_SHARERS_MAX of them every time.
 *
 * Source: UN, MOSAIC 03.21; OSCE, FSC.DEC/5/04: assurances on re-export are elements of an end-user certificate.
 */
#ifndef TIDEWAITER_ENGINE_STATE_PAPER_LINKS_H
#define TIDEWAITER_ENGINE_STATE_PAPER_LINKS_H

#include <tidewaiter/event.h>

#include "engine/state/mentions.h"

struct tw_history_answer;
struct tw_priors;
struct tw_question;

#define TW_UNDERTAKING_HEADINGS  8U
#define TW_UNDERTAKING_EXPORTERS 4U
#define TW_PAPER_SHARERS_MAX     16U

struct tw_undertaking {
	struct tw_slice certificate; /**< its key */
	bool no_reexport, consent;   /**< not at all; only after asking */
	uint16_t destination;        /**< 0: not stated */
	uint16_t heading[TW_UNDERTAKING_HEADINGS];
	uint32_t headings; /**< 0: all goods */
	struct {
		uint64_t key; /**< hash of tw_key_party */
		uint16_t country;
	} exporter[TW_UNDERTAKING_EXPORTERS];
	uint32_t exporters;
};

/** Leaves both in the drafts of an issue or amendment. After its parties were mentioned. @param key of the certificate */
void tw_paper_links_put(struct tw_drafts *drafts, const struct tw_certificate *certificate, struct tw_slice key, struct tw_version version);
/** @return false when the element is no such, or its bytes do not fit */
bool tw_undertaking_read(const struct tw_element *element, struct tw_undertaking *out);
/** The fact.paper_shared of an issue or amendment. @param priors NULL: none @param facts struct tw_event, in the arena @return false at its ceiling
 */
bool tw_paper_links_facts(const struct tw_event *event, const struct tw_operations *operations, const struct tw_priors *priors,
                          struct tw_arena *arena, struct tw_list *facts);
/** What certificate.paper_shared leaves on its record. */
void tw_paper_shared_put(struct tw_drafts *drafts, const struct tw_event *event, uint32_t certificate);
/** TW_METRIC_OTHER_CERTIFICATES, TW_METRIC_UNDERTAKINGS, TW_METRIC_CERTIFICATES_ELSEWHERE, TW_METRIC_PAPER_SHARED, TW_METRIC_LICENCES_ELSEWHERE,
 *  TW_METRIC_SUPPLIED_BY_RECEIVER. @return false at the arena's ceiling */
bool tw_answer_paper_links(const struct tw_question *question, struct tw_arena *arena, struct tw_history_answer *answer);

#endif
