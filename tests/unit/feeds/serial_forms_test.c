/**
 * @file serial_forms_test.c
 * Makers' forms of serials: what a form holds, what is refused with its line, which rows are about a mark.
 */
#include "feeds/serial_forms.h"

#include <criterion/criterion.h>
#include <stdio.h>

#include "engine/base/arena.h"

static struct tw_arena arena;

static void start(void)
{
	tw_arena_init(&arena, 65536, 0);
}

static void stop(void)
{
	tw_arena_fini(&arena);
}

TestSuite(serial_forms, .init = start, .fini = stop);

static struct tw_serial_forms *forms_of(const char *rows)
{
	char text[1024];
	struct tw_serial_forms *forms = NULL;
	snprintf(text, sizeof(text), "%s\n%s", TW_SERIAL_FORMS_HEADER, rows);
	struct tw_error err;
	cr_assert_eq(tw_serial_forms_read("forms", tw_slice_str(text), &forms, &err), TW_OK, "%s: %s", err.what, err.where);
	return forms;
}

static enum tw_serial_form ask(const struct tw_serial_forms *forms, const char *maker, const char *model, const char *value)
{
	bool full = false;
	const struct tw_serial_form_question question = {tw_slice_str(maker), tw_slice_str(model), tw_slice_str(value)};
	enum tw_serial_form says = tw_serial_forms_ask(forms, &question, &arena, &full);
	cr_expect_not(full);
	return says;
}

static void expect(const char *form, const char *value, bool well)
{
	char row[256];
	snprintf(row, sizeof(row), "Samplearms,,\"%s\",letter\n", form);
	struct tw_serial_forms *forms = forms_of(row);
	cr_expect_eq(ask(forms, "Samplearms", "", value), well ? TW_SERIAL_WELL_FORMED : TW_SERIAL_ILL_FORMED, "%s, %s", form, value);
	tw_serial_forms_free(forms);
}

Test(serial_forms, a_form_stands_for_the_whole_serial)
{
	expect("[A-Z]{2}[0-9]{4,6}", "AD0117", true);
	expect("[A-Z]{2}[0-9]{4,6}", "ad-01 17", true);
	expect("[A-Z]{2}[0-9]{4,6}", "AD000117", true);
	expect("[A-Z]{2}[0-9]{4,6}", "AD117", false);
	expect("[A-Z]{2}[0-9]{4,6}", "AD0000117", false);
	expect("[A-Z]{2}[0-9]{4,6}", "A10117", false);
	expect("[A-Z]{2}[0-9]{4,6}", "AD0117\xC3\x84", false);
	expect("9[0-9]{2}K?", "912", true);
	expect("9[0-9]{2}K?", "912k", true);
	expect("9[0-9]{2}K?", "912KK", false);
	expect("A?B?C", "C", true);
	expect("A?B?C", "BC", true);
	expect("A?B?C", "ABC", true);
	expect("A?B?C", "BAC", false);
	expect("[A-CX]{1,2}7|Q[0-9]{3}", "X7", true);
	expect("[A-CX]{1,2}7|Q[0-9]{3}", "Q123", true);
	expect("[A-CX]{1,2}7|Q[0-9]{3}", "D7", false);
	expect("[A-Z0-9]{63}", "A23456789B23456789C23456789D23456789E23456789F23456789G23456789", true);
}

static void refused(const char *row, enum tw_code code)
{
	char text[512];
	struct tw_serial_forms *forms = NULL;
	struct tw_error err;
	snprintf(text, sizeof(text), "%s\nSamplearms,,A,letter\n%s\n", TW_SERIAL_FORMS_HEADER, row);
	cr_expect_eq(tw_serial_forms_read("forms", tw_slice_str(text), &forms, &err), code, "%s", row);
	cr_expect_null(forms);
	cr_expect(strstr(err.where, "forms:3"), "%s: %s", row, err.where);
}

Test(serial_forms, what_is_no_form_is_refused_with_its_line)
{
	static const char *const none[] = {"[A-Z", "[]", "[Z-A]", "[A-9]", "A{",   "A{2", "A{3,2}", "A{0}",  "A{,2}",      "A{2,}", "(A|B)",
	                                   "A+",   "A*", ".",     "^A",    "A||B", "|A",  "A?",     "A{64}", "A{40}B{24}", "A{x}",  "[a_]"};
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		char row[128];
		snprintf(row, sizeof(row), "Otherworks,,\"%s\",letter", none[i]);
		refused(row, TW_E_SYNTAX);
	}
	refused(",,A,letter", TW_E_MISSING);
	refused("Otherworks,,,letter", TW_E_MISSING);
	refused("Otherworks,,A,", TW_E_MISSING);
	struct tw_serial_forms *forms = NULL;
	struct tw_error err;
	cr_expect_eq(tw_serial_forms_load("/nowhere/forms.csv", &forms, &err), TW_E_MISSING);
	cr_expect_eq(tw_serial_forms_read("forms", tw_slice_str("maker,form\n"), &forms, &err), TW_E_SYNTAX);
}

Test(serial_forms, rows_are_about_their_maker_and_model)
{
	struct tw_serial_forms *forms =
	    forms_of("Sample Arms,,A[0-9]{3},letter\nSample Arms,SR-9,9[0-9]{3},letter\nTern Forge,T1,T[0-9]{2},letter\n");
	uint32_t makers = 0;
	cr_expect_eq(tw_serial_forms_count(forms, &makers), 3);
	cr_expect_eq(makers, 2);
	cr_expect_eq(ask(forms, "SAMPLE ARMS works a.s.", "", "A123"), TW_SERIAL_WELL_FORMED);
	cr_expect_eq(ask(forms, "Sample Armsson", "", "A123"), 0, "another maker");
	cr_expect_eq(ask(forms, "Sample Arms", "SR-5", "9123"), TW_SERIAL_ILL_FORMED, "another model's");
	cr_expect_eq(ask(forms, "Sample Arms", "sr9", "9123"), TW_SERIAL_WELL_FORMED);
	cr_expect_eq(ask(forms, "Sample Arms", "sr9", "A123"), TW_SERIAL_WELL_FORMED, "and all models'");
	cr_expect_eq(ask(forms, "Tern Forge", "", "X"), 0, "nobody says which model");
	cr_expect_eq(ask(forms, "Tern Forge", "T1", "X"), TW_SERIAL_ILL_FORMED);
	cr_expect_eq(ask(forms, "", "", "X"), 0);
	cr_expect_eq(ask(forms, "Sample Arms", "", "--"), 0, "no letter and no digit");
	cr_expect_eq(ask(NULL, "Sample Arms", "", "X"), 0);
	cr_expect_eq(tw_serial_forms_digest(forms).len, 64);
	tw_serial_forms_free(forms);
}

Test(serial_forms, an_empty_table_says_nothing)
{
	struct tw_serial_forms *forms = forms_of("");
	uint32_t makers = 7;
	cr_expect_eq(tw_serial_forms_count(forms, &makers), 0);
	cr_expect_eq(makers, 0);
	cr_expect_eq(ask(forms, "Sample Arms", "", "X"), 0);
	tw_serial_forms_free(forms);
}
