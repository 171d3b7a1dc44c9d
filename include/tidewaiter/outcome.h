/**
 * @file outcome.h
 * What an inspection found, and what a person decided: the nouns of tw.outcomes and tw.decisions.
 * Source: the event contract (feeds/schema/outcome.json, feeds/schema/decision.json).
 */
#ifndef TIDEWAITER_OUTCOME_H
#define TIDEWAITER_OUTCOME_H

#include <tidewaiter/slice.h>

enum tw_result { TW_RESULT_CONFORM = 1, TW_RESULT_DISCREPANCY, TW_RESULT_SEIZURE, TW_RESULT_NOT_EXAMINED };
enum tw_lane { TW_LANE_RED = 1, TW_LANE_YELLOW, TW_LANE_BLUE, TW_LANE_GREEN };
enum tw_inspection_kind { TW_INSPECTION_DOCUMENTS = 1, TW_INSPECTION_SCAN, TW_INSPECTION_PHYSICAL };

struct tw_inspection_finding {
	struct tw_count item; /* the manifest's line */
	struct tw_text kind;  /* undeclared_goods, wrong_quantity, wrong_description, forged_document, prohibited */
	struct tw_amount quantity;
	struct tw_text description;
	struct tw_list markings; /* struct tw_marking */
};

struct tw_inspection {
	struct tw_choice lane;   /* enum tw_lane */
	struct tw_choice result; /* enum tw_result */
	struct tw_choice kind;   /* enum tw_inspection_kind */
	struct tw_instant started;
	struct tw_instant ended;
	struct tw_text office;
	struct tw_list findings;          /* struct tw_inspection_finding */
	struct tw_list reasons_confirmed; /* struct tw_text, rule ids */
};

struct tw_outcome {
	struct tw_text consignment;
	struct tw_inspection inspection;
};

struct tw_decision_body {
	struct tw_text hold;
	struct tw_text officer;
	struct tw_text second_officer;
	struct tw_text reason;
	struct tw_text text;
	struct tw_instant until;
	struct tw_choice lane; /* enum tw_lane */
};

struct tw_decision {
	struct tw_text consignment;
	struct tw_text entity; /* watch.added and watch.removed may name an entity key instead */
	struct tw_decision_body decision;
};

#endif
