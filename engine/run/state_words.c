/**
 * @file state_words.c
 * See state_words.h. Field numbers and element keys are those of engine/state/field.h, ledger.h and roll.h.
 */
#include "engine/run/state_words.h"

#include <inttypes.h>
#include <stdlib.h>

#include "engine/base/digits.h"
#include "engine/base/hash.h"
#include "engine/base/time.h"
#include "engine/event/metric.h"
#include "engine/event/shape.h"
#include "engine/state/delivery.h"
#include "engine/state/draw_said.h"
#include "engine/state/field.h"
#include "engine/state/ledger.h"
#include "engine/state/links.h"
#include "engine/state/paper_links.h"
#include "engine/state/roll.h"
#include "engine/state/series.h"
#include "engine/state/usual.h"
#include "engine/state/wares.h"

/* ---- counters ---- */

enum form { FORM_COUNT, FORM_AMOUNT, FORM_DAY, FORM_BITS };

static const struct {
	uint32_t field;
	const char *name;
	enum form form;
} fields[] = {
    {TW_COUNT_OLDER_SEEN, "consignments before that", FORM_COUNT},
    {TW_COUNT_OLDER_KG, "gross kg before that", FORM_AMOUNT},
    {TW_COUNT_OLDER_PIECES, "pieces before that", FORM_AMOUNT},
    {TW_COUNT_FIRST, "first seen", FORM_DAY},
    {TW_COUNT_LAST, "last seen", FORM_DAY},
    {TW_COUNT_NAMED, "named by other events", FORM_COUNT},
    {TW_COUNT_OVERFLOW, "entries lost to the limit", FORM_COUNT},
    {TW_COUNT_LINKS_OVER, "links lost to the limit, by kind", FORM_BITS},
    {TW_COUNT_CURRENCY_MAX, "greatest currency, as a number", FORM_COUNT},
    {TW_COUNT_CURRENCY_MIN, "least currency, as a number", FORM_COUNT},
    {TW_COUNT_REVISIONS, "declared and amended", FORM_COUNT},
    {TW_COUNT_CANCELLED, "cancelled", FORM_COUNT},
    {TW_COUNT_ARRIVED, "arrived", FORM_COUNT},
    {TW_COUNT_DEPARTED, "departed", FORM_COUNT},
    {TW_COUNT_DECISIONS, "decisions", FORM_COUNT},
    {TW_COUNT_VERIFIED, "deliveries verified", FORM_COUNT},
    {TW_COUNT_DIVERTED, "diversions reported", FORM_COUNT},
    {TW_COUNT_PASSED, "passed", FORM_DAY},
    {TW_COUNT_DUE_FIRST, "first due", FORM_DAY},
    {TW_COUNT_DUE_LAST, "last due", FORM_DAY},
};
#define FIELDS (sizeof(fields) / sizeof(fields[0]))

/* Sketches and sets take several fields. */
static const struct {
	uint32_t first, words;
	const char *name;
} sets[] = {
    {TW_COUNT_COUNTRIES(0), TW_COUNTRY_WORDS, "countries"},
    {TW_COUNT_COUNTERPARTIES(0), TW_SKETCH_WORDS, "counterparties"},
    {TW_COUNT_OFFICES(0), TW_SKETCH_WORDS, "offices"},
};
#define SETS (sizeof(sets) / sizeof(sets[0]))

/* Of the sums that a mean and its deviation are made of. @return false: another field */
static bool usual_name(uint32_t field, char *out)
{
	static const char *const measures[TW_USUAL_MEASURES] = {"gross kg", "pieces", "value"};
	static const char *const parts[] = {"consignments with", "hundredths of", "squares, low part, of", "squares, high part, of"};
	for (uint32_t i = 0; i < TW_USUAL_MEASURES * 4; i++) {
		if (field == TW_COUNT_USUAL(i / 4, i % 4)) {
			snprintf(out, TW_STATE_WORDS_BYTES, "%s %s", parts[i % 4], measures[i / 4]);
			return true;
		}
	}
	return false;
}

const char *tw_state_field_name(uint32_t field, char out[TW_STATE_WORDS_BYTES])
{
	static const char *const buckets[TW_BUCKETS] = {"consignments", "gross kg", "pieces"};
	char day[TW_DATE_BYTES];
	if (tw_field_is_bucket(field)) {
		snprintf(out, TW_STATE_WORDS_BYTES, "%s on %s", buckets[tw_bucket_of(field)], tw_date_format(tw_bucket_day(field), day));
		return out;
	}
	for (size_t i = 0; i < FIELDS; i++) {
		if (fields[i].field == field) {
			snprintf(out, TW_STATE_WORDS_BYTES, "%s", fields[i].name);
			return out;
		}
	}
	for (size_t i = 0; i < SETS; i++) {
		uint32_t word = (field - sets[i].first) >> 2;
		if (field >= sets[i].first && word < sets[i].words && TW_COUNT_MERGE(field) == TW_MERGE_OR) {
			snprintf(out, TW_STATE_WORDS_BYTES, "%s, part %u of %u", sets[i].name, word + 1, sets[i].words);
			return out;
		}
	}
	if (usual_name(field, out)) {
		return out;
	}
	snprintf(out, TW_STATE_WORDS_BYTES, "field %u", field);
	return out;
}

static enum form form_of(uint32_t field)
{
	if (tw_field_is_bucket(field)) {
		return tw_bucket_of(field) == TW_BUCKET_SEEN ? FORM_COUNT : FORM_AMOUNT;
	}
	for (size_t i = 0; i < FIELDS; i++) {
		if (fields[i].field == field) {
			return fields[i].form;
		}
	}
	return TW_COUNT_MERGE(field) == TW_MERGE_OR ? FORM_BITS : FORM_COUNT;
}

const char *tw_state_amount(int64_t e4, char out[32])
{
	out[tw_digits_amount(out, e4)] = '\0';
	return out;
}

const char *tw_state_field_value(uint32_t field, int64_t value, char out[TW_STATE_WORDS_BYTES])
{
	char text[32];
	switch (form_of(field)) {
	case FORM_AMOUNT:
		snprintf(out, TW_STATE_WORDS_BYTES, "%s", tw_state_amount(value, text));
		break;
	case FORM_DAY:
		snprintf(out, TW_STATE_WORDS_BYTES, "%s",
		         value >= -TW_BUCKET_DAY_BIAS && value <= TW_BUCKET_DAY_MAX ? tw_date_format((int32_t)value, text) : "no day");
		break;
	case FORM_BITS:
		snprintf(out, TW_STATE_WORDS_BYTES, "%016" PRIx64, (uint64_t)value);
		break;
	case FORM_COUNT:
		snprintf(out, TW_STATE_WORDS_BYTES, "%" PRId64, value);
		break;
	}
	return out;
}

/* ---- elements ---- */

const char *tw_state_unit(uint32_t unit, char out[8])
{
	uint32_t length = 0;
	for (int shift = 24; shift >= 0; shift -= 8) {
		char c = (char)(unsigned char)(unit >> shift);
		if (c) {
			out[length++] = c;
		}
	}
	out[length] = '\0';
	return out;
}

static const char *named(const char *what, const struct tw_element *element, char *out)
{
	struct tw_slice name = tw_element_tail(element);
	snprintf(out, TW_STATE_WORDS_BYTES, "%s %.*s", what, (int)name.len, name.ptr);
	return out;
}

const char *tw_state_result(uint32_t result)
{
	static const char *const words[] = {"no result stated", "conform", "discrepancy", "seizure", "not examined"};
	return words[result < sizeof(words) / sizeof(words[0]) ? result : 0];
}

static const char *inspected_name(const struct tw_element *element, char class, char *out)
{
	struct tw_inspected inspected = {.consignment = {"", 0}};
	char instant[TW_INSTANT_BYTES];
	bool known = tw_inspected_read(class, element, &inspected);
	snprintf(out, TW_STATE_WORDS_BYTES, "inspection%s%.*s at %s", inspected.consignment.len ? " of " : "", (int)inspected.consignment.len,
	         inspected.consignment.ptr, known ? tw_instant_format(inspected.version.time_ms, instant) : "no time");
	return out;
}

/* The hash at a key's end. */
static uint64_t tail_number(struct tw_slice key)
{
	uint64_t number = 0;
	for (uint32_t i = key.len < 8 ? 0 : key.len - 8; i < key.len; i++) {
		number = number << 8 | (unsigned char)key.ptr[i];
	}
	return number;
}

static struct tw_earlier wares_of(const struct tw_element *element)
{
	struct tw_earlier out;
	return tw_wares_read(element, &out) ? out : (struct tw_earlier){{"", 0}, {"", 0}};
}

/* Elements that are told by what their key names. */
static const char *other_name(const struct tw_element *element, char *out)
{
	static const struct {
		char class;
		const char *what;
	} names[] = {
	    {TW_ELEMENT_DOCUMENT, "document of"},
	    {TW_ELEMENT_SHARED, "another certificate on"},
	    {TW_ELEMENT_UNDERTAKING, "undertaking in"},
	    {TW_ELEMENT_DRAW, "draw of"},
	    {TW_ELEMENT_DRAW_SAID, "particulars of"},
	    {TW_ELEMENT_VERIFIED, "delivery verified of"},
	    {TW_ELEMENT_ARRIVED, "arrival of"},
	    {TW_ELEMENT_LEFT, "departure of"},
	    {TW_ELEMENT_TOLD, "told as due:"},
	    {TW_ELEMENT_DUE, "due:"},
	    {TW_ELEMENT_EXPECTED, "verification expected of"},
	    {TW_ELEMENT_CLOCK, "clock of"},
	    {TW_ELEMENT_RECEIVED, "controlled goods received in"},
	    {TW_ELEMENT_SIGHTING, "stated by"},
	    {TW_ELEMENT_FOUND, "found in"},
	    {TW_ELEMENT_COVER, "covered by"},
	    {TW_ELEMENT_SHIPPED, "numbers in"},
	    {TW_ELEMENT_COVERED, "numbers listed by"},
	    {TW_ELEMENT_MAKER, "index of"},
	    {TW_ELEMENT_WORD, "who says"},
	};
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (tw_element_is(element, names[i].class)) {
			return named(names[i].what, element, out);
		}
	}
	snprintf(out, TW_STATE_WORDS_BYTES, "an element of %u bytes that nobody knows", element->key.len);
	return out;
}

const char *tw_state_element_name(const struct tw_element *element, char out[TW_STATE_WORDS_BYTES])
{
	struct tw_terms terms;
	int64_t at_ms = 0;
	char instant[TW_INSTANT_BYTES];
	switch (element->key.len ? element->key.ptr[0] : '\0') {
	case TW_ELEMENT_TERMS:
		if (tw_terms_read(element, &terms)) {
			snprintf(out, TW_STATE_WORDS_BYTES, "terms, revision %" PRId64, terms.revision);
			return out;
		}
		break;
	case TW_ELEMENT_PAPER:
		snprintf(out, TW_STATE_WORDS_BYTES, "paper of revision %" PRId64, element->version.revision);
		return out;
	case TW_ELEMENT_STATUS:
		if (tw_status_read(element, &at_ms)) {
			snprintf(out, TW_STATE_WORDS_BYTES, "status at %s", tw_instant_format(at_ms, instant));
			return out;
		}
		break;
	case TW_ELEMENT_ASSURED:
		snprintf(out, TW_STATE_WORDS_BYTES, "%s", element->key.len == 1 ? "deliveries to verify" : "draws on");
		return out;
	case TW_ELEMENT_MET:
	case TW_ELEMENT_REPORTED:
		snprintf(out, TW_STATE_WORDS_BYTES, "reported at %s", tw_instant_format(element->version.time_ms, instant));
		return out;
	case TW_ELEMENT_REVISION:
		snprintf(out, TW_STATE_WORDS_BYTES, "latest revision, %" PRId64, element->version.revision);
		return out;
	case TW_ELEMENT_RECEIVERS:
		snprintf(out, TW_STATE_WORDS_BYTES, "receivers of revision %" PRId64, element->version.revision);
		return out;
	case TW_ELEMENT_VOYAGE:
		snprintf(out, TW_STATE_WORDS_BYTES, "voyage by revision %" PRId64, element->version.revision);
		return out;
	case TW_ELEMENT_PARTIES:
		snprintf(out, TW_STATE_WORDS_BYTES, "parties of a revision");
		return out;
	case TW_ELEMENT_CANCELLED:
		snprintf(out, TW_STATE_WORDS_BYTES, "cancelled");
		return out;
	case TW_ELEMENT_LINK:
		snprintf(out, TW_STATE_WORDS_BYTES, "%s %016" PRIx64, tw_link_name(tw_link_of(element)), tail_number(element->key));
		return out;
	case TW_ELEMENT_WARES:
		snprintf(out, TW_STATE_WORDS_BYTES, "goods of %.*s", (int)wares_of(element).consignment.len, wares_of(element).consignment.ptr);
		return out;
	case TW_ELEMENT_OUTCOME:
	case TW_ELEMENT_INSPECTED:
		return inspected_name(element, element->key.ptr[0], out);
	default:
		break;
	}
	return other_name(element, out);
}

static void lines_say(struct tw_cursor cursor, uint64_t left, char *out)
{
	struct tw_ledger_line line;
	size_t used = 0;
	char amount[32], unit[8];
	out[0] = '\0';
	while (used + 1 < TW_STATE_WORDS_BYTES && tw_ledger_next(&cursor, &left, &line)) {
		int more = snprintf(out + used, TW_STATE_WORDS_BYTES - used, "%sline %" PRId64 ": %s %s", used ? ", " : "", line.line,
		                    line.stated ? tw_state_amount(line.quantity_e4, amount) : "?", tw_state_unit(line.unit, unit));
		used += more > 0 ? (size_t)more : 0;
	}
	if (used == 0) {
		snprintf(out, TW_STATE_WORDS_BYTES, "no lines");
	}
}

static void roll_say(struct tw_slice roll, char *out)
{
	struct tw_roll_walk walk = tw_roll_read(roll);
	enum tw_entity_kind kind;
	struct tw_slice key;
	size_t used = 0;
	out[0] = '\0';
	while (used + 1 < TW_STATE_WORDS_BYTES && tw_roll_next(&walk, &kind, &key)) {
		int more =
		    snprintf(out + used, TW_STATE_WORDS_BYTES - used, "%s%s %.*s", used ? ", " : "", tw_entity_name(kind), (int)key.len, key.ptr);
		used += more > 0 ? (size_t)more : 0;
	}
	if (used == 0) {
		snprintf(out, TW_STATE_WORDS_BYTES, "names none");
	}
}

/* "417, 501 to 700": numbers as the series folds them. */
static void runs_say(const struct tw_element *element, char *out)
{
	uint64_t left = 0;
	struct tw_cursor cursor = tw_runs_read(element, &left);
	struct tw_run run;
	size_t used = 0;
	if (tw_runs_are_typed(element->key.ptr[0]) && element->bytes.len) {
		used =
		    (size_t)snprintf(out, TW_STATE_WORDS_BYTES, "%s ", tw_event_type_name((enum tw_event_type)(unsigned char)element->bytes.ptr[0]));
	}
	while (used < TW_STATE_WORDS_BYTES / 2 && tw_runs_next(&cursor, &left, &run)) {
		char to[32] = "";
		if (run.last > run.first) {
			snprintf(to, sizeof(to), " to %" PRIu64, run.last);
		}
		used += (size_t)snprintf(out + used, TW_STATE_WORDS_BYTES - used, "%" PRIu64 "%s%s", run.first, to, left ? ", " : "");
	}
	if (left) {
		snprintf(out + used, TW_STATE_WORDS_BYTES - used, "and %" PRIu64 " more", left);
	} else if (used == 0) {
		snprintf(out, TW_STATE_WORDS_BYTES, "no longer stated");
	}
}

static void assured_say(const struct tw_assured *assured, char out[TW_STATE_WORDS_BYTES])
{
	if (!assured->verification) {
		snprintf(out, TW_STATE_WORDS_BYTES, "none");
	} else if (assured->within_stated) {
		snprintf(out, TW_STATE_WORDS_BYTES, "within %u days", assured->within_days);
	} else {
		snprintf(out, TW_STATE_WORDS_BYTES, "no time stated");
	}
}

static void draw_said_say(const struct tw_element *element, char out[TW_STATE_WORDS_BYTES])
{
	struct tw_draw_said said;
	if (tw_draw_said_read(element, &said)) {
		snprintf(out, TW_STATE_WORDS_BYTES, "makers and models: %" PRIu32 ", parties: %" PRIu32 ", rows of serials: %" PRIu32,
		         said.goods_count, said.party_count, said.run_count);
	} else {
		snprintf(out, TW_STATE_WORDS_BYTES, "%" PRIu32 " bytes that cannot be read", element->bytes.len);
	}
}

const char *tw_state_element_value(const struct tw_element *element, char out[TW_STATE_WORDS_BYTES])
{
	struct tw_inspected inspected;
	struct tw_assured assured;
	struct tw_verified verified;
	struct tw_undertaking undertaking;
	struct tw_terms terms;
	int64_t at_ms = 0;
	uint64_t left = 0;
	char instant[TW_INSTANT_BYTES];
	char class = element->key.len ? element->key.ptr[0] : '\0';
	enum tw_event_type type = class == TW_ELEMENT_STATUS ? tw_status_read(element, &at_ms) : (enum tw_event_type)0;
	if (class == TW_ELEMENT_TERMS && tw_terms_read(element, &terms)) {
		lines_say(terms.lines, terms.lines_left, out);
	} else if (tw_assured_read(element, &assured)) {
		assured_say(&assured, out);
	} else if (tw_verified_read(element, &verified)) {
		lines_say(verified.lines, verified.lines_left, out);
	} else if (class == TW_ELEMENT_REVISION || class == TW_ELEMENT_PARTIES || class == TW_ELEMENT_ASSURED) {
		roll_say(element->bytes, out);
	} else if (tw_inspected_read(class == TW_ELEMENT_OUTCOME ? TW_ELEMENT_OUTCOME : TW_ELEMENT_INSPECTED, element, &inspected)) {
		snprintf(out, TW_STATE_WORDS_BYTES, "%s", tw_state_result(inspected.result));
	} else if (class == TW_ELEMENT_DRAW && tw_slice_equal(element->bytes, tw_draws_ended())) {
		snprintf(out, TW_STATE_WORDS_BYTES, "given back");
	} else if (class == TW_ELEMENT_DRAW) {
		struct tw_cursor cursor = tw_draws_read(element->bytes, &left);
		lines_say(cursor, left, out);
	} else if (class == TW_ELEMENT_DRAW_SAID) {
		draw_said_say(element, out);
	} else if (tw_has_runs(element)) {
		runs_say(element, out);
	} else if (class == TW_ELEMENT_WARES) {
		snprintf(out, TW_STATE_WORDS_BYTES, "%.*s", (int)wares_of(element).goods.len, wares_of(element).goods.ptr);
	} else if (tw_undertaking_read(element, &undertaking)) {
		snprintf(out, TW_STATE_WORDS_BYTES, "for %c%c, %s, %" PRIu32 " headings",
		         undertaking.destination ? undertaking.destination >> 8 : '?', undertaking.destination ? undertaking.destination & 0xFF : '?',
		         undertaking.no_reexport ? "no re-export"
		         : undertaking.consent   ? "re-export with consent"
		                                 : "re-export not spoken of",
		         undertaking.headings);
	} else if (class == TW_ELEMENT_PAPER) {
		snprintf(out, TW_STATE_WORDS_BYTES, "%" PRIu32 " bytes, hash %016" PRIx64, element->bytes.len,
		         tw_hash64(element->bytes.ptr, element->bytes.len, 0));
	} else if (type) {
		snprintf(out, TW_STATE_WORDS_BYTES, "%s", tw_event_type_name(type));
	} else {
		snprintf(out, TW_STATE_WORDS_BYTES, "as of %s", tw_instant_format(element->version.time_ms, instant));
	}
	return out;
}
