/**
 * @file consignment.h
 * A consignment as one manifest event states it: the nouns of tw.manifests.
 *
 *     consignment -- document, means, carrier, payment, totals
 *        |-- route[]      legs
 *        |-- parties[]    with address, ids[]
 *        |-- containers[] with seals[]
 *        |-- documents[]
 *        `-- items[]      with containers[], certificates[], licences[], markings[]
 *
 * All memory belongs to the event's arena and lives until its reset. Lists are `struct tw_list`; the element type stands beside each.
 * Source: the event contract (feeds/schema/manifest.json); code lists: ISO 3166-1, UN/LOCODE, HS, ISO 6346, UN/ECE Rec 20 and 21.
 */
#ifndef TIDEWAITER_CONSIGNMENT_H
#define TIDEWAITER_CONSIGNMENT_H

#include <tidewaiter/marking.h>
#include <tidewaiter/slice.h>

enum tw_movement { TW_MOVEMENT_IMPORT = 1, TW_MOVEMENT_EXPORT, TW_MOVEMENT_TRANSIT, TW_MOVEMENT_TRANSHIPMENT };
enum tw_mode { TW_MODE_SEA = 1, TW_MODE_AIR, TW_MODE_ROAD, TW_MODE_RAIL, TW_MODE_POST };
enum tw_leg_role { TW_LEG_ORIGIN = 1, TW_LEG_LOAD, TW_LEG_TRANSIT, TW_LEG_TRANSHIPMENT, TW_LEG_DISCHARGE, TW_LEG_DELIVERY };
enum tw_party_kind { TW_PARTY_COMPANY = 1, TW_PARTY_GOVERNMENT, TW_PARTY_PERSON, TW_PARTY_UNKNOWN };
enum tw_condition { TW_CONDITION_NEW = 1, TW_CONDITION_USED, TW_CONDITION_DEACTIVATED, TW_CONDITION_REPAIR, TW_CONDITION_TEMPORARY };
enum tw_party_role {
	TW_ROLE_CONSIGNOR = 1,
	TW_ROLE_CONSIGNEE,
	TW_ROLE_NOTIFY,
	TW_ROLE_CARRIER,
	TW_ROLE_FORWARDER,
	TW_ROLE_BROKER,
	TW_ROLE_AGENT,
	TW_ROLE_DECLARANT,
	TW_ROLE_SELLER,
	TW_ROLE_BUYER,
	TW_ROLE_END_USER,
	TW_ROLE_INTERMEDIATE,
	TW_ROLE_EXPORTER, /* on certificates */
};

/** A registration or tax number with the scheme that gives it meaning (eori, vat, imo_company, passport ...). */
struct tw_id {
	struct tw_text scheme;
	struct tw_text value;
};

struct tw_address {
	struct tw_text text;
	struct tw_text city;
	struct tw_text postcode;
	struct tw_text country; /* ISO 3166-1 alpha-2, as received */
};

struct tw_party {
	struct tw_choice role; /* enum tw_party_role */
	struct tw_text name;
	struct tw_text original_name;
	struct tw_text country;
	struct tw_choice kind; /* enum tw_party_kind */
	struct tw_address address;
	struct tw_list ids; /* struct tw_id */
	struct tw_text phone;
	struct tw_text email;
	struct tw_text website;
	struct tw_text activity;
	struct tw_date founded;
	struct tw_flag phone_elsewhere; /* derived: the telephone's calling code is none of the country's; not stated without one */
};

struct tw_leg {
	struct tw_choice role; /* enum tw_leg_role */
	struct tw_text place;  /* UN/LOCODE */
	struct tw_text country;
	struct tw_date arrival;
	struct tw_date departure;
};

struct tw_container {
	struct tw_text number; /* ISO 6346 */
	struct tw_text size_type;
	struct tw_list seals; /* struct tw_text */
	struct tw_amount gross_kg;
};

struct tw_certificate_ref {
	struct tw_text number;
	struct tw_text issuer_country;
	struct tw_count line;      /* the certificate's line */
	struct tw_amount quantity; /* of the item, in its unit, that is on this certificate */
};

struct tw_licence {
	struct tw_text number;
	struct tw_text country;
};

struct tw_item {
	struct tw_count line;
	struct tw_text description;
	struct tw_text hs; /* digits as received: dots and spaces are dropped by whoever compares */
	struct tw_text control_code;
	struct tw_text origin;
	struct tw_text un_number;
	struct tw_amount quantity;
	struct tw_text unit;
	struct tw_amount packages;
	struct tw_text package_type;
	struct tw_text marks;
	struct tw_amount gross_kg;
	struct tw_amount net_kg;
	struct tw_amount volume_m3;
	struct tw_amount value;
	struct tw_text currency;
	struct tw_text make;
	struct tw_text model;
	struct tw_text calibre;
	struct tw_choice condition;                         /* enum tw_condition */
	struct tw_list containers;                          /* struct tw_text */
	struct tw_list certificates;                        /* struct tw_certificate_ref */
	struct tw_list licences;                            /* struct tw_licence */
	struct tw_list markings;                            /* struct tw_marking */
	struct tw_count component_serials, component_makes; /* derived: engine/event/serial.h */
	struct tw_amount pieces; /* derived: the quantity in pieces (20 dozen are 240); not stated where the unit counts none */
};

struct tw_document {
	struct tw_text kind; /* open set: invoice, packing_list, permit, export_licence ... */
	struct tw_text number;
	struct tw_date date;
	struct tw_amount quantity;
	struct tw_amount gross_kg;
	struct tw_text destination; /* a country or a place */
	struct tw_text previous;
	struct tw_amount value; /* what an invoice charges, what a policy insures */
	struct tw_text currency;
	struct tw_text text;         /* what it says beside, as written: terms, remarks */
	struct tw_date valid_until;  /* of a licence or permit: its last day */
};

struct tw_transport_document {
	struct tw_text kind;
	struct tw_text number;
	struct tw_text master;
	struct tw_flag consolidated;
	struct tw_date issued;
	struct tw_text place;
};

struct tw_means {
	struct tw_choice mode; /* enum tw_mode */
	struct tw_text name;
	struct tw_text imo;
	struct tw_text mmsi;
	struct tw_text call_sign;
	struct tw_text flag;
	struct tw_text registration;
	struct tw_text voyage;
};

struct tw_carrier {
	struct tw_text name;
	struct tw_text code;
};

struct tw_payment {
	struct tw_text method;
	struct tw_text payer_country;
};

struct tw_totals {
	struct tw_amount packages;
	struct tw_amount gross_kg;
};

struct tw_consignment {
	struct tw_text id;
	struct tw_count revision;
	struct tw_text manifest;
	struct tw_text office;
	struct tw_text reason;     /* of a cancellation, an arrival ... */
	struct tw_choice movement; /* enum tw_movement */
	struct tw_transport_document document;
	struct tw_means means;
	struct tw_carrier carrier;
	struct tw_list route;      /* struct tw_leg, in the order stated */
	struct tw_list parties;    /* struct tw_party */
	struct tw_list containers; /* struct tw_container */
	struct tw_list items;      /* struct tw_item */
	struct tw_list documents;  /* struct tw_document */
	struct tw_payment payment;
	struct tw_totals totals;
};

#endif
