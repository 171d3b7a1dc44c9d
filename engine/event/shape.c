/**
 * @file shape.c
 * The tables of shape.h. Order within a shape follows the contract, so that a reader can lay both side by side.
 * Source: the event contract (feeds/schema); tests/unit/event/shape_test.c holds every row against the published schema.
 */
#include "engine/event/shape.h"

#include <tidewaiter/limits.h>

#include "engine/event/calling_code.h"
#include "engine/event/serial.h"
#include "engine/event/unit.h"

#define FIELD(struct_, member, json, kind_)                                                                                                          \
	{                                                                                                                                            \
		.name = json, .kind = kind_, .offset = offsetof(struct struct_, member)                                                              \
	}
#define REQUIRED(struct_, member, json, kind_)                                                                                                       \
	{                                                                                                                                            \
		.name = json, .kind = kind_, .required = true, .offset = offsetof(struct struct_, member)                                            \
	}
#define CHOICE(struct_, member, json, words_)                                                                                                        \
	{                                                                                                                                            \
		.name = json, .kind = TW_FIELD_CHOICE, .offset = offsetof(struct struct_, member), .words = words_                                   \
	}
#define OBJECT(struct_, member, json, shape_)                                                                                                        \
	{                                                                                                                                            \
		.name = json, .kind = TW_FIELD_OBJECT, .offset = offsetof(struct struct_, member), .shape = &shape_                                  \
	}
#define OBJECTS(struct_, member, json, shape_, limit_)                                                                                               \
	{                                                                                                                                            \
		.name = json, .kind = TW_FIELD_OBJECTS, .offset = offsetof(struct struct_, member), .shape = &shape_, .limit = limit_                \
	}
#define TEXTS(struct_, member, json, limit_)                                                                                                         \
	{                                                                                                                                            \
		.name = json, .kind = TW_FIELD_TEXTS, .offset = offsetof(struct struct_, member), .limit = limit_                                    \
	}
#define DERIVED(struct_, member, name_, kind_)                                                                                                       \
	{                                                                                                                                            \
		.name = name_, .kind = kind_, .offset = offsetof(struct struct_, member), .derived = true                                            \
	}
#define SHAPE(variable, struct_, title, table)                                                                                                       \
	static const struct tw_shape variable = {title, sizeof(struct struct_), sizeof(table) / sizeof(table[0]), table, NULL}

static const char *const movement_words[] = {"import", "export", "transit", "transhipment", NULL};
static const char *const mode_words[] = {"sea", "air", "road", "rail", "post", NULL};
static const char *const leg_words[] = {"origin", "load", "transit", "transhipment", "discharge", "delivery", NULL};
static const char *const party_kind_words[] = {"company", "government", "person", "unknown", NULL};
static const char *const condition_words[] = {"new", "used", "deactivated", "repair", "temporary", NULL};
static const char *const role_words[] = {"consignor", "consignee", "notify", "carrier",  "forwarder",    "broker",   "agent",
                                         "declarant", "seller",    "buyer",  "end_user", "intermediate", "exporter", NULL};
static const char *const marking_words[] = {"serial", "serial_range", "lot", "import_mark", NULL};
static const char *const lane_words[] = {"red", "yellow", "blue", "green", NULL};
static const char *const result_words[] = {"conform", "discrepancy", "seizure", "not_examined", NULL};
static const char *const fact_party_words[] = {"party", "vessel", NULL};
static const char *const inspection_words[] = {"documents", "scan", "physical", NULL};

static const struct tw_field marking_fields[] = {
    CHOICE(tw_marking, kind, "kind", marking_words),          FIELD(tw_marking, value, "value", TW_FIELD_TEXT),
    FIELD(tw_marking, from, "from", TW_FIELD_TEXT),           FIELD(tw_marking, to, "to", TW_FIELD_TEXT),
    FIELD(tw_marking, make, "make", TW_FIELD_TEXT),           FIELD(tw_marking, model, "model", TW_FIELD_TEXT),
    FIELD(tw_marking, country, "country", TW_FIELD_COUNTRY),  FIELD(tw_marking, year, "year", TW_FIELD_COUNT),
    FIELD(tw_marking, component, "component", TW_FIELD_TEXT), DERIVED(tw_marking, pieces, "pieces", TW_FIELD_AMOUNT),
};

static void marking_derive(void *object)
{
	tw_serial_count(object);
}

static const struct tw_shape marking_shape = {
    "marking", sizeof(struct tw_marking), sizeof(marking_fields) / sizeof(marking_fields[0]), marking_fields, marking_derive,
};

/* ---- manifests ---- */

static const struct tw_field id_fields[] = {
    FIELD(tw_id, scheme, "scheme", TW_FIELD_TEXT),
    FIELD(tw_id, value, "value", TW_FIELD_TEXT),
};
SHAPE(id_shape, tw_id, "id", id_fields);

static const struct tw_field address_fields[] = {
    FIELD(tw_address, text, "text", TW_FIELD_TEXT),
    FIELD(tw_address, city, "city", TW_FIELD_TEXT),
    FIELD(tw_address, postcode, "postcode", TW_FIELD_TEXT),
    FIELD(tw_address, country, "country", TW_FIELD_COUNTRY),
};
SHAPE(address_shape, tw_address, "address", address_fields);

static const struct tw_field party_fields[] = {
    CHOICE(tw_party, role, "role", role_words),
    FIELD(tw_party, name, "name", TW_FIELD_TEXT),
    FIELD(tw_party, original_name, "original_name", TW_FIELD_TEXT),
    FIELD(tw_party, country, "country", TW_FIELD_COUNTRY),
    CHOICE(tw_party, kind, "kind", party_kind_words),
    OBJECT(tw_party, address, "address", address_shape),
    OBJECTS(tw_party, ids, "ids", id_shape, TW_CODES_MAX),
    FIELD(tw_party, phone, "phone", TW_FIELD_TEXT),
    FIELD(tw_party, email, "email", TW_FIELD_TEXT),
    FIELD(tw_party, website, "website", TW_FIELD_TEXT),
    FIELD(tw_party, founded, "founded", TW_FIELD_DATE),
    FIELD(tw_party, activity, "activity", TW_FIELD_TEXT),
    DERIVED(tw_party, phone_elsewhere, "phone_elsewhere", TW_FIELD_FLAG),
};

static void party_derive(void *object)
{
	struct tw_party *party = object;
	bool elsewhere = tw_stated(party->phone.span) && tw_phone_elsewhere(tw_slice_of(party->phone), tw_slice_of(party->country));
	party->phone_elsewhere = elsewhere ? (struct tw_flag){.value = true, .span = party->phone.span} : (struct tw_flag){.value = false};
}

static const struct tw_shape party_shape = {
    "party", sizeof(struct tw_party), sizeof(party_fields) / sizeof(party_fields[0]), party_fields, party_derive,
};

static const struct tw_field leg_fields[] = {
    CHOICE(tw_leg, role, "role", leg_words),
    FIELD(tw_leg, place, "place", TW_FIELD_PLACE),
    FIELD(tw_leg, country, "country", TW_FIELD_COUNTRY),
    FIELD(tw_leg, arrival, "arrival", TW_FIELD_DATE),
    FIELD(tw_leg, departure, "departure", TW_FIELD_DATE),
};
SHAPE(leg_shape, tw_leg, "leg", leg_fields);

static const struct tw_field container_fields[] = {
    FIELD(tw_container, number, "number", TW_FIELD_CONTAINER),
    FIELD(tw_container, size_type, "size_type", TW_FIELD_TEXT),
    TEXTS(tw_container, seals, "seals", TW_CODES_MAX),
    FIELD(tw_container, gross_kg, "gross_kg", TW_FIELD_AMOUNT),
};
SHAPE(container_shape, tw_container, "container", container_fields);

static const struct tw_field certificate_ref_fields[] = {
    FIELD(tw_certificate_ref, number, "number", TW_FIELD_TEXT),
    FIELD(tw_certificate_ref, issuer_country, "issuer_country", TW_FIELD_COUNTRY),
    FIELD(tw_certificate_ref, line, "line", TW_FIELD_COUNT),
};
SHAPE(certificate_ref_shape, tw_certificate_ref, "certificate_ref", certificate_ref_fields);

static const struct tw_field licence_fields[] = {
    FIELD(tw_licence, number, "number", TW_FIELD_TEXT),
    FIELD(tw_licence, country, "country", TW_FIELD_COUNTRY),
};
SHAPE(licence_shape, tw_licence, "licence", licence_fields);

static const struct tw_field item_fields[] = {
    REQUIRED(tw_item, line, "line", TW_FIELD_COUNT),
    REQUIRED(tw_item, description, "description", TW_FIELD_TEXT),
    FIELD(tw_item, hs, "hs", TW_FIELD_HS),
    FIELD(tw_item, control_code, "control_code", TW_FIELD_TEXT),
    FIELD(tw_item, origin, "origin", TW_FIELD_COUNTRY),
    FIELD(tw_item, un_number, "un_number", TW_FIELD_TEXT),
    FIELD(tw_item, quantity, "quantity", TW_FIELD_AMOUNT),
    FIELD(tw_item, unit, "unit", TW_FIELD_TEXT),
    FIELD(tw_item, packages, "packages", TW_FIELD_AMOUNT),
    FIELD(tw_item, package_type, "package_type", TW_FIELD_TEXT),
    FIELD(tw_item, marks, "marks", TW_FIELD_TEXT),
    FIELD(tw_item, gross_kg, "gross_kg", TW_FIELD_AMOUNT),
    FIELD(tw_item, net_kg, "net_kg", TW_FIELD_AMOUNT),
    FIELD(tw_item, volume_m3, "volume_m3", TW_FIELD_AMOUNT),
    FIELD(tw_item, value, "value", TW_FIELD_AMOUNT),
    FIELD(tw_item, currency, "currency", TW_FIELD_TEXT),
    FIELD(tw_item, make, "make", TW_FIELD_TEXT),
    FIELD(tw_item, model, "model", TW_FIELD_TEXT),
    FIELD(tw_item, calibre, "calibre", TW_FIELD_TEXT),
    CHOICE(tw_item, condition, "condition", condition_words),
    TEXTS(tw_item, containers, "containers", TW_CODES_MAX),
    OBJECTS(tw_item, certificates, "certificates", certificate_ref_shape, TW_CODES_MAX),
    OBJECTS(tw_item, licences, "licences", licence_shape, TW_CODES_MAX),
    OBJECTS(tw_item, markings, "markings", marking_shape, TW_MARKINGS_MAX),
    DERIVED(tw_item, component_serials, "component_serials", TW_FIELD_COUNT),
    DERIVED(tw_item, component_makes, "component_makes", TW_FIELD_COUNT),
    DERIVED(tw_item, pieces, "pieces", TW_FIELD_AMOUNT),
};

static struct tw_amount pieces_of(struct tw_amount quantity, struct tw_slice text)
{
	uint32_t unit = tw_unit_code(text);
	bool counts = tw_stated(quantity.span) && quantity.e4 >= 0 && tw_unit_base(unit) == TW_UNIT_PIECE;
	return counts ? (struct tw_amount){.e4 = tw_unit_to_base(unit, quantity.e4), .span = quantity.span} : (struct tw_amount){.e4 = 0};
}

static void item_derive(void *object)
{
	struct tw_item *item = object;
	tw_serial_components(&item->markings, item->make, &item->component_serials, &item->component_makes);
	item->pieces = pieces_of(item->quantity, tw_slice_of(item->unit));
}

static const struct tw_shape item_shape = {
    "item", sizeof(struct tw_item), sizeof(item_fields) / sizeof(item_fields[0]), item_fields, item_derive,
};

static const struct tw_field document_fields[] = {
    FIELD(tw_document, kind, "kind", TW_FIELD_TEXT),           FIELD(tw_document, number, "number", TW_FIELD_TEXT),
    FIELD(tw_document, date, "date", TW_FIELD_DATE),           FIELD(tw_document, quantity, "quantity", TW_FIELD_AMOUNT),
    FIELD(tw_document, gross_kg, "gross_kg", TW_FIELD_AMOUNT), FIELD(tw_document, destination, "destination", TW_FIELD_TEXT),
    FIELD(tw_document, previous, "previous", TW_FIELD_TEXT),
};
SHAPE(document_shape, tw_document, "document", document_fields);

static const struct tw_field transport_document_fields[] = {
    FIELD(tw_transport_document, kind, "kind", TW_FIELD_TEXT),     FIELD(tw_transport_document, number, "number", TW_FIELD_TEXT),
    FIELD(tw_transport_document, master, "master", TW_FIELD_TEXT), FIELD(tw_transport_document, consolidated, "consolidated", TW_FIELD_FLAG),
    FIELD(tw_transport_document, issued, "issued", TW_FIELD_DATE), FIELD(tw_transport_document, place, "place", TW_FIELD_PLACE),
};
SHAPE(transport_document_shape, tw_transport_document, "transport_document", transport_document_fields);

static const struct tw_field means_fields[] = {
    CHOICE(tw_means, mode, "mode", mode_words),
    FIELD(tw_means, name, "name", TW_FIELD_TEXT),
    FIELD(tw_means, imo, "imo", TW_FIELD_IMO),
    FIELD(tw_means, mmsi, "mmsi", TW_FIELD_TEXT),
    FIELD(tw_means, call_sign, "call_sign", TW_FIELD_TEXT),
    FIELD(tw_means, flag, "flag", TW_FIELD_COUNTRY),
    FIELD(tw_means, registration, "registration", TW_FIELD_TEXT),
    FIELD(tw_means, voyage, "voyage", TW_FIELD_TEXT),
};
SHAPE(means_shape, tw_means, "means", means_fields);

static const struct tw_field carrier_fields[] = {
    FIELD(tw_carrier, name, "name", TW_FIELD_TEXT),
    FIELD(tw_carrier, code, "code", TW_FIELD_TEXT),
};
SHAPE(carrier_shape, tw_carrier, "carrier", carrier_fields);

static const struct tw_field payment_fields[] = {
    FIELD(tw_payment, method, "method", TW_FIELD_TEXT),
    FIELD(tw_payment, payer_country, "payer_country", TW_FIELD_COUNTRY),
};
SHAPE(payment_shape, tw_payment, "payment", payment_fields);

static const struct tw_field totals_fields[] = {
    FIELD(tw_totals, packages, "packages", TW_FIELD_AMOUNT),
    FIELD(tw_totals, gross_kg, "gross_kg", TW_FIELD_AMOUNT),
};
SHAPE(totals_shape, tw_totals, "totals", totals_fields);

static const struct tw_field consignment_fields[] = {
    REQUIRED(tw_consignment, id, "id", TW_FIELD_TEXT),
    FIELD(tw_consignment, revision, "revision", TW_FIELD_COUNT),
    FIELD(tw_consignment, manifest, "manifest", TW_FIELD_TEXT),
    FIELD(tw_consignment, office, "office", TW_FIELD_TEXT),
    FIELD(tw_consignment, reason, "reason", TW_FIELD_TEXT),
    CHOICE(tw_consignment, movement, "movement", movement_words),
    OBJECT(tw_consignment, document, "document", transport_document_shape),
    OBJECT(tw_consignment, means, "means", means_shape),
    OBJECT(tw_consignment, carrier, "carrier", carrier_shape),
    OBJECTS(tw_consignment, route, "route", leg_shape, TW_LEGS_MAX),
    OBJECTS(tw_consignment, parties, "parties", party_shape, TW_PARTIES_MAX),
    OBJECTS(tw_consignment, containers, "containers", container_shape, TW_CONTAINERS_MAX),
    OBJECTS(tw_consignment, items, "items", item_shape, TW_ITEMS_MAX),
    OBJECTS(tw_consignment, documents, "documents", document_shape, TW_DOCUMENTS_MAX),
    OBJECT(tw_consignment, payment, "payment", payment_shape),
    OBJECT(tw_consignment, totals, "totals", totals_shape),
};
SHAPE(consignment_shape, tw_consignment, "consignment", consignment_fields);

/* ---- certificates ---- */

static const struct tw_field issuer_fields[] = {
    REQUIRED(tw_issuer, country, "country", TW_FIELD_COUNTRY),
    FIELD(tw_issuer, authority, "authority", TW_FIELD_TEXT),
    FIELD(tw_issuer, office, "office", TW_FIELD_TEXT),
};
SHAPE(issuer_shape, tw_issuer, "issuer", issuer_fields);

static const struct tw_field signatory_fields[] = {
    FIELD(tw_signatory, name, "name", TW_FIELD_TEXT),
    FIELD(tw_signatory, position, "position", TW_FIELD_TEXT),
    FIELD(tw_signatory, signed_on, "signed", TW_FIELD_DATE),
};
SHAPE(signatory_shape, tw_signatory, "signatory", signatory_fields);

static const struct tw_field certificate_document_fields[] = {
    FIELD(tw_certificate_document, sha256, "sha256", TW_FIELD_TEXT),
    FIELD(tw_certificate_document, paper_number, "paper_number", TW_FIELD_TEXT),
};
SHAPE(certificate_document_shape, tw_certificate_document, "certificate_document", certificate_document_fields);

static const struct tw_field contract_fields[] = {
    FIELD(tw_contract, number, "number", TW_FIELD_TEXT),
    FIELD(tw_contract, date, "date", TW_FIELD_DATE),
};
SHAPE(contract_shape, tw_contract, "contract", contract_fields);

static const struct tw_field assurances_fields[] = {
    FIELD(tw_assurances, no_reexport, "no_reexport", TW_FIELD_FLAG),
    FIELD(tw_assurances, reexport_needs_consent, "reexport_needs_consent", TW_FIELD_FLAG),
    FIELD(tw_assurances, delivery_verification, "delivery_verification", TW_FIELD_FLAG),
    FIELD(tw_assurances, verify_within_days, "verify_within_days", TW_FIELD_COUNT),
};
SHAPE(assurances_shape, tw_assurances, "assurances", assurances_fields);

static const struct tw_field certificate_item_fields[] = {
    FIELD(tw_certificate_item, line, "line", TW_FIELD_COUNT),
    FIELD(tw_certificate_item, description, "description", TW_FIELD_TEXT),
    FIELD(tw_certificate_item, control_code, "control_code", TW_FIELD_TEXT),
    FIELD(tw_certificate_item, hs, "hs", TW_FIELD_HS),
    FIELD(tw_certificate_item, make, "make", TW_FIELD_TEXT),
    FIELD(tw_certificate_item, model, "model", TW_FIELD_TEXT),
    FIELD(tw_certificate_item, calibre, "calibre", TW_FIELD_TEXT),
    FIELD(tw_certificate_item, quantity, "quantity", TW_FIELD_AMOUNT),
    FIELD(tw_certificate_item, unit, "unit", TW_FIELD_TEXT),
    FIELD(tw_certificate_item, value, "value", TW_FIELD_AMOUNT),
    FIELD(tw_certificate_item, currency, "currency", TW_FIELD_TEXT),
    OBJECTS(tw_certificate_item, markings, "markings", marking_shape, TW_MARKINGS_MAX),
};
SHAPE(certificate_item_shape, tw_certificate_item, "certificate_item", certificate_item_fields);

static const struct tw_field certificate_fields[] = {
    REQUIRED(tw_certificate, number, "number", TW_FIELD_TEXT),
    {.name = "issuer", .kind = TW_FIELD_OBJECT, .required = true, .offset = offsetof(struct tw_certificate, issuer), .shape = &issuer_shape},
    FIELD(tw_certificate, revision, "revision", TW_FIELD_COUNT),
    FIELD(tw_certificate, issued, "issued", TW_FIELD_DATE),
    FIELD(tw_certificate, valid_from, "valid_from", TW_FIELD_DATE),
    FIELD(tw_certificate, valid_until, "valid_until", TW_FIELD_DATE),
    FIELD(tw_certificate, single_transaction, "single_transaction", TW_FIELD_FLAG),
    OBJECTS(tw_certificate, signatories, "signatories", signatory_shape, TW_PARTIES_MAX),
    OBJECT(tw_certificate, document, "document", certificate_document_shape),
    OBJECTS(tw_certificate, parties, "parties", party_shape, TW_PARTIES_MAX),
    OBJECT(tw_certificate, contract, "contract", contract_shape),
    TEXTS(tw_certificate, licences, "licences", TW_CODES_MAX),
    FIELD(tw_certificate, final_destination, "final_destination", TW_FIELD_COUNTRY),
    TEXTS(tw_certificate, transit, "transit", TW_LEGS_MAX),
    FIELD(tw_certificate, end_use, "end_use", TW_FIELD_TEXT),
    OBJECT(tw_certificate, assurances, "assurances", assurances_shape),
    OBJECTS(tw_certificate, items, "items", certificate_item_shape, TW_ITEMS_MAX),
    FIELD(tw_certificate, reason, "reason", TW_FIELD_TEXT),
    FIELD(tw_certificate, by, "by", TW_FIELD_TEXT),
    FIELD(tw_certificate, effective, "effective", TW_FIELD_DATE),
    FIELD(tw_certificate, consignment, "consignment", TW_FIELD_TEXT),
    FIELD(tw_certificate, received, "received", TW_FIELD_DATE),
    FIELD(tw_certificate, discrepancy, "discrepancy", TW_FIELD_TEXT),
    FIELD(tw_certificate, reported_by, "reported_by", TW_FIELD_TEXT),
    FIELD(tw_certificate, text, "text", TW_FIELD_TEXT),
    OBJECTS(tw_certificate, markings, "markings", marking_shape, TW_MARKINGS_MAX),
};
SHAPE(certificate_shape, tw_certificate, "certificate", certificate_fields);

/* ---- markings, outcomes, decisions ---- */

static const struct tw_field mark_fields[] = {
    CHOICE(tw_marking, kind, "kind", marking_words),          REQUIRED(tw_marking, value, "value", TW_FIELD_TEXT),
    FIELD(tw_marking, make, "make", TW_FIELD_TEXT),           FIELD(tw_marking, model, "model", TW_FIELD_TEXT),
    FIELD(tw_marking, country, "country", TW_FIELD_COUNTRY),  FIELD(tw_marking, year, "year", TW_FIELD_COUNT),
    FIELD(tw_marking, component, "component", TW_FIELD_TEXT),
};
SHAPE(mark_shape, tw_marking, "mark", mark_fields);

static const struct tw_field marked_item_fields[] = {
    FIELD(tw_marked_item, kind, "kind", TW_FIELD_TEXT),
    FIELD(tw_marked_item, make, "make", TW_FIELD_TEXT),
    FIELD(tw_marked_item, model, "model", TW_FIELD_TEXT),
    FIELD(tw_marked_item, calibre, "calibre", TW_FIELD_TEXT),
    FIELD(tw_marked_item, country_of_manufacture, "country_of_manufacture", TW_FIELD_COUNTRY),
    FIELD(tw_marked_item, year, "year", TW_FIELD_COUNT),
    {.name = "marks",
     .kind = TW_FIELD_OBJECTS,
     .required = true,
     .offset = offsetof(struct tw_marked_item, marks),
     .shape = &mark_shape,
     .limit = TW_CODES_MAX},
    DERIVED(tw_marked_item, component_serials, "component_serials", TW_FIELD_COUNT),
    DERIVED(tw_marked_item, component_makes, "component_makes", TW_FIELD_COUNT),
};

static void marked_item_derive(void *object)
{
	struct tw_marked_item *item = object;
	tw_serial_components(&item->marks, item->make, &item->component_serials, &item->component_makes);
}

static const struct tw_shape marked_item_shape = {
    "marked_item", sizeof(struct tw_marked_item), sizeof(marked_item_fields) / sizeof(marked_item_fields[0]), marked_item_fields, marked_item_derive,
};

static const struct tw_field inspection_finding_fields[] = {
    FIELD(tw_inspection_finding, item, "item", TW_FIELD_COUNT),
    FIELD(tw_inspection_finding, kind, "kind", TW_FIELD_TEXT),
    FIELD(tw_inspection_finding, quantity, "quantity", TW_FIELD_AMOUNT),
    FIELD(tw_inspection_finding, description, "description", TW_FIELD_TEXT),
    OBJECTS(tw_inspection_finding, markings, "markings", marking_shape, TW_MARKINGS_MAX),
};
SHAPE(inspection_finding_shape, tw_inspection_finding, "inspection_finding", inspection_finding_fields);

static const struct tw_field inspection_fields[] = {
    CHOICE(tw_inspection, lane, "lane", lane_words),
    CHOICE(tw_inspection, result, "result", result_words),
    CHOICE(tw_inspection, kind, "kind", inspection_words),
    FIELD(tw_inspection, started, "started", TW_FIELD_INSTANT),
    FIELD(tw_inspection, ended, "ended", TW_FIELD_INSTANT),
    FIELD(tw_inspection, office, "office", TW_FIELD_TEXT),
    OBJECTS(tw_inspection, findings, "findings", inspection_finding_shape, TW_ITEMS_MAX),
    TEXTS(tw_inspection, reasons_confirmed, "reasons_confirmed", TW_CODES_MAX),
};
SHAPE(inspection_shape, tw_inspection, "inspection", inspection_fields);

static const struct tw_field decision_fields[] = {
    FIELD(tw_decision_body, hold, "hold", TW_FIELD_TEXT),
    FIELD(tw_decision_body, officer, "officer", TW_FIELD_TEXT),
    FIELD(tw_decision_body, second_officer, "second_officer", TW_FIELD_TEXT),
    FIELD(tw_decision_body, reason, "reason", TW_FIELD_TEXT),
    FIELD(tw_decision_body, text, "text", TW_FIELD_TEXT),
    FIELD(tw_decision_body, until, "until", TW_FIELD_INSTANT),
    CHOICE(tw_decision_body, lane, "lane", lane_words),
};
SHAPE(decision_shape, tw_decision_body, "decision", decision_fields);

/* ---- facts ---- */

static const struct tw_field fact_version_fields[] = {
    FIELD(tw_fact_version, revision, "revision", TW_FIELD_COUNT),
    FIELD(tw_fact_version, time, "time", TW_FIELD_INSTANT),
    FIELD(tw_fact_version, event, "event", TW_FIELD_TEXT),
};
SHAPE(fact_version_shape, tw_fact_version, "fact_version", fact_version_fields);

static const struct tw_field fact_outcome_fields[] = {
    REQUIRED(tw_fact_outcome, time, "time", TW_FIELD_INSTANT),
    REQUIRED(tw_fact_outcome, event, "event", TW_FIELD_TEXT),
    CHOICE(tw_fact_outcome, result, "result", result_words),
};
SHAPE(fact_outcome_shape, tw_fact_outcome, "fact_outcome", fact_outcome_fields);

static const struct tw_field fact_party_fields[] = {
    CHOICE(tw_fact_party, kind, "kind", fact_party_words),
    REQUIRED(tw_fact_party, key, "key", TW_FIELD_TEXT),
};
SHAPE(fact_party_shape, tw_fact_party, "fact_party", fact_party_fields);

static const struct tw_field fact_fields[] = {
    FIELD(tw_fact_body, consignment, "consignment", TW_FIELD_TEXT),
    OBJECT(tw_fact_body, version, "version", fact_version_shape),
    FIELD(tw_fact_body, country, "country", TW_FIELD_COUNTRY),
    TEXTS(tw_fact_body, certificates, "certificates", TW_FACT_KEYS_MAX),
    TEXTS(tw_fact_body, series, "series", TW_FACT_KEYS_MAX),
    OBJECTS(tw_fact_body, outcomes, "outcomes", fact_outcome_shape, TW_FACT_KEYS_MAX),
    OBJECTS(tw_fact_body, parties, "parties", fact_party_shape, TW_FACT_KEYS_MAX),
    TEXTS(tw_fact_body, consignments, "consignments", TW_FACT_KEYS_MAX),
    FIELD(tw_fact_body, clock, "clock", TW_FIELD_TEXT),
    FIELD(tw_fact_body, member, "member", TW_FIELD_TEXT),
    FIELD(tw_fact_body, from, "from", TW_FIELD_DATE),
    FIELD(tw_fact_body, until, "until", TW_FIELD_DATE),
    FIELD(tw_fact_body, day, "day", TW_FIELD_DATE),
    FIELD(tw_fact_body, settled, "settled", TW_FIELD_INSTANT),
};
SHAPE(fact_shape, tw_fact_body, "fact", fact_fields);

/* ---- roots ---- */

#define ENVELOPE                                                                                                                                     \
	REQUIRED(tw_event, id, "id", TW_FIELD_TEXT), REQUIRED(tw_event, type_text, "type", TW_FIELD_TEXT),                                           \
	    REQUIRED(tw_event, time, "time", TW_FIELD_INSTANT), REQUIRED(tw_event, source, "source", TW_FIELD_TEXT),                                 \
	    FIELD(tw_event, trace, "trace", TW_FIELD_TEXT)
#define REQUIRED_OBJECT(member_, json, shape_)                                                                                                       \
	{                                                                                                                                            \
		.name = json, .kind = TW_FIELD_OBJECT, .required = true, .offset = offsetof(struct tw_event, member_), .shape = &shape_              \
	}

static const struct tw_field manifest_root[] = {ENVELOPE, REQUIRED_OBJECT(consignment, "consignment", consignment_shape)};
SHAPE(manifest_shape, tw_event, "manifest", manifest_root);

static const struct tw_field certificate_root[] = {ENVELOPE, REQUIRED_OBJECT(certificate, "certificate", certificate_shape)};
SHAPE(certificate_event_shape, tw_event, "certificate", certificate_root);

static const struct tw_field marking_root[] = {
    ENVELOPE,
    REQUIRED_OBJECT(marking.item, "item", marked_item_shape),
    FIELD(tw_event, marking.reference, "reference", TW_FIELD_TEXT),
    FIELD(tw_event, marking.authority, "authority", TW_FIELD_TEXT),
    FIELD(tw_event, marking.country, "country", TW_FIELD_COUNTRY),
    FIELD(tw_event, marking.quantity, "quantity", TW_FIELD_AMOUNT),
};
SHAPE(marking_event_shape, tw_event, "marking", marking_root);

static const struct tw_field outcome_root[] = {
    ENVELOPE,
    REQUIRED(tw_event, outcome.consignment, "consignment", TW_FIELD_TEXT),
    REQUIRED_OBJECT(outcome.inspection, "inspection", inspection_shape),
};
SHAPE(outcome_shape, tw_event, "outcome", outcome_root);

static const struct tw_field decision_root[] = {
    ENVELOPE,
    FIELD(tw_event, decision.consignment, "consignment", TW_FIELD_TEXT),
    FIELD(tw_event, decision.entity, "entity", TW_FIELD_TEXT),
    REQUIRED_OBJECT(decision.decision, "decision", decision_shape),
};
SHAPE(decision_event_shape, tw_event, "decision", decision_root);

static const struct tw_field fact_root[] = {ENVELOPE, REQUIRED_OBJECT(fact, "fact", fact_shape)};
SHAPE(fact_event_shape, tw_event, "fact", fact_root);

static const struct tw_shape *const roots[TW_FAMILIES] = {&manifest_shape, &certificate_event_shape, &marking_event_shape,
                                                          &outcome_shape,  &decision_event_shape,    &fact_event_shape};
static const char *const family_words[TW_FAMILIES] = {"manifest", "certificate", "marking", "outcome", "decision", "fact"};

static const struct {
	const char *name;
	enum tw_family family;
} event_types[] = {
    [TW_CONSIGNMENT_DECLARED] = {"consignment.declared", TW_FAMILY_MANIFEST},
    [TW_CONSIGNMENT_AMENDED] = {"consignment.amended", TW_FAMILY_MANIFEST},
    [TW_CONSIGNMENT_CANCELLED] = {"consignment.cancelled", TW_FAMILY_MANIFEST},
    [TW_CONSIGNMENT_ARRIVED] = {"consignment.arrived", TW_FAMILY_MANIFEST},
    [TW_CONSIGNMENT_DEPARTED] = {"consignment.departed", TW_FAMILY_MANIFEST},
    [TW_CERTIFICATE_ISSUED] = {"certificate.issued", TW_FAMILY_CERTIFICATE},
    [TW_CERTIFICATE_AUTHENTICATED] = {"certificate.authenticated", TW_FAMILY_CERTIFICATE},
    [TW_CERTIFICATE_AUTHENTICATION_FAILED] = {"certificate.authentication_failed", TW_FAMILY_CERTIFICATE},
    [TW_CERTIFICATE_AMENDED] = {"certificate.amended", TW_FAMILY_CERTIFICATE},
    [TW_CERTIFICATE_SUSPENDED] = {"certificate.suspended", TW_FAMILY_CERTIFICATE},
    [TW_CERTIFICATE_REINSTATED] = {"certificate.reinstated", TW_FAMILY_CERTIFICATE},
    [TW_CERTIFICATE_REVOKED] = {"certificate.revoked", TW_FAMILY_CERTIFICATE},
    [TW_CERTIFICATE_REPORTED_LOST] = {"certificate.reported_lost", TW_FAMILY_CERTIFICATE},
    [TW_CERTIFICATE_DELIVERY_VERIFIED] = {"certificate.delivery_verified", TW_FAMILY_CERTIFICATE},
    [TW_CERTIFICATE_DIVERSION_REPORTED] = {"certificate.diversion_reported", TW_FAMILY_CERTIFICATE},
    [TW_MARKING_MANUFACTURED] = {"marking.manufactured", TW_FAMILY_MARKING},
    [TW_MARKING_IMPORTED] = {"marking.imported", TW_FAMILY_MARKING},
    [TW_MARKING_TRANSFERRED] = {"marking.transferred", TW_FAMILY_MARKING},
    [TW_MARKING_LOST] = {"marking.lost", TW_FAMILY_MARKING},
    [TW_MARKING_STOLEN] = {"marking.stolen", TW_FAMILY_MARKING},
    [TW_MARKING_SEIZED] = {"marking.seized", TW_FAMILY_MARKING},
    [TW_MARKING_RECOVERED] = {"marking.recovered", TW_FAMILY_MARKING},
    [TW_MARKING_DESTROYED] = {"marking.destroyed", TW_FAMILY_MARKING},
    [TW_MARKING_DEACTIVATED] = {"marking.deactivated", TW_FAMILY_MARKING},
    [TW_MARKING_TRACE_REQUESTED] = {"marking.trace_requested", TW_FAMILY_MARKING},
    [TW_MARKING_TRACE_ANSWERED] = {"marking.trace_answered", TW_FAMILY_MARKING},
    [TW_INSPECTION_COMPLETED] = {"inspection.completed", TW_FAMILY_OUTCOME},
    [TW_HOLD_EXTENDED] = {"hold.extended", TW_FAMILY_DECISION},
    [TW_HOLD_RELEASED] = {"hold.released", TW_FAMILY_DECISION},
    [TW_LANE_CHANGED] = {"lane.changed", TW_FAMILY_DECISION},
    [TW_ALERT_DISMISSED] = {"alert.dismissed", TW_FAMILY_DECISION},
    [TW_WATCH_ADDED] = {"watch.added", TW_FAMILY_DECISION},
    [TW_WATCH_REMOVED] = {"watch.removed", TW_FAMILY_DECISION},
    [TW_FACT_DRAWS_ENDED] = {"fact.draws_ended", TW_FAMILY_FACT},
    [TW_FACT_INSPECTED] = {"fact.inspected", TW_FAMILY_FACT},
    [TW_FACT_ARRIVED] = {"fact.arrived", TW_FAMILY_FACT},
    [TW_FACT_TIME_PASSED] = {"fact.time_passed", TW_FAMILY_FACT},
    [TW_FACT_DAYS_PASSED] = {"fact.days_passed", TW_FAMILY_FACT},
    [TW_FACT_DELIVERY_EXPECTED] = {"fact.delivery_expected", TW_FAMILY_FACT},
    [TW_FACT_DELIVERY_DUE] = {"fact.delivery_due", TW_FAMILY_FACT},
    [TW_CERTIFICATE_DELIVERY_DUE] = {"certificate.delivery_due", TW_FAMILY_CERTIFICATE},
};
#define EVENT_TYPES (sizeof(event_types) / sizeof(event_types[0]))

static const char *const warning_words[] = {
    [TW_WARNING_ILL_TYPED] = "ill_typed",         [TW_WARNING_CHECK_DIGIT] = "check_digit", [TW_WARNING_UNKNOWN_COUNTRY] = "unknown_country",
    [TW_WARNING_UNKNOWN_PLACE] = "unknown_place", [TW_WARNING_UNKNOWN_HS] = "unknown_hs",   [TW_WARNING_UNKNOWN_OWNER] = "unknown_owner",
    [TW_WARNING_UNKNOWN_WORD] = "unknown_word",   [TW_WARNING_ID_REUSED] = "id_reused",
};
#define WARNINGS (sizeof(warning_words) / sizeof(warning_words[0]))

const struct tw_shape *tw_shape_of(enum tw_family family)
{
	return roots[family - 1];
}

const struct tw_field *tw_field_find(const struct tw_shape *shape, struct tw_slice name)
{
	for (uint32_t i = 0; i < shape->field_count; i++) {
		if (tw_slice_is(name, shape->fields[i].name)) {
			return &shape->fields[i];
		}
	}
	return NULL;
}

struct tw_span tw_field_span(const struct tw_field *field, const void *object)
{
	const char *at = (const char *)object + field->offset;
	switch (field->kind) {
	case TW_FIELD_TEXT:
	case TW_FIELD_COUNTRY:
	case TW_FIELD_PLACE:
	case TW_FIELD_HS:
	case TW_FIELD_CONTAINER:
	case TW_FIELD_IMO:
		return ((const struct tw_text *)(const void *)at)->span;
	case TW_FIELD_CHOICE:
		return ((const struct tw_choice *)(const void *)at)->span;
	case TW_FIELD_AMOUNT:
		return ((const struct tw_amount *)(const void *)at)->span;
	case TW_FIELD_COUNT:
		return ((const struct tw_count *)(const void *)at)->span;
	case TW_FIELD_DATE:
		return ((const struct tw_date *)(const void *)at)->span;
	case TW_FIELD_INSTANT:
		return ((const struct tw_instant *)(const void *)at)->span;
	case TW_FIELD_FLAG:
		return ((const struct tw_flag *)(const void *)at)->span;
	case TW_FIELD_OBJECT:
	case TW_FIELD_OBJECTS:
	case TW_FIELD_TEXTS:
		break;
	}
	return (struct tw_span){0, 0};
}

const char *tw_event_type_name(enum tw_event_type type)
{
	return (size_t)type < EVENT_TYPES && event_types[type].name ? event_types[type].name : "unknown";
}

enum tw_event_type tw_event_type_find(struct tw_slice name)
{
	for (size_t i = 1; i < EVENT_TYPES; i++) {
		if (tw_slice_is(name, event_types[i].name)) {
			return (enum tw_event_type)i;
		}
	}
	return (enum tw_event_type)0;
}

enum tw_family tw_event_type_family(enum tw_event_type type)
{
	return event_types[type].family;
}

const char *tw_family_name(enum tw_family family)
{
	return family >= 1 && family <= TW_FAMILIES ? family_words[family - 1] : "unknown";
}

const char *tw_warning_name(enum tw_warning_kind kind)
{
	return (size_t)kind < WARNINGS && warning_words[kind] ? warning_words[kind] : "unknown";
}

enum tw_warning_kind tw_warning_find(struct tw_slice name)
{
	for (size_t i = 1; i < WARNINGS; i++) {
		if (tw_slice_is(name, warning_words[i])) {
			return (enum tw_warning_kind)i;
		}
	}
	return (enum tw_warning_kind)0;
}

const char *tw_party_role_word(enum tw_party_role role)
{
	return role >= TW_ROLE_CONSIGNOR && role <= TW_ROLE_EXPORTER ? role_words[role - 1] : "";
}

const char *tw_choice_word(const struct tw_field *field, uint32_t value)
{
	for (uint32_t i = 0; value && field->words[i]; i++) {
		if (i + 1 == value) {
			return field->words[i];
		}
	}
	return "";
}
