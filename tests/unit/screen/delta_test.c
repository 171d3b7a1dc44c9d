/** @file delta_test.c  Hits against the edition of the lists before: a new entry, a name and a number gained, and what was there already. */
#include "engine/screen/delta.h"

#include "tests/unit/feeds/list_fixture.h"

static struct tw_list_index *before;

static void setup(void)
{
	struct tw_list_stage *stage = fixture_stage("xa-list");
	uint32_t at = 0;
	cr_assert(tw_list_stage_entry(stage, tw_slice_str("1"), TW_ENTRY_ORGANISATION, 1, &at));
	cr_assert(tw_list_stage_name(stage, at, tw_slice_str("Quillfeather Arms Works"), TW_NAME_PRIMARY));
	cr_assert(tw_list_stage_identifier(stage, at, "registration", tw_slice_str("XA-4471"), tw_slice_str("")));
	struct tw_slice address = tw_slice_str("14 Wharf Lane, Kestrel Bay");
	cr_assert(tw_list_stage_address(stage, at, &address, 1, tw_slice_str(""), tw_slice_str("")));
	before = fixture_index(&stage, 1);
}

static void teardown(void)
{
	tw_list_index_free(before);
}

TestSuite(delta, .init = setup, .fini = teardown);

static bool is_news(const char *list, const char *entry, enum tw_match_basis basis, const char *scheme, const char *name)
{
	struct tw_match match = {.list = tw_slice_str(list),
	                         .entry = tw_slice_str(entry),
	                         .basis = basis,
	                         .scheme = tw_slice_str(scheme),
	                         .name = tw_slice_str(name),
	                         .is_new = true};
	struct tw_matches matches = {&match, 1};
	uint32_t count = tw_delta_mark(before, &matches);
	cr_expect_eq(count, (uint32_t)match.is_new);
	return match.is_new;
}

Test(delta, a_hit_by_what_the_edition_before_had_is_no_news)
{
	cr_expect_not(is_news("xa-list", "1", TW_MATCH_NAME, "", "Quillfeather Arms Works"));
	cr_expect_not(is_news("xa-list", "1", TW_MATCH_IDENTIFIER, "registration", "XA-4471"));
	cr_expect_not(is_news("xa-list", "1", TW_MATCH_ADDRESS, "", "14 Wharf Lane, Kestrel Bay"));
}

Test(delta, an_entry_that_came_is_news_and_so_is_a_name_or_number_that_one_gained)
{
	cr_expect(is_news("xa-list", "2", TW_MATCH_NAME, "", "Quillfeather Arms Works"));
	cr_expect(is_news("xa-list", "1", TW_MATCH_NAME, "", "QFW Ordnance"));
	cr_expect(is_news("xa-list", "1", TW_MATCH_IDENTIFIER, "registration", "XA-4472"));
	cr_expect(is_news("xa-list", "1", TW_MATCH_IDENTIFIER, "tax", "XA-4471"));
	cr_expect(is_news("xa-list", "1", TW_MATCH_ADDRESS, "", "16 Wharf Lane, Kestrel Bay"));
	cr_expect(is_news("xb-list", "1", TW_MATCH_NAME, "", "Quillfeather Arms Works"), "a list that was not there");
}

Test(delta, an_event_without_hits_has_no_news)
{
	struct tw_matches none = {NULL, 0};
	cr_expect_eq(tw_delta_mark(before, &none), 0u);
}
