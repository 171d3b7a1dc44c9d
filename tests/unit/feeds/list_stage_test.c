/** @file list_stage_test.c  What a loader writes into, and whose number an IMO number is. */
#include "tests/unit/feeds/list_fixture.h"

static struct tw_list_stage *stage;

static void setup(void)
{
	stage = fixture_stage("x");
}

static void teardown(void)
{
	fixture_stage_free(stage);
}

TestSuite(list_stage, .init = setup, .fini = teardown);

static const char *scheme(const char *digits, enum tw_entry_kind kind)
{
	const char *found = tw_list_imo_scheme(tw_slice_str(digits), kind);
	return found ? found : "none";
}

Test(list_stage, a_ships_check_digit_makes_an_imo_number)
{
	cr_expect_str_eq(scheme("9074729", TW_ENTRY_VESSEL), "imo");
	cr_expect_str_eq(scheme("9187629", TW_ENTRY_VESSEL), "imo");
	cr_expect_str_eq(scheme("9074729", TW_ENTRY_ORGANISATION), "imo");
}

Test(list_stage, a_companys_check_digit_makes_a_company_number)
{
	cr_expect_str_eq(scheme("5342883", TW_ENTRY_ORGANISATION), "imo_company");
	cr_expect_str_eq(scheme("5985863", TW_ENTRY_VESSEL), "imo_company");
}

Test(list_stage, where_both_check_the_kind_of_the_entry_decides)
{
	cr_expect_str_eq(scheme("1790183", TW_ENTRY_ORGANISATION), "imo_company");
	cr_expect_str_eq(scheme("1790183", TW_ENTRY_VESSEL), "imo");
}

Test(list_stage, what_checks_as_neither_is_no_imo_number)
{
	cr_expect_str_eq(scheme("9074728", TW_ENTRY_VESSEL), "none");
	cr_expect_str_eq(scheme("907472", TW_ENTRY_VESSEL), "none");
	cr_expect_str_eq(scheme("90747299", TW_ENTRY_VESSEL), "none");
	cr_expect_str_eq(scheme("907472x", TW_ENTRY_VESSEL), "none");
	cr_expect_str_eq(scheme("", TW_ENTRY_VESSEL), "none");
}

Test(list_stage, blank_texts_are_passed_over)
{
	uint32_t entry;
	cr_assert(tw_list_stage_entry(stage, tw_slice_str("1"), TW_ENTRY_PERSON, 1, &entry));
	cr_expect(tw_list_stage_name(stage, entry, tw_slice_str(" \n"), TW_NAME_PRIMARY));
	cr_expect(tw_list_stage_names(stage, entry, tw_slice_str("; ;"), TW_NAME_PRIMARY));
	cr_expect(tw_list_stage_identifier(stage, entry, "passport", tw_slice_str(" "), tw_slice_str("Nowhere")));
	cr_expect(tw_list_stage_country(stage, entry, tw_slice_str("")));
	cr_expect(tw_list_stage_country(stage, entry, tw_slice_str("Atlantis")));
	cr_expect_eq(stage->names.count + stage->identifiers.count + stage->countries.count, 0u);
}

Test(list_stage, a_country_that_is_not_known_is_counted_once_with_its_entrys_line)
{
	uint32_t entry;
	const struct tw_slice street = tw_slice_str("1 Dock Road");
	cr_assert(tw_list_stage_entry(stage, tw_slice_str("1"), TW_ENTRY_PERSON, 7, &entry));
	cr_expect(tw_list_stage_country(stage, entry, tw_slice_str("Nowhere")));
	cr_expect_eq(stage->report.skip_count, 0u);
	cr_expect(tw_list_stage_address(stage, entry, &street, 1, tw_slice_str(""), tw_slice_str("Atlantis")));
	cr_assert_eq(stage->report.skip_count, 1u);
	cr_expect_eq(stage->report.skip[0].count, 1u);
	cr_expect_eq(stage->report.skip[0].first_line, 7u);
	cr_expect_not(stage->report.skip[0].unread);
	cr_expect(tw_list_stage_identifier(stage, entry, "passport", tw_slice_str("592667"), tw_slice_str("Atlantis")));
	cr_expect_eq(stage->report.skip[0].count, 2u);
}

Test(list_stage, only_the_first_of_several_names_is_primary)
{
	uint32_t entry;
	cr_assert(tw_list_stage_entry(stage, tw_slice_str("1"), TW_ENTRY_PERSON, 1, &entry));
	cr_assert(tw_list_stage_names(stage, entry, tw_slice_str("Alpha ; Beta"), TW_NAME_PRIMARY));
	const struct tw_stage_name *names = stage->names.data;
	cr_assert_eq(stage->names.count, 2u);
	cr_expect_eq(names[0].name.quality, TW_NAME_PRIMARY);
	cr_expect_eq(names[1].name.quality, TW_NAME_STRONG);
}

Test(list_stage, a_stage_that_is_full_says_so)
{
	uint32_t entry;
	stage->arena.ceiling_bytes = stage->arena.held_bytes;
	char text[5000];
	memset(text, 'a', sizeof(text));
	struct tw_slice large = {text, sizeof(text)};
	bool fits = true;
	for (int i = 0; fits && i < 1000; i++) {
		fits = tw_list_stage_entry(stage, large, TW_ENTRY_PERSON, 1, &entry);
	}
	cr_expect_not(fits);
	cr_expect_not(tw_list_stage_name(stage, 0, large, TW_NAME_PRIMARY));
	cr_expect_not(tw_list_stage_identifier(stage, 0, "passport", large, tw_slice_str("")));
}
