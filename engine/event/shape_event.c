/**
 * @file shape_event.c
 * Tables of what happens to goods and papers, order as in the contract; see shape_table.h.
 * Source: the event contract (feeds/schema); tests/unit/event/shape_test.c holds every row against the published schema.
 */
#include "engine/event/shape_table.h"

#include "engine/event/serial.h"

static const char *const lane_words[] = {"red", "yellow", "blue", "green", NULL};
static const char *const result_words[] = {"conform", "discrepancy", "seizure", "not_examined", NULL};
static const char *const fact_party_words[] = {"party", "vessel", NULL};
static const char *const inspection_words[] = {"documents", "scan", "physical", NULL};

/* ---- markings, outcomes, decisions ---- */

static const struct tw_field mark_fields[] = {
    CHOICE(tw_marking, kind, "kind", tw_marking_words),       REQUIRED(tw_marking, value, "value", TW_FIELD_TEXT),
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

const struct tw_shape tw_marked_item_shape = {
    "marked_item", sizeof(struct tw_marked_item), sizeof(marked_item_fields) / sizeof(marked_item_fields[0]), marked_item_fields, marked_item_derive,
};

static const struct tw_field inspection_finding_fields[] = {
    FIELD(tw_inspection_finding, item, "item", TW_FIELD_COUNT),
    FIELD(tw_inspection_finding, kind, "kind", TW_FIELD_TEXT),
    FIELD(tw_inspection_finding, quantity, "quantity", TW_FIELD_AMOUNT),
    FIELD(tw_inspection_finding, description, "description", TW_FIELD_TEXT),
    OBJECTS(tw_inspection_finding, markings, "markings", tw_marking_shape, TW_MARKINGS_MAX),
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
SHAPE_SHARED(tw_inspection_shape, tw_inspection, "inspection", inspection_fields);

static const struct tw_field decision_fields[] = {
    FIELD(tw_decision_body, hold, "hold", TW_FIELD_TEXT),
    FIELD(tw_decision_body, officer, "officer", TW_FIELD_TEXT),
    FIELD(tw_decision_body, second_officer, "second_officer", TW_FIELD_TEXT),
    FIELD(tw_decision_body, reason, "reason", TW_FIELD_TEXT),
    FIELD(tw_decision_body, text, "text", TW_FIELD_TEXT),
    FIELD(tw_decision_body, until, "until", TW_FIELD_INSTANT),
    CHOICE(tw_decision_body, lane, "lane", lane_words),
};
SHAPE_SHARED(tw_decision_shape, tw_decision_body, "decision", decision_fields);

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
    TEXTS(tw_fact_body, licences, "licences", TW_FACT_KEYS_MAX),
    OBJECTS(tw_fact_body, outcomes, "outcomes", fact_outcome_shape, TW_FACT_KEYS_MAX),
    OBJECTS(tw_fact_body, parties, "parties", fact_party_shape, TW_FACT_KEYS_MAX),
    TEXTS(tw_fact_body, consignments, "consignments", TW_FACT_KEYS_MAX),
    FIELD(tw_fact_body, document, "document", TW_FIELD_TEXT),
    FIELD(tw_fact_body, clock, "clock", TW_FIELD_TEXT),
    FIELD(tw_fact_body, member, "member", TW_FIELD_TEXT),
    FIELD(tw_fact_body, from, "from", TW_FIELD_DATE),
    FIELD(tw_fact_body, until, "until", TW_FIELD_DATE),
    FIELD(tw_fact_body, day, "day", TW_FIELD_DATE),
    FIELD(tw_fact_body, settled, "settled", TW_FIELD_INSTANT),
};
SHAPE_SHARED(tw_fact_shape, tw_fact_body, "fact", fact_fields);
