/**
 * @file papers.h
 * A consignment's papers side by side: manifest, certificate, licence, invoice, packing list. What agrees, what does not, what is absent.
 *
 *     filed   one entry a paper that is cited or there, or a kind of which there is none
 *     rows    one a thing that at least one paper beside the manifest states: of the consignment (line 0) first, then of each line
 *
 * Words for a person and for a program alike; nothing of it counts: what counts are the reasons of rules. Borrowed from who made it.
 * Source: UN Programme of Action on small arms, national report form (elements of an end-user certificate); MOSAIC 03.21, verification of
 * documents; FATF and Egmont Group, Trade-Based Money Laundering: Risk Indicators, 2021, trade document indicators.
 */
#ifndef TIDEWAITER_PAPERS_H
#define TIDEWAITER_PAPERS_H

#include <tidewaiter/slice.h>

struct tw_papers_filed {
	struct tw_slice paper;  /**< "certificate", "licence", "invoice", "packing_list" */
	struct tw_slice number; /**< empty: of that kind there is none */
	struct tw_slice state;  /**< "filed": there or on record; "cited": named, and nothing is known of it; "absent" */
	struct tw_slice status; /**< of a certificate at the event's time; else empty */
};

/** An empty text: that paper does not state it. */
struct tw_papers_row {
	int64_t line;            /**< of the manifest; 0: the consignment */
	struct tw_slice what;    /**< "quantity", "gross_kg", "goods", "destination", "transit", "dates", "end_user", "exporter", "licence" */
	struct tw_slice verdict; /**< "agrees", "differs", "one_sided": nothing to hold it against */
	struct tw_slice manifest, certificate, licence, invoice, packing_list;
	struct tw_slice note; /**< what differs */
};

struct tw_papers {
	struct tw_list filed; /**< struct tw_papers_filed */
	struct tw_list rows;  /**< struct tw_papers_row */
	int64_t dropped;      /**< rows that did not fit; those that differ are kept before others */
};

#endif
