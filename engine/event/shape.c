/**
 * @file shape.c
 * The roots of the tables of shape.h, and what is found in them by name. Order within a shape follows the contract, so that a reader can lay both
 * side by side.
 *
 * Source: the event contract (feeds/schema); tests/unit/event/shape_test.c holds every row against the published schema.
 */
#include "engine/event/shape_table.h"

#define ENVELOPE                                                                                                                                     \
	REQUIRED(tw_event, id, "id", TW_FIELD_TEXT), REQUIRED(tw_event, type_text, "type", TW_FIELD_TEXT),                                           \
	    REQUIRED(tw_event, time, "time", TW_FIELD_INSTANT), REQUIRED(tw_event, source, "source", TW_FIELD_TEXT),                                 \
	    FIELD(tw_event, trace, "trace", TW_FIELD_TEXT)
#define REQUIRED_OBJECT(member_, json, shape_)                                                                                                       \
	{                                                                                                                                            \
		.name = json, .kind = TW_FIELD_OBJECT, .required = true, .offset = offsetof(struct tw_event, member_), .shape = &shape_              \
	}

static const struct tw_field manifest_root[] = {ENVELOPE, REQUIRED_OBJECT(consignment, "consignment", tw_consignment_shape)};
SHAPE(manifest_shape, tw_event, "manifest", manifest_root);

static const struct tw_field certificate_root[] = {ENVELOPE, REQUIRED_OBJECT(certificate, "certificate", tw_certificate_shape)};
SHAPE(certificate_event_shape, tw_event, "certificate", certificate_root);

static const struct tw_field marking_root[] = {
    ENVELOPE,
    REQUIRED_OBJECT(marking.item, "item", tw_marked_item_shape),
    FIELD(tw_event, marking.reference, "reference", TW_FIELD_TEXT),
    FIELD(tw_event, marking.authority, "authority", TW_FIELD_TEXT),
    FIELD(tw_event, marking.country, "country", TW_FIELD_COUNTRY),
    FIELD(tw_event, marking.quantity, "quantity", TW_FIELD_AMOUNT),
};
SHAPE(marking_event_shape, tw_event, "marking", marking_root);

static const struct tw_field outcome_root[] = {
    ENVELOPE,
    REQUIRED(tw_event, outcome.consignment, "consignment", TW_FIELD_TEXT),
    REQUIRED_OBJECT(outcome.inspection, "inspection", tw_inspection_shape),
};
SHAPE(outcome_shape, tw_event, "outcome", outcome_root);

static const struct tw_field decision_root[] = {
    ENVELOPE,
    FIELD(tw_event, decision.consignment, "consignment", TW_FIELD_TEXT),
    FIELD(tw_event, decision.entity, "entity", TW_FIELD_TEXT),
    REQUIRED_OBJECT(decision.decision, "decision", tw_decision_shape),
};
SHAPE(decision_event_shape, tw_event, "decision", decision_root);

static const struct tw_field fact_root[] = {ENVELOPE, REQUIRED_OBJECT(fact, "fact", tw_fact_shape)};
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
    [TW_FACT_CONFIRMATION_EXPECTED] = {"fact.confirmation_expected", TW_FAMILY_FACT},
    [TW_FACT_CONFIRMATION_DUE] = {"fact.confirmation_due", TW_FAMILY_FACT},
    [TW_CERTIFICATE_CONFIRMATION_DUE] = {"certificate.confirmation_due", TW_FAMILY_CERTIFICATE},
    [TW_FACT_PAPER_SHARED] = {"fact.paper_shared", TW_FAMILY_FACT},
    [TW_CERTIFICATE_PAPER_SHARED] = {"certificate.paper_shared", TW_FAMILY_CERTIFICATE},
    [TW_FACT_DEPARTED] = {"fact.departed", TW_FAMILY_FACT},
    [TW_CERTIFICATE_GOODS_DEPARTED] = {"certificate.goods_departed", TW_FAMILY_CERTIFICATE},
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

enum tw_field_form tw_field_form(enum tw_field_kind kind)
{
	static const unsigned char forms[] = {
	    [TW_FIELD_TEXT] = TW_FORM_TEXT,     [TW_FIELD_COUNTRY] = TW_FORM_TEXT,    [TW_FIELD_PLACE] = TW_FORM_TEXT,
	    [TW_FIELD_HS] = TW_FORM_TEXT,       [TW_FIELD_CONTAINER] = TW_FORM_TEXT,  [TW_FIELD_IMO] = TW_FORM_TEXT,
	    [TW_FIELD_CHOICE] = TW_FORM_CHOICE, [TW_FIELD_AMOUNT] = TW_FORM_AMOUNT,   [TW_FIELD_COUNT] = TW_FORM_COUNT,
	    [TW_FIELD_DATE] = TW_FORM_DATE,     [TW_FIELD_INSTANT] = TW_FORM_INSTANT, [TW_FIELD_FLAG] = TW_FORM_FLAG,
	    [TW_FIELD_OBJECT] = TW_FORM_OBJECT, [TW_FIELD_OBJECTS] = TW_FORM_OBJECTS, [TW_FIELD_TEXTS] = TW_FORM_TEXTS,
	};
	return (enum tw_field_form)forms[kind];
}

struct tw_span tw_field_span(const struct tw_field *field, const void *object)
{
	static const size_t spans[] = {
	    [TW_FORM_TEXT] = offsetof(struct tw_text, span),     [TW_FORM_CHOICE] = offsetof(struct tw_choice, span),
	    [TW_FORM_AMOUNT] = offsetof(struct tw_amount, span), [TW_FORM_COUNT] = offsetof(struct tw_count, span),
	    [TW_FORM_DATE] = offsetof(struct tw_date, span),     [TW_FORM_INSTANT] = offsetof(struct tw_instant, span),
	    [TW_FORM_FLAG] = offsetof(struct tw_flag, span),
	};
	enum tw_field_form form = tw_field_form(field->kind);
	if (form >= TW_FORM_OBJECT) {
		return (struct tw_span){0, 0};
	}
	return *(const struct tw_span *)(const void *)((const char *)object + field->offset + spans[form]);
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

const char *tw_choice_word(const struct tw_field *field, uint32_t value)
{
	for (uint32_t i = 0; value && field->words[i]; i++) {
		if (i + 1 == value) {
			return field->words[i];
		}
	}
	return "";
}
