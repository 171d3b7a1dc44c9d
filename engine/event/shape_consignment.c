/**
 * @file shape_consignment.c
 * Tables of a consignment, order as in the contract; see shape_table.h.
 * Source: the event contract (feeds/schema); tests/unit/event/shape_test.c holds every row against the published schema.
 */
#include "engine/event/shape_table.h"

#include "engine/event/calling_code.h"
#include "engine/event/serial.h"
#include "engine/event/unit.h"

static const char *const movement_words[] = {"import", "export", "transit", "transhipment", NULL};
static const char *const mode_words[] = {"sea", "air", "road", "rail", "post", NULL};
static const char *const leg_words[] = {"origin", "load", "transit", "transhipment", "discharge", "delivery", NULL};
static const char *const party_kind_words[] = {"company", "government", "person", "unknown", NULL};
static const char *const condition_words[] = {"new", "used", "deactivated", "repair", "temporary", NULL};
static const char *const role_words[] = {"consignor", "consignee", "notify", "carrier",  "forwarder",    "broker",   "agent",
                                         "declarant", "seller",    "buyer",  "end_user", "intermediate", "exporter", NULL};
const char *const tw_marking_words[] = {"serial", "serial_range", "lot", "import_mark", NULL};

static const struct tw_field marking_fields[] = {
    CHOICE(tw_marking, kind, "kind", tw_marking_words),       FIELD(tw_marking, value, "value", TW_FIELD_TEXT),
    FIELD(tw_marking, from, "from", TW_FIELD_TEXT),           FIELD(tw_marking, to, "to", TW_FIELD_TEXT),
    FIELD(tw_marking, make, "make", TW_FIELD_TEXT),           FIELD(tw_marking, model, "model", TW_FIELD_TEXT),
    FIELD(tw_marking, country, "country", TW_FIELD_COUNTRY),  FIELD(tw_marking, year, "year", TW_FIELD_COUNT),
    FIELD(tw_marking, component, "component", TW_FIELD_TEXT), DERIVED(tw_marking, pieces, "pieces", TW_FIELD_AMOUNT),
};

static void marking_derive(void *object)
{
	tw_serial_count(object);
}

const struct tw_shape tw_marking_shape = {
    "marking", sizeof(struct tw_marking), sizeof(marking_fields) / sizeof(marking_fields[0]), marking_fields, marking_derive,
};

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

const struct tw_shape tw_party_shape = {
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
    FIELD(tw_certificate_ref, quantity, "quantity", TW_FIELD_AMOUNT),
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
    OBJECTS(tw_item, markings, "markings", tw_marking_shape, TW_MARKINGS_MAX),
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
    FIELD(tw_document, previous, "previous", TW_FIELD_TEXT),   FIELD(tw_document, value, "value", TW_FIELD_AMOUNT),
    FIELD(tw_document, currency, "currency", TW_FIELD_TEXT),   FIELD(tw_document, text, "text", TW_FIELD_TEXT),
    FIELD(tw_document, valid_until, "valid_until", TW_FIELD_DATE),
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
    OBJECTS(tw_consignment, parties, "parties", tw_party_shape, TW_PARTIES_MAX),
    OBJECTS(tw_consignment, containers, "containers", container_shape, TW_CONTAINERS_MAX),
    OBJECTS(tw_consignment, items, "items", item_shape, TW_ITEMS_MAX),
    OBJECTS(tw_consignment, documents, "documents", document_shape, TW_DOCUMENTS_MAX),
    OBJECT(tw_consignment, payment, "payment", payment_shape),
    OBJECT(tw_consignment, totals, "totals", totals_shape),
};
SHAPE_SHARED(tw_consignment_shape, tw_consignment, "consignment", consignment_fields);

const char *tw_party_role_word(enum tw_party_role role)
{
	return role >= TW_ROLE_CONSIGNOR && role <= TW_ROLE_EXPORTER ? role_words[role - 1] : "";
}
