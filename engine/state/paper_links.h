/**
 * @file paper_links.h
 * What a certificate leaves on other records than its own: on those of its document, and of whoever receives the goods.
 *
 *     document     'B' certificate key -> nothing           on the record of a document hash, and of an issuer's paper number
 *                                      -> final destination on the record of an exporter's contract
 *     undertaking  'E' certificate key -> flags, final destination, headings    on the records of its end-user and consignees
 *
 * Both have the version of the terms that say so: an amendment takes the place of what was stated. Of undertakings a record keeps the latest
 * TW_UNDERTAKINGS_MAX, each with at most TW_UNDERTAKING_HEADINGS headings of its goods; one whose goods have none, or more, is about all goods.
 * Source: UN, MOSAIC 03.21; OSCE, FSC.DEC/5/04: assurances on re-export are elements of an end-user certificate.
 */
#ifndef TIDEWAITER_ENGINE_STATE_PAPER_LINKS_H
#define TIDEWAITER_ENGINE_STATE_PAPER_LINKS_H

#include <tidewaiter/event.h>

#include "engine/state/mentions.h"

struct tw_history_answer;
struct tw_question;

#define TW_UNDERTAKING_HEADINGS 8U

struct tw_undertaking {
	struct tw_slice certificate; /**< its key */
	bool no_reexport, consent;   /**< not at all; only after asking */
	uint16_t destination;        /**< 0: not stated */
	uint16_t heading[TW_UNDERTAKING_HEADINGS];
	uint32_t headings; /**< 0: all goods */
};

/** Leaves both in the drafts of an issue or amendment. After its parties were mentioned. @param key of the certificate */
void tw_paper_links_put(struct tw_drafts *drafts, const struct tw_certificate *certificate, struct tw_slice key, struct tw_version version);
/** @return false when the element is no such, or its bytes do not fit */
bool tw_undertaking_read(const struct tw_element *element, struct tw_undertaking *out);
/** TW_METRIC_OTHER_CERTIFICATES, TW_METRIC_UNDERTAKINGS, TW_METRIC_CERTIFICATES_ELSEWHERE. */
void tw_answer_paper_links(const struct tw_question *question, struct tw_history_answer *answer);

#endif
