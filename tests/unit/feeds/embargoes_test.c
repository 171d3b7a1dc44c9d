/**
 * @file embargoes_test.c
 * feeds/embargoes: both sides of every boundary date of the shipped rows, goods classes, order, and every refusal.
 */
#include "feeds/embargoes.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <unistd.h>

#include "engine/base/text.h"
#include "engine/base/time.h"

#define SHIPPED    "feeds/embargoes/embargoes.csv"
#define EVERYTHING 0x1ffU
#define ANY_WAY    (TW_DIRECTION_SUPPLY_TO | TW_DIRECTION_SUPPLY_FROM)
#define ROOM       64

static struct tw_embargoes *shipped(void)
{
	struct tw_embargoes *embargoes = NULL;
	struct tw_error err = {.what = ""};
	cr_assert_eq(tw_embargoes_load(SHIPPED, &embargoes, &err), TW_OK, "%s %s %s", err.what, err.where, err.detail);
	return embargoes;
}

static bool answers(const struct tw_embargoes *embargoes, const struct tw_embargo *row, int32_t day)
{
	const struct tw_embargo_query query = {row->country, row->goods, day, row->directions, 0};
	const struct tw_embargo *found[ROOM];
	uint32_t count = tw_embargoes_in_force(embargoes, &query, found, ROOM);
	cr_assert_leq(count, ROOM);
	for (uint32_t i = 0; i < count; i++) {
		if (found[i] == row) {
			return true;
		}
	}
	return false;
}

Test(embargoes, are_in_force_from_the_first_day_to_the_day_before_the_end_row_by_row)
{
	struct tw_embargoes *embargoes = shipped();
	uint32_t count, countries = 0;
	const struct tw_embargo *row = tw_embargoes_rows(embargoes, &count);
	cr_assert_eq(count, 163);
	for (uint32_t i = 0; i < count; i++) {
		if (!row[i].country) {
			cr_assert_eq(row[i].target, TW_TARGET_ENTITY_GROUP, "line %u, only listed groups are without a place", row[i].line);
			cr_assert_not(answers(embargoes, &row[i], row[i].start), "line %u, no place to ask for", row[i].line);
			continue;
		}
		countries++;
		cr_assert_not(answers(embargoes, &row[i], row[i].start - 1), "line %u, the day before the start", row[i].line);
		cr_assert(answers(embargoes, &row[i], row[i].start), "line %u, the first day", row[i].line);
		if (row[i].end == TW_DAY_OPEN) {
			cr_assert(answers(embargoes, &row[i], row[i].start + 40000), "line %u, open", row[i].line);
		} else {
			cr_assert(answers(embargoes, &row[i], row[i].end - 1), "line %u, the last day", row[i].line);
			cr_assert_not(answers(embargoes, &row[i], row[i].end), "line %u, the end", row[i].line);
		}
	}
	cr_assert_eq(countries, 157);
	tw_embargoes_free(embargoes);
}

static uint32_t ask(const struct tw_embargoes *embargoes, const char *country, uint32_t goods, const char *date, const struct tw_embargo **out)
{
	int32_t day;
	cr_assert(tw_date_parse(tw_slice_str(date), &day));
	const struct tw_embargo_query query = {tw_country_code(tw_slice_str(country)), goods, day, TW_DIRECTION_SUPPLY_TO, 0};
	return tw_embargoes_in_force(embargoes, &query, out, ROOM);
}

Test(embargoes, name_the_resolution_on_a_day_of_history)
{
	struct tw_embargoes *embargoes = shipped();
	const struct tw_embargo *found[ROOM];
	/* Source: S/RES/418 (1977) para. 2, mandatory from 4 November 1977 to 25 May 1994. */
	uint32_t before = ask(embargoes, "ZA", TW_GOODS_AMMUNITION, "1977-11-03", found);
	cr_assert_eq(before, 1);
	cr_assert_not(found[0]->binding, "S/RES/181 (1963) was a call");
	cr_assert_geq(ask(embargoes, "ZA", TW_GOODS_AMMUNITION, "1977-11-04", found), 1);
	cr_assert(found[0]->binding);
	cr_assert_not_null(memmem(found[0]->instrument.ptr, found[0]->instrument.len, "S/RES/418", 9));
	cr_assert_geq(ask(embargoes, "ZA", TW_GOODS_AMMUNITION, "1994-05-24", found), 1);
	cr_assert_eq(ask(embargoes, "ZA", TW_GOODS_AMMUNITION, "1994-05-25", found), 0);
	tw_embargoes_free(embargoes);
}

static bool is_un(const struct tw_embargo *row)
{
	return tw_slice_is(row->issuer, "UN");
}

/* Binding, then how sure, then the Security Council, then the file's order. */
static bool in_order(const struct tw_embargo *a, const struct tw_embargo *b)
{
	if (a->binding != b->binding) {
		return a->binding;
	}
	if (a->confidence != b->confidence) {
		return a->confidence < b->confidence;
	}
	return is_un(a) != is_un(b) ? is_un(a) : a->line < b->line;
}

Test(embargoes, put_binding_rows_first_then_sure_ones_then_the_security_council_then_file_order)
{
	struct tw_embargoes *embargoes = shipped();
	const struct tw_embargo *found[ROOM];
	uint32_t pairs = 0;
	for (int32_t day = -2500; day < 20600; day += 91) {
		for (uint32_t code = 0; code < 26 * 26; code++) {
			const struct tw_embargo_query query = {(uint16_t)(('A' + code / 26) << 8 | ('A' + code % 26)), EVERYTHING, day, ANY_WAY, 0};
			uint32_t count = tw_embargoes_in_force(embargoes, &query, found, ROOM);
			for (uint32_t i = 1; i < count; i++, pairs++) {
				cr_assert(in_order(found[i - 1], found[i]), "lines %u and %u", found[i - 1]->line, found[i]->line);
			}
		}
	}
	cr_assert_gt(pairs, 1000, "the order is tested on nothing");
	tw_embargoes_free(embargoes);
}

Test(embargoes, know_which_rows_are_calls_or_suspended_and_which_renewals_were_not_verified)
{
	struct tw_embargoes *embargoes = shipped();
	uint32_t count, not_binding = 0, dated = 0;
	const struct tw_embargo *row = tw_embargoes_rows(embargoes, &count);
	for (uint32_t i = 0; i < count; i++) {
		not_binding += !row[i].binding;
		dated += row[i].verified_until != TW_DAY_OPEN;
	}
	cr_assert_eq(not_binding, 9, "8 calls and Libya's suspended interval");
	cr_assert_eq(dated, 11);
	cr_assert_eq(tw_embargoes_digest(embargoes).len, 64);
	tw_embargoes_free(embargoes);
}

Test(embargoes, give_the_best_rows_when_there_is_little_room)
{
	struct tw_embargoes *embargoes = shipped();
	const struct tw_embargo *all[ROOM], *one[1];
	int32_t day;
	cr_assert(tw_date_parse(tw_slice_str("2015-06-01"), &day));
	const struct tw_embargo_query query = {tw_country_code(tw_slice_str("SD")), EVERYTHING, day, ANY_WAY, 0};
	uint32_t count = tw_embargoes_in_force(embargoes, &query, all, ROOM);
	cr_assert_gt(count, 1);
	cr_assert_eq(tw_embargoes_in_force(embargoes, &query, one, 1), count);
	cr_assert_eq(one[0], all[0]);
	cr_assert_eq(tw_embargoes_in_force(embargoes, &query, NULL, 0), count);
	tw_embargoes_free(embargoes);
}

/* ---- a small file of our own ---- */

#define HEADER                                                                                                                                       \
	"id,issuer,regime,target_kind,target_country,target_group,goods,direction,legal_start,legal_end,instrument_start,instrument_end,exemptions," \
	"source,"                                                                                                                                    \
	"source_date,confidence,notes\n"

static char path[64];

static enum tw_code load_text(const char *text, struct tw_embargoes **out, struct tw_error *err)
{
	snprintf(path, sizeof(path), "/tmp/tw-embargoes-XXXXXX");
	int fd = mkstemp(path);
	cr_assert_geq(fd, 0);
	cr_assert_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	enum tw_code code = tw_embargoes_load(path, out, err);
	unlink(path);
	return code;
}

static struct tw_embargoes *small(const char *rows)
{
	struct tw_embargoes *embargoes = NULL;
	struct tw_error err = {.what = ""};
	char text[4096];
	snprintf(text, sizeof(text), HEADER "%s", rows);
	cr_assert_eq(load_text(text, &embargoes, &err), TW_OK, "%s %s %s", err.what, err.where, err.detail);
	return embargoes;
}

static uint32_t count_of(const struct tw_embargoes *embargoes, uint32_t goods, uint32_t directions, uint32_t targets)
{
	const struct tw_embargo *found[ROOM];
	const struct tw_embargo_query query = {tw_country_code(tw_slice_str("XB")), goods, 100, directions, targets};
	return tw_embargoes_in_force(embargoes, &query, found, ROOM);
}

Test(embargoes, include_goods_as_their_words_say)
{
	static const struct {
		const char *row;
		uint32_t met;
	} cases[] = {
	    {"all_goods", EVERYTHING},
	    {"arms_and_related", TW_GOODS_ARMS_AND_RELATED | TW_GOODS_ARMS | TW_GOODS_AMMUNITION | TW_GOODS_LIGHT | TW_GOODS_HEAVY},
	    {"arms", TW_GOODS_ARMS | TW_GOODS_LIGHT | TW_GOODS_HEAVY},
	    {"heavy_conventional", TW_GOODS_HEAVY},
	    {"light_weapons+ammunition", TW_GOODS_LIGHT | TW_GOODS_AMMUNITION},
	    {"dual_use_police", TW_GOODS_REPRESSION},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char row[256];
		snprintf(row, sizeof(row), "a,UN,R,state,XB,,%s,supply_to,1970-01-01,,I,,,S,,seen,\n", cases[i].row);
		struct tw_embargoes *embargoes = small(row);
		for (uint32_t bit = 1; bit <= TW_GOODS_SURVEILLANCE; bit <<= 1) {
			cr_assert_eq(count_of(embargoes, bit, TW_DIRECTION_SUPPLY_TO, 0), (cases[i].met & bit) ? 1 : 0, "%s and bit %u", cases[i].row,
			             bit);
		}
		tw_embargoes_free(embargoes);
	}
}

Test(embargoes, meet_only_their_direction_and_their_kind_of_target)
{
	struct tw_embargoes *embargoes = small("a,UN,R,non_state,XB,rebels,arms,procure_from,1970-01-01,,I,,,S,,seen,verified_until=1970-02-01\n");
	cr_assert_eq(count_of(embargoes, TW_GOODS_ARMS, TW_DIRECTION_SUPPLY_TO, 0), 0);
	cr_assert_eq(count_of(embargoes, TW_GOODS_ARMS, TW_DIRECTION_SUPPLY_FROM, 0), 1);
	cr_assert_eq(count_of(embargoes, TW_GOODS_ARMS, ANY_WAY, 1U << TW_TARGET_STATE), 0);
	cr_assert_eq(count_of(embargoes, TW_GOODS_ARMS, ANY_WAY, 1U << TW_TARGET_NON_STATE), 1);
	uint32_t count;
	cr_assert_eq(tw_embargoes_rows(embargoes, &count)[0].verified_until, 31);
	tw_embargoes_free(embargoes);
}

Test(embargoes, of_listed_groups_without_a_country_answer_for_no_place)
{
	struct tw_embargoes *embargoes = small("a,UN,R,entity_group,,listed persons,arms,supply_to,1970-01-01,,I,,,S,,seen,\n");
	cr_assert_eq(count_of(embargoes, EVERYTHING, ANY_WAY, 0), 0);
	tw_embargoes_free(embargoes);
}

Test(embargoes, refuse_a_file_with_one_wrong_row_and_say_where)
{
	static const struct {
		const char *row;
		const char *what;
	} cases[] = {
	    {"b,UN,R,state,XB,,arms,supply_to,1970-02-30,,I,,,S,,seen,\n", "legal_start is not a date"},
	    {"b,UN,R,state,XB,,arms,supply_to,1970-01-01,tomorrow,I,,,S,,seen,\n", "legal_end is not a date"},
	    {"b,UN,R,state,XB,,arms,supply_to,1970-01-02,1970-01-02,I,,,S,,seen,\n", "legal_end is not after legal_start"},
	    {"b,UN,R,realm,XB,,arms,supply_to,1970-01-01,,I,,,S,,seen,\n", "unknown target_kind"},
	    {"b,UN,R,state,XBX,,arms,supply_to,1970-01-01,,I,,,S,,seen,\n", "target_country is not a two-letter code"},
	    {"b,UN,R,state,,,arms,supply_to,1970-01-01,,I,,,S,,seen,\n", "only listed groups may be without a target_country"},
	    {"b,UN,R,state,XB,,arms+spoons,supply_to,1970-01-01,,I,,,S,,seen,\n", "unknown goods"},
	    {"b,UN,R,state,XB,,,supply_to,1970-01-01,,I,,,S,,seen,\n", "unknown goods"},
	    {"b,UN,R,state,XB,,arms,sideways,1970-01-01,,I,,,S,,seen,\n", "unknown direction"},
	    {"b,UN,R,state,XB,,arms,supply_to,1970-01-01,,,,,S,,seen,\n", "a row without an instrument"},
	    {"b,UN,R,state,XB,,arms,supply_to,1970-01-01,,I,,,,,seen,\n", "a row without a source"},
	    {"b,UN,R,state,XB,,arms,supply_to,1970-01-01,,I,,,S,,guessed,\n", "unknown confidence"},
	    {"b,UN,R,state,XB,,arms,supply_to,1970-01-01,,I,,,S,,seen,verified_until=soon\n", "verified_until is not a date, or missing"},
	    {"b,UN,R,state,XB,,arms,supply_to,1970-01-01,,I,,,S,,seen,RENEWAL NOT VERIFIED\n", "verified_until is not a date, or missing"},
	    {",UN,R,state,XB,,arms,supply_to,1970-01-01,,I,,,S,,seen,\n", "a row without an id"},
	    {"a,UN,R,state,XB,,arms,supply_to,1970-01-01,,I,,,S,,seen,\n", "an id stated twice"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[4096];
		struct tw_embargoes *embargoes = NULL;
		struct tw_error err = {.what = ""};
		snprintf(text, sizeof(text), HEADER "a,UN,R,state,XB,,arms,supply_to,1970-01-01,,I,,,S,,seen,\n%s", cases[i].row);
		cr_assert_neq(load_text(text, &embargoes, &err), TW_OK, "%s", cases[i].what);
		cr_assert_null(embargoes);
		cr_assert_str_eq(err.what, cases[i].what);
		cr_assert_str_eq(err.where + strlen(path), ":3", "%s", err.where);
	}
}

Test(embargoes, refuse_a_file_that_is_missing_empty_or_foreign)
{
	struct tw_embargoes *embargoes = NULL;
	struct tw_error err = {.what = ""};
	cr_assert_eq(tw_embargoes_load("feeds/embargoes/none.csv", &embargoes, &err), TW_E_MISSING);
	cr_assert_neq(load_text("", &embargoes, &err), TW_OK);
	cr_assert_neq(load_text("a,b,c\n", &embargoes, &err), TW_OK);
	cr_assert_eq(load_text(HEADER, &embargoes, &err), TW_E_MISSING);
	cr_assert_null(embargoes);
}

Test(embargoes, know_their_goods_words)
{
	cr_assert_eq(tw_goods_find(tw_slice_str("light_weapons")), TW_GOODS_LIGHT);
	cr_assert_eq(tw_goods_find(tw_slice_str("light weapons")), 0);
	cr_assert_eq(tw_goods_find(tw_slice_str("")), 0);
}
