/**
 * @file certificate.h
 * An end-user certificate as one event of its life states it: the nouns of tw.certificates.
 * Source: UN Programme of Action on small arms, national report form, elements of an end-user certificate; OSCE FSC.DEC/5/04.
 */
#ifndef TIDEWAITER_CERTIFICATE_H
#define TIDEWAITER_CERTIFICATE_H

#include <tidewaiter/consignment.h>
#include <tidewaiter/slice.h>

struct tw_issuer {
	struct tw_text country;
	struct tw_text authority;
	struct tw_text office;
};

struct tw_signatory {
	struct tw_text name;
	struct tw_text position;
	struct tw_date signed_on; /* "signed" in JSON: a C keyword */
};

struct tw_certificate_document {
	struct tw_text sha256;
	struct tw_text paper_number;
};

struct tw_contract {
	struct tw_text number;
	struct tw_date date;
};

struct tw_assurances {
	struct tw_flag no_reexport;
	struct tw_flag reexport_needs_consent;
	struct tw_flag delivery_verification;
	struct tw_count verify_within_days;
};

/** A certificate's line: what may be supplied under it; in delivery_verified, what was received. */
struct tw_certificate_item {
	struct tw_count line;
	struct tw_text description;
	struct tw_text control_code;
	struct tw_text hs;
	struct tw_text make;
	struct tw_text model;
	struct tw_text calibre;
	struct tw_amount quantity;
	struct tw_text unit;
	struct tw_amount value;
	struct tw_text currency;
	struct tw_list markings; /* struct tw_marking */
};

struct tw_certificate {
	struct tw_text number;
	struct tw_issuer issuer;
	struct tw_count revision;
	struct tw_date issued;
	struct tw_date valid_from;
	struct tw_date valid_until;
	struct tw_flag single_transaction;
	struct tw_list signatories; /* struct tw_signatory */
	struct tw_certificate_document document;
	struct tw_list parties; /* struct tw_party */
	struct tw_contract contract;
	struct tw_list licences; /* struct tw_text */
	struct tw_text final_destination;
	struct tw_list transit; /* struct tw_text, countries */
	struct tw_text end_use;
	struct tw_assurances assurances;
	struct tw_list items; /* struct tw_certificate_item */

	/* status events */
	struct tw_text reason;
	struct tw_text by;
	struct tw_date effective;
	/* delivery_verified and diversion_reported */
	struct tw_text consignment;
	struct tw_date received;
	struct tw_text discrepancy;
	struct tw_text reported_by;
	struct tw_text text;
	struct tw_list markings; /* struct tw_marking */
};

#endif
