/**
 * @file shape_certificate.c
 * Tables of an end-user certificate, order as in the contract; see shape_table.h.
 * Source: the event contract (feeds/schema); tests/unit/event/shape_test.c holds every row against the published schema.
 */
#include "engine/event/shape_table.h"

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
    OBJECTS(tw_certificate_item, markings, "markings", tw_marking_shape, TW_MARKINGS_MAX),
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
    OBJECTS(tw_certificate, parties, "parties", tw_party_shape, TW_PARTIES_MAX),
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
    OBJECTS(tw_certificate, markings, "markings", tw_marking_shape, TW_MARKINGS_MAX),
};
SHAPE_SHARED(tw_certificate_shape, tw_certificate, "certificate", certificate_fields);
