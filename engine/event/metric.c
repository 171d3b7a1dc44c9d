/**
 * @file metric.c
 * The rows of metric.h.
 */
#include "engine/event/metric.h"

/* as TW_ROLE_..., then TW_NAMED_NOT */
static const char *const named_words[] = {"consignor", "consignee", "notify",   "carrier",      "forwarder", "broker",    "agent", "declarant",
                                          "seller",    "buyer",     "end_user", "intermediate", "exporter",  "not_named", NULL};
static const char *const specimen_words[] = {"listed", "outside_tenure", "other_office", "unknown", NULL};
#define OF(kind)  (1U << TW_ENTITY_##kind)
#define SHIPPED   (OF(PARTY) | OF(ADDRESS) | OF(VESSEL) | OF(CONTAINER) | OF(PHONE) | OF(EMAIL))
#define CONTACT   (OF(ADDRESS) | OF(PHONE) | OF(EMAIL))
#define INSPECTED (OF(CONSIGNMENT) | OF(PARTY) | OF(VESSEL))

static const char *const certificate_words[] = {"issued", "authenticated", "authentication_failed", "suspended", "revoked", "lost", NULL};
static const char *const marking_words[] = {"manufactured", "imported",  "transferred", "lost",        "stolen",
                                            "seized",       "recovered", "destroyed",   "deactivated", NULL};

static const char *const form_words[] = {"well_formed", "ill_formed", NULL};
static const char *const otherwise_words[] = {"calibre", "country", "year", "model", NULL};

static const struct tw_metric_info metrics[] = {
    {"seen", TW_METRIC_SEEN, SHIPPED, TW_ANSWER_COUNT, true, NULL},
    {"gross_kg", TW_METRIC_GROSS_KG, SHIPPED, TW_ANSWER_AMOUNT, true, NULL},
    {"pieces", TW_METRIC_PIECES, SHIPPED, TW_ANSWER_AMOUNT, true, NULL},
    {"first_seen_days", TW_METRIC_FIRST_DAYS, SHIPPED, TW_ANSWER_DAYS, false, NULL},
    {"last_seen_days", TW_METRIC_LAST_DAYS, SHIPPED, TW_ANSWER_DAYS, false, NULL},
    {"counterparties", TW_METRIC_COUNTERPARTIES, OF(PARTY) | OF(ADDRESS), TW_ANSWER_COUNT, false, NULL},
    {"countries", TW_METRIC_COUNTRIES, OF(PARTY) | OF(VESSEL) | OF(CONTAINER), TW_ANSWER_COUNT, false, NULL},
    {"offices", TW_METRIC_OFFICES, OF(PARTY) | OF(CERTIFICATE), TW_ANSWER_COUNT, false, NULL},
    {"revisions", TW_METRIC_REVISIONS, OF(CONSIGNMENT), TW_ANSWER_COUNT, false, NULL},
    {"inspections", TW_METRIC_INSPECTIONS, INSPECTED, TW_ANSWER_COUNT, true, NULL},
    {"discrepancies", TW_METRIC_DISCREPANCIES, INSPECTED, TW_ANSWER_COUNT, true, NULL},
    {"seizures", TW_METRIC_SEIZURES, INSPECTED, TW_ANSWER_COUNT, true, NULL},
    {"known", TW_METRIC_KNOWN, OF(CERTIFICATE), TW_ANSWER_FLAG, false, NULL},
    {"status", TW_METRIC_STATUS, OF(CERTIFICATE), TW_ANSWER_CHOICE, false, certificate_words},
    {"authenticated", TW_METRIC_AUTHENTICATED, OF(CERTIFICATE), TW_ANSWER_FLAG, false, NULL},
    {"certified", TW_METRIC_CERTIFIED, OF(CERTIFICATE), TW_ANSWER_AMOUNT, false, NULL},
    {"drawn_before", TW_METRIC_DRAWN_BEFORE, OF(CERTIFICATE), TW_ANSWER_AMOUNT, false, NULL},
    {"drawn_with_this", TW_METRIC_DRAWN_WITH, OF(CERTIFICATE), TW_ANSWER_AMOUNT, false, NULL},
    {"other_consignments", TW_METRIC_OTHER_CONSIGNMENTS, OF(CERTIFICATE), TW_ANSWER_COUNT, false, NULL},
    {"used_days", TW_METRIC_USED_DAYS, OF(CERTIFICATE), TW_ANSWER_DAYS, false, NULL},
    {"single_transaction", TW_METRIC_SINGLE_TRANSACTION, OF(CERTIFICATE), TW_ANSWER_FLAG, false, NULL},
    {"valid_from", TW_METRIC_VALID_FROM, OF(CERTIFICATE), TW_ANSWER_DATE, false, NULL},
    {"valid_until", TW_METRIC_VALID_UNTIL, OF(CERTIFICATE), TW_ANSWER_DATE, false, NULL},
    {"lists_serials", TW_METRIC_LISTS_SERIALS, OF(CERTIFICATE), TW_ANSWER_FLAG, false, NULL},
    {"final_destination", TW_METRIC_FINAL_DESTINATION, OF(CERTIFICATE), TW_ANSWER_COUNTRY, false, NULL},
    {"terms_conflict", TW_METRIC_TERMS_CONFLICT, OF(CERTIFICATE), TW_ANSWER_FLAG, false, NULL},
    {"status_latest", TW_METRIC_STATUS_LATEST, OF(CERTIFICATE), TW_ANSWER_CHOICE, false, certificate_words},
    {"terms_conflict_with_this", TW_METRIC_TERMS_CONFLICT_WITH, OF(CERTIFICATE), TW_ANSWER_FLAG, false, NULL},
    {"over_drawn", TW_METRIC_OVER_DRAWN, OF(CERTIFICATE), TW_ANSWER_AMOUNT, false, NULL},
    {"draws_outside_validity", TW_METRIC_DRAWS_OUTSIDE_VALIDITY, OF(CERTIFICATE), TW_ANSWER_COUNT, false, NULL},
    {"draws_elsewhere", TW_METRIC_DRAWS_ELSEWHERE, OF(CERTIFICATE), TW_ANSWER_COUNT, false, NULL},
    {"deliveries_awaited", TW_METRIC_DELIVERIES_AWAITED, OF(CERTIFICATE), TW_ANSWER_COUNT, false, NULL},
    {"deliveries_overdue", TW_METRIC_DELIVERIES_OVERDUE, OF(CERTIFICATE), TW_ANSWER_COUNT, false, NULL},
    {"delivery_days_over", TW_METRIC_DELIVERY_DAYS_OVER, OF(CERTIFICATE), TW_ANSWER_DAYS, false, NULL},
    {"delivery_short", TW_METRIC_DELIVERY_SHORT, OF(CERTIFICATE), TW_ANSWER_AMOUNT, false, NULL},
    {"delivery_over", TW_METRIC_DELIVERY_OVER, OF(CERTIFICATE), TW_ANSWER_AMOUNT, false, NULL},
    {"delivery_cancelled", TW_METRIC_DELIVERY_CANCELLED, OF(CERTIFICATE) | OF(CONSIGNMENT), TW_ANSWER_FLAG, false, NULL},
    {"deliveries_fallen_due", TW_METRIC_DELIVERIES_FALLEN_DUE, OF(CERTIFICATE), TW_ANSWER_COUNT, false, NULL},
    {"open_consignments", TW_METRIC_OPEN_CONSIGNMENTS, OF(CERTIFICATE), TW_ANSWER_COUNT, false, NULL},
    {"delivered", TW_METRIC_DELIVERED, OF(CERTIFICATE), TW_ANSWER_FLAG, false, NULL},
    {"deliveries_settled", TW_METRIC_DELIVERIES_SETTLED, OF(CERTIFICATE), TW_ANSWER_COUNT, false, NULL},
    {"value_certified", TW_METRIC_VALUE_CERTIFIED, OF(CERTIFICATE), TW_ANSWER_AMOUNT, false, NULL},
    {"value_drawn_with_this", TW_METRIC_VALUE_DRAWN_WITH, OF(CERTIFICATE), TW_ANSWER_AMOUNT, false, NULL},
    {"value_over_drawn", TW_METRIC_VALUE_OVER_DRAWN, OF(CERTIFICATE), TW_ANSWER_AMOUNT, false, NULL},
    {"over_drawn_times", TW_METRIC_OVER_DRAWN_TIMES, OF(CERTIFICATE), TW_ANSWER_AMOUNT, false, NULL},
    {"value_over_drawn_times", TW_METRIC_VALUE_OVER_DRAWN_TIMES, OF(CERTIFICATE), TW_ANSWER_AMOUNT, false, NULL},
    {"hs_named", TW_METRIC_HS_NAMED, OF(CERTIFICATE), TW_ANSWER_FLAG, false, NULL},
    {"control_code_named", TW_METRIC_CONTROL_CODE_NAMED, OF(CERTIFICATE), TW_ANSWER_FLAG, false, NULL},
    {"make_named", TW_METRIC_MAKE_NAMED, OF(CERTIFICATE), TW_ANSWER_FLAG, false, NULL},
    {"model_named", TW_METRIC_MODEL_NAMED, OF(CERTIFICATE), TW_ANSWER_FLAG, false, NULL},
    {"calibre_named", TW_METRIC_CALIBRE_NAMED, OF(CERTIFICATE), TW_ANSWER_FLAG, false, NULL},
    {"way_outside", TW_METRIC_WAY_OUTSIDE, OF(CERTIFICATE), TW_ANSWER_COUNTRY, false, NULL},
    {"way_unnamed", TW_METRIC_WAY_UNNAMED, OF(CERTIFICATE), TW_ANSWER_COUNTRY, false, NULL},
    {"draws_of_other_goods", TW_METRIC_DRAWS_OF_OTHER_GOODS, OF(CERTIFICATE), TW_ANSWER_COUNT, false, NULL},
    {"draws_another_way", TW_METRIC_DRAWS_ANOTHER_WAY, OF(CERTIFICATE), TW_ANSWER_COUNT, false, NULL},
    {"draws_of_other_makes", TW_METRIC_DRAWS_OF_OTHER_MAKES, OF(CERTIFICATE), TW_ANSWER_COUNT, false, NULL},
    {"draws_of_other_models", TW_METRIC_DRAWS_OF_OTHER_MODELS, OF(CERTIFICATE), TW_ANSWER_COUNT, false, NULL},
    {"draws_of_other_serials", TW_METRIC_DRAWS_OF_OTHER_SERIALS, OF(CERTIFICATE), TW_ANSWER_COUNT, false, NULL},
    {"draws_for_other_end_users", TW_METRIC_DRAWS_FOR_OTHER_END_USERS, OF(CERTIFICATE), TW_ANSWER_COUNT, false, NULL},
    {"draws_to_other_consignees", TW_METRIC_DRAWS_TO_OTHER_CONSIGNEES, OF(CERTIFICATE), TW_ANSWER_COUNT, false, NULL},
    {"draws_from_other_consignors", TW_METRIC_DRAWS_FROM_OTHER_CONSIGNORS, OF(CERTIFICATE), TW_ANSWER_COUNT, false, NULL},
    {"draws_through_other_brokers", TW_METRIC_DRAWS_THROUGH_OTHER_BROKERS, OF(CERTIFICATE), TW_ANSWER_COUNT, false, NULL},
    {"other_certificates", TW_METRIC_OTHER_CERTIFICATES, OF(PAPER), TW_ANSWER_COUNT, false, NULL},
    {"undertakings", TW_METRIC_UNDERTAKINGS, OF(PARTY), TW_ANSWER_COUNT, false, NULL},
    {"deliveries_overdue_elsewhere", TW_METRIC_OVERDUE_ELSEWHERE, OF(PARTY), TW_ANSWER_COUNT, false, NULL},
    {"named_as", TW_METRIC_NAMED_AS, OF(PARTY), TW_ANSWER_CHOICE, false, named_words},
    {"signatory", TW_METRIC_SIGNATORY, OF(PAPER), TW_ANSWER_CHOICE, false, specimen_words},
    {"office", TW_METRIC_OFFICE, OF(PAPER), TW_ANSWER_CHOICE, false, specimen_words},
    {"quantity_held", TW_METRIC_QUANTITY_HELD, OF(PARTY), TW_ANSWER_AMOUNT, false, NULL},
    {"quantity_low", TW_METRIC_QUANTITY_LOW, OF(PARTY), TW_ANSWER_AMOUNT, false, NULL},
    {"quantity_high", TW_METRIC_QUANTITY_HIGH, OF(PARTY), TW_ANSWER_AMOUNT, false, NULL},
    {"quantity_row", TW_METRIC_QUANTITY_ROW, OF(PARTY), TW_ANSWER_COUNT, false, NULL},
    {"marking_status", TW_METRIC_MARKING_STATUS, OF(MARKING), TW_ANSWER_CHOICE, false, marking_words},
    {"marking_status_latest", TW_METRIC_MARKING_STATUS_LATEST, OF(MARKING), TW_ANSWER_CHOICE, false, marking_words},
    {"marking_status_since", TW_METRIC_MARKING_STATUS_SINCE, OF(MARKING), TW_ANSWER_CHOICE, false, marking_words},
    {"marking_destroyed", TW_METRIC_MARKING_DESTROYED, OF(MARKING), TW_ANSWER_FLAG, false, NULL},
    {"marking_consignments", TW_METRIC_MARKING_CONSIGNMENTS, OF(MARKING), TW_ANSWER_COUNT, true, NULL},
    {"marking_consignments_since", TW_METRIC_MARKING_SINCE, OF(MARKING), TW_ANSWER_COUNT, false, NULL},
    {"overlapping_consignments", TW_METRIC_OVERLAPS, OF(MARKING), TW_ANSWER_COUNT, true, NULL},
    {"overlapping_consignments_since", TW_METRIC_OVERLAPS_SINCE, OF(MARKING), TW_ANSWER_COUNT, false, NULL},
    {"alike_consignments", TW_METRIC_ALIKE, OF(MARKING), TW_ANSWER_COUNT, true, NULL},
    {"overlapping_status", TW_METRIC_OVERLAPS_STATUS, OF(MARKING), TW_ANSWER_CHOICE, false, marking_words},
    {"overlapping_status_latest", TW_METRIC_OVERLAPS_STATUS_LATEST, OF(MARKING), TW_ANSWER_CHOICE, false, marking_words},
    {"alike_status", TW_METRIC_ALIKE_STATUS, OF(MARKING), TW_ANSWER_CHOICE, false, marking_words},
    {"overlapping_certificates", TW_METRIC_OVERLAPS_CERTIFICATES, OF(MARKING), TW_ANSWER_COUNT, false, NULL},
    {"covered", TW_METRIC_COVERED, OF(MARKING), TW_ANSWER_FLAG, false, NULL},
    {"recorded_quantity", TW_METRIC_RECORDED_QUANTITY, OF(MARKING), TW_ANSWER_AMOUNT, false, NULL},
    {"destroyed_quantity", TW_METRIC_DESTROYED_QUANTITY, OF(MARKING), TW_ANSWER_AMOUNT, false, NULL},
    {"other_components", TW_METRIC_OTHER_COMPONENTS, OF(MARKING), TW_ANSWER_COUNT, true, NULL},
    {"overlapping_found", TW_METRIC_OVERLAPS_FOUND, OF(MARKING), TW_ANSWER_COUNT, true, NULL},
    {"otherwise", TW_METRIC_OTHERWISE, OF(MARKING), TW_ANSWER_CHOICE, false, otherwise_words},
    {"serial_form", TW_METRIC_SERIAL_FORM, OF(MARKING), TW_ANSWER_CHOICE, false, form_words},
    {"consignees", TW_METRIC_CONSIGNEES, OF(PARTY), TW_ANSWER_COUNT, true, NULL},
    {"consignors", TW_METRIC_CONSIGNORS, OF(PARTY), TW_ANSWER_COUNT, true, NULL},
    {"routes", TW_METRIC_ROUTES, OF(PARTY) | OF(VESSEL) | OF(CONTAINER), TW_ANSWER_COUNT, true, NULL},
    {"vessels", TW_METRIC_VESSELS, OF(PARTY), TW_ANSWER_COUNT, true, NULL},
    {"headings", TW_METRIC_HEADINGS, OF(PARTY), TW_ANSWER_COUNT, true, NULL},
    {"flags", TW_METRIC_FLAGS, OF(VESSEL), TW_ANSWER_COUNT, true, NULL},
    {"names", TW_METRIC_NAMES, OF(VESSEL), TW_ANSWER_COUNT, true, NULL},
    {"users", TW_METRIC_USERS, CONTACT, TW_ANSWER_COUNT, true, NULL},
    {"arms_headings", TW_METRIC_ARMS_HEADINGS, OF(CONTAINER) | OF(CONSIGNMENT), TW_ANSWER_COUNT, true, NULL},
    {"new_consignees", TW_METRIC_NEW_CONSIGNEES, OF(PARTY), TW_ANSWER_COUNT, true, NULL},
    {"new_consignors", TW_METRIC_NEW_CONSIGNORS, OF(PARTY), TW_ANSWER_COUNT, true, NULL},
    {"new_routes", TW_METRIC_NEW_ROUTES, OF(PARTY) | OF(VESSEL) | OF(CONTAINER), TW_ANSWER_COUNT, true, NULL},
    {"new_vessels", TW_METRIC_NEW_VESSELS, OF(PARTY), TW_ANSWER_COUNT, true, NULL},
    {"new_headings", TW_METRIC_NEW_HEADINGS, OF(PARTY), TW_ANSWER_COUNT, true, NULL},
    {"new_flags", TW_METRIC_NEW_FLAGS, OF(VESSEL), TW_ANSWER_COUNT, true, NULL},
    {"new_names", TW_METRIC_NEW_NAMES, OF(VESSEL), TW_ANSWER_COUNT, true, NULL},
    {"new_users", TW_METRIC_NEW_USERS, CONTACT, TW_ANSWER_COUNT, true, NULL},
    {"new_arms_headings", TW_METRIC_NEW_ARMS_HEADINGS, OF(CONTAINER) | OF(CONSIGNMENT), TW_ANSWER_COUNT, true, NULL},
    {"gross_kg_mean", TW_METRIC_KG_MEAN, OF(PARTY), TW_ANSWER_AMOUNT, false, NULL},
    {"gross_kg_deviation", TW_METRIC_KG_DEVIATION, OF(PARTY), TW_ANSWER_AMOUNT, false, NULL},
    {"gross_kg_z", TW_METRIC_KG_Z, OF(PARTY), TW_ANSWER_AMOUNT, false, NULL},
    {"pieces_mean", TW_METRIC_PIECES_MEAN, OF(PARTY), TW_ANSWER_AMOUNT, false, NULL},
    {"pieces_deviation", TW_METRIC_PIECES_DEVIATION, OF(PARTY), TW_ANSWER_AMOUNT, false, NULL},
    {"pieces_z", TW_METRIC_PIECES_Z, OF(PARTY), TW_ANSWER_AMOUNT, false, NULL},
    {"value_mean", TW_METRIC_VALUE_MEAN, OF(PARTY), TW_ANSWER_AMOUNT, false, NULL},
    {"value_deviation", TW_METRIC_VALUE_DEVIATION, OF(PARTY), TW_ANSWER_AMOUNT, false, NULL},
    {"value_z", TW_METRIC_VALUE_Z, OF(PARTY), TW_ANSWER_AMOUNT, false, NULL},
    {"wares", TW_METRIC_WARES, OF(PARTY) | CONTACT, TW_ANSWER_COUNT, true, NULL},
    {"received", TW_METRIC_RECEIVED, OF(PARTY), TW_ANSWER_COUNT, true, NULL},
    {"receiver_changed", TW_METRIC_RECEIVER_CHANGED, OF(CONSIGNMENT), TW_ANSWER_CHOICE, false, named_words},
    {"unconfirmed_days", TW_METRIC_UNCONFIRMED_DAYS, OF(CERTIFICATE), TW_ANSWER_DAYS, false, NULL},
    {"confirmation_settled", TW_METRIC_CONFIRMATION_SETTLED, OF(CERTIFICATE), TW_ANSWER_FLAG, false, NULL},
    {"other_transactions", TW_METRIC_OTHER_TRANSACTIONS, OF(CERTIFICATE), TW_ANSWER_COUNT, false, NULL},
    {"marking_found", TW_METRIC_MARKING_FOUND, OF(MARKING), TW_ANSWER_COUNT, true, NULL},
    {"received_early", TW_METRIC_RECEIVED_EARLY, OF(CERTIFICATE), TW_ANSWER_DAYS, false, NULL},
    {"issued_on", TW_METRIC_ISSUED_ON, OF(CERTIFICATE), TW_ANSWER_DATE, false, NULL},
    {"draws_before_issue", TW_METRIC_DRAWS_BEFORE_ISSUE, OF(CERTIFICATE), TW_ANSWER_COUNT, false, NULL},
    {"seals_changed", TW_METRIC_SEALS_CHANGED, OF(CONSIGNMENT), TW_ANSWER_COUNT, false, NULL},
    {"gross_kg_lost", TW_METRIC_GROSS_LOST, OF(CONSIGNMENT), TW_ANSWER_AMOUNT, false, NULL},
    {"aircraft_changed", TW_METRIC_CRAFT_CHANGED, OF(CONSIGNMENT), TW_ANSWER_FLAG, false, NULL},
    {"arrived_elsewhere", TW_METRIC_ARRIVED_ELSEWHERE, OF(CONSIGNMENT), TW_ANSWER_COUNTRY, false, NULL},
    {"arrived_at_end", TW_METRIC_ARRIVED_AT_END, OF(CONSIGNMENT), TW_ANSWER_FLAG, false, NULL},
    {"lent", TW_METRIC_LENT, OF(PARTY), TW_ANSWER_AMOUNT, false, NULL},
    {"lent_left", TW_METRIC_LENT_LEFT, OF(PARTY), TW_ANSWER_AMOUNT, false, NULL},
    {"certificates_elsewhere", TW_METRIC_CERTIFICATES_ELSEWHERE, OF(PAPER), TW_ANSWER_COUNT, false, NULL},
    {"paper_shared", TW_METRIC_PAPER_SHARED, OF(CERTIFICATE), TW_ANSWER_FLAG, false, NULL},
    {"departed_late", TW_METRIC_DEPARTED_LATE, OF(CERTIFICATE), TW_ANSWER_COUNT, false, NULL},
    {"own_words", TW_METRIC_OWN_WORDS, OF(CERTIFICATE), TW_ANSWER_COUNT, false, NULL},
    {"said_by", TW_METRIC_SAID_BY, OF(CERTIFICATE), TW_ANSWER_CHOICE, false, named_words},
    {"verified_others", TW_METRIC_VERIFIED_OTHERS, OF(CERTIFICATE), TW_ANSWER_COUNT, false, NULL},
    {"deliveries_undeclared", TW_METRIC_DELIVERIES_UNDECLARED, OF(CERTIFICATE), TW_ANSWER_COUNT, false, NULL},
    {"licences_elsewhere", TW_METRIC_LICENCES_ELSEWHERE, OF(CERTIFICATE) | OF(PAPER), TW_ANSWER_COUNT, false, NULL},
    {"listed", TW_METRIC_LISTED, OF(MARKING), TW_ANSWER_FLAG, false, NULL},
    {"supplied_by_receiver", TW_METRIC_SUPPLIED_BY_RECEIVER, OF(PARTY), TW_ANSWER_COUNT, false, NULL},
    {"marking_consignments_live", TW_METRIC_MARKING_LIVE, OF(MARKING), TW_ANSWER_COUNT, true, NULL},
    {"overlapping_consignments_live", TW_METRIC_OVERLAPS_LIVE, OF(MARKING), TW_ANSWER_COUNT, true, NULL},
    {"marking_elsewhere", TW_METRIC_MARKING_ELSEWHERE, OF(MARKING), TW_ANSWER_COUNT, true, NULL},
    {"marking_passed_on", TW_METRIC_MARKING_PASSED_ON, OF(MARKING), TW_ANSWER_COUNT, true, NULL},
    {"stated_again", TW_METRIC_STATED_AGAIN, OF(MARKING), TW_ANSWER_COUNT, false, NULL},
    {"number_status_model", TW_METRIC_NUMBER_STATUS_MODEL, OF(MARKING), TW_ANSWER_CHOICE, false, marking_words},
    {"number_status_calibre", TW_METRIC_NUMBER_STATUS_CALIBRE, OF(MARKING), TW_ANSWER_CHOICE, false, marking_words},
    {"number_shipped_model", TW_METRIC_NUMBER_SHIPPED_MODEL, OF(MARKING), TW_ANSWER_COUNT, false, NULL},
    {"number_shipped_calibre", TW_METRIC_NUMBER_SHIPPED_CALIBRE, OF(MARKING), TW_ANSWER_COUNT, false, NULL},
    {"lent_open", TW_METRIC_LENT_OPEN, OF(PARTY), TW_ANSWER_COUNT, true, NULL},
    {"part_read_status", TW_METRIC_PART_READ_STATUS, OF(MARKING), TW_ANSWER_CHOICE, false, marking_words},
    {"part_read_shipped", TW_METRIC_PART_READ_SHIPPED, OF(MARKING), TW_ANSWER_COUNT, false, NULL},
    {"unnamed_status_model", TW_METRIC_UNNAMED_MODEL, OF(MARKING), TW_ANSWER_CHOICE, false, marking_words},
    {"unnamed_status_calibre", TW_METRIC_UNNAMED_CALIBRE, OF(MARKING), TW_ANSWER_CHOICE, false, marking_words},
    {"unnamed_status_number", TW_METRIC_UNNAMED_NUMBER, OF(MARKING), TW_ANSWER_CHOICE, false, marking_words},
    {"licence_drawn_with_this", TW_METRIC_LICENCE_DRAWN, OF(PAPER), TW_ANSWER_AMOUNT, false, NULL},
    {"licence_allowed", TW_METRIC_LICENCE_ALLOWED, OF(PAPER), TW_ANSWER_AMOUNT, false, NULL},
    {"licence_value_drawn_with_this", TW_METRIC_LICENCE_VALUE, OF(PAPER), TW_ANSWER_AMOUNT, false, NULL},
    {"licence_value_allowed", TW_METRIC_LICENCE_VALUE_MAX, OF(PAPER), TW_ANSWER_AMOUNT, false, NULL},
    {"licence_certified", TW_METRIC_LICENCE_CERTIFIED, OF(PAPER), TW_ANSWER_FLAG, false, NULL},
    {"licence_other_parties", TW_METRIC_LICENCE_OTHERS, OF(PAPER), TW_ANSWER_COUNT, false, NULL},
    {"at_limit", TW_METRIC_AT_LIMIT, OF(CERTIFICATE) | OF(MARKING), TW_ANSWER_FLAG, false, NULL},
};
#define METRICS (sizeof(metrics) / sizeof(metrics[0]))

static const char *const entity_words[TW_ENTITY_KINDS] = {"party",   "address", "vessel", "container", "consignment", "certificate",
                                                          "marking", "phone",   "email",  "paper",     "time"};

const struct tw_metric_info *tw_metrics(uint32_t *count)
{
	*count = METRICS;
	return metrics;
}

const struct tw_metric_info *tw_metric_find(struct tw_slice name)
{
	for (size_t i = 0; i < METRICS; i++) {
		if (tw_slice_is(name, metrics[i].name)) {
			return &metrics[i];
		}
	}
	return NULL;
}

const struct tw_metric_info *tw_metric_of(enum tw_metric metric)
{
	return &metrics[metric - TW_METRIC_SEEN];
}

bool tw_metric_is_of_records(enum tw_entity_kind kind, enum tw_metric metric)
{
	return kind == TW_ENTITY_MARKING &&
	       ((metric >= TW_METRIC_MARKING_STATUS && metric <= TW_METRIC_COVERED) || metric == TW_METRIC_OTHER_COMPONENTS ||
	        metric == TW_METRIC_OVERLAPS_FOUND || metric == TW_METRIC_OTHERWISE || metric == TW_METRIC_MARKING_FOUND ||
	        metric == TW_METRIC_AT_LIMIT || (metric >= TW_METRIC_MARKING_LIVE && metric <= TW_METRIC_MARKING_PASSED_ON) ||
	        (metric >= TW_METRIC_NUMBER_STATUS_MODEL && metric <= TW_METRIC_UNNAMED_NUMBER && metric != TW_METRIC_LENT_OPEN));
}

const char *tw_entity_name(enum tw_entity_kind kind)
{
	return kind >= 1 && kind <= TW_ENTITY_KINDS ? entity_words[kind - 1] : "unknown";
}
