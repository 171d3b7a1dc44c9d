/** @file uk_json_test.c  The UK list as JSON lines: names in parts, kinds, measures, ships, every way to be passed over. */
#include "tests/unit/feeds/json_fixture.h"

#define HEAD      "{\"unique_id\":\"XXX0001\",\"individual_entity_ship\":"
#define NAMES(in) "\"names\":{\"names\":[" in "]}"
#define ALPHA     NAMES("{\"name6\":\"ALPHA\",\"name_type\":\"Primary Name\"}")

Test(uk_json, an_individual_with_everything)
{
	json_expect_entry(
	    tw_uk_json_load,
	    "{\"addresses\":{\"addresses\":[{\"address_line1\":\"1 Dock Road\",\"address_line6\":\"Alphaville\",\"address_country\":\"Nowhere\"},"
	    "{\"address_country\":\"Elsewhere\"}]}," NAMES("{\"name1\":\"Al\",\"name6\":\"PHA\",\"name_type\":\"Primary name variation\"},"
	                                                   "{\"name6\":\"BETA\",\"name2\":\"Gamma \",\"name1\":\" "
	                                                   "Al\",\"name5\":\"bin\",\"name_type\":\"Primary Name\"},"
	                                                   "{\"name6\":\"Alfie\",\"name_type\":\"ALias\",\"alias_strength\":\"Low quality a.k.a\"},"
	                                                   "{\"name6\":\"Alf\",\"name_type\":\"Alias\",\"alias_strength\":\"Good quality "
	                                                   "a.k.a\"},{\"name_type\":\"Alias\"}") ","
	                                                                                         "\"non_latin_names\":{\"names\":[{\"name_non_latin_"
	                                                                                         "script\":\"Альфа\"}]},\"unique_id\":\"XXX0001\","
	                                                                                         "\"regime_name\":\"The Test Regulations\","
	                                                                                         "\"date_designated\":\"2020-12-31\",\"sanctions_"
	                                                                                         "imposed\":\"Asset freeze|Targeted arms embargo\","
	                                                                                         "\"sanctions_imposed_indicators\":{\"asset_freeze\":"
	                                                                                         "true,\"targeted_arms_embargo\":true,\"travel_ban\":"
	                                                                                         "true,\"deflag\":false},"
	                                                                                         "\"individual_entity_ship\":\"Individual\",\"uk_"
	                                                                                         "statement_of_reasons\":\"Owner of IMO 9074729\"}\n",
	    "XXX0001",
	    "XXX0001 person The Test Regulations\nprimary: Al Gamma bin BETA\nstrong: Al PHA\nweak: Alfie\nstrong: Alf\nscript: Альфа\n"
	    "countries: XA XB\naddress: 1 Dock Road, Alphaville []\naddress:  []\nmeasures: arms embargo, asset freeze, travel ban\n"
	    "listed: 2020-12-31\n");
}

Test(uk_json, a_ship_with_its_number_in_the_reasons_and_measures_in_words)
{
	json_expect_entry(tw_uk_json_load,
	                  HEAD "\"Ship\"," ALPHA ",\"sanctions_imposed\":\"De-flag|Prohibition of port entry\","
	                       "\"uk_statement_of_reasons\":\"\\nALPHA (IMO 9074729) is; IMO number 9074729 was\"}\n",
	                  "XXX0001", "XXX0001 vessel \nprimary: ALPHA\nimo: 9074729\ncountries:\nmeasures: shipping\n");
}

Test(uk_json, a_ship_listed_by_number_has_the_name_in_quotation_marks)
{
	json_expect_entry(tw_uk_json_load, HEAD "\"Ship\"," NAMES("{\"name6\":\"IMO 9074729 (\\\"ALPHA\\\")\",\"name_type\":\"Primary Name\"}") "}\n",
	                  "XXX0001", "XXX0001 vessel \nprimary: ALPHA\nimo: 9074729\ncountries:\n");
	json_expect_entry(tw_uk_json_load, HEAD "\"Ship\"," NAMES("{\"name6\":\"IMO 9074729\",\"name_type\":\"Primary Name\"}") "}\n", "XXX0001",
	                  "XXX0001 vessel \nprimary: IMO 9074729\nimo: 9074729\ncountries:\n");
}

Test(uk_json, a_second_primary_name_is_a_strong_one_and_a_blank_first_one_is_passed_over)
{
	json_expect_entry(tw_uk_json_load,
	                  HEAD "\"Entity\"," NAMES("{\"name_type\":\"Primary Name\"},{\"name6\":\"ALPHA\",\"name_type\":\"Primary Name\"},"
	                                           "{\"name6\":\"AFC\",\"name_type\":\"Primary Name\"}") "}\n",
	                  "XXX0001", "XXX0001 organisation \nprimary: ALPHA\nstrong: AFC\ncountries:\n");
}

Test(uk_json, where_no_name_is_primary_the_first_stands_for_the_entry)
{
	json_expect_entry(tw_uk_json_load, HEAD "\"Entity\"," NAMES("{\"name6\":\"BETA\",\"name_type\":\"Alias\"}") "}\n", "XXX0001",
	                  "XXX0001 organisation \nprimary: BETA\ncountries:\n");
}

static void expect_no_number(const char *reasons, const char *skip)
{
	struct tw_arena arena;
	tw_arena_init(&arena, 4096, 0);
	struct tw_slice line = tw_arena_format(&arena, HEAD "\"Ship\"," ALPHA ",\"uk_statement_of_reasons\":\"%s\"}\n", reasons);
	struct tw_list_stage *stage = json_load(tw_uk_json_load, line);
	json_expect_skip(stage, skip, 1, 1, false);
	cr_expect_eq(stage->identifiers.count, 0u);
	fixture_stage_free(stage);
	tw_arena_fini(&arena);
}

Test(uk_json, a_number_of_another_ship_or_with_a_wrong_check_digit_is_not_taken)
{
	expect_no_number("ALPHA (IMO 9074729) met BETA (IMO 9319466)", "an IMO number beside that of another ship");
	expect_no_number("ALPHA (IMO 9074728)", "an IMO number whose check digit is wrong");
}

Test(uk_json, an_entry_that_cannot_be_read_is_counted_with_its_line)
{
	const char *good = HEAD "\"Entity\"," ALPHA "}\n";
	const struct {
		const char *line, *reason;
	} bad[] = {
	    {"{\"individual_entity_ship\":\"Ship\"," ALPHA "}\n", "an entry without unique_id"},
	    {HEAD "\"Aircraft\"," ALPHA "}\n", "an entry of no known kind"},
	    {HEAD "\"Ship\"," NAMES("{\"name_type\":\"Primary Name\"}") "}\n", "an entry without a name"},
	    {"<xml/>\n", "a line that is no JSON object"},
	};
	struct tw_arena arena;
	tw_arena_init(&arena, 4096, 0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		json_expect_unread(tw_uk_json_load, tw_arena_format(&arena, "%s%s", good, bad[i].line).ptr, bad[i].reason, 2, 1);
	}
	tw_arena_fini(&arena);
}

Test(uk_json, the_report_counts_kinds_names_and_blanks)
{
	struct tw_list_stage *stage =
	    json_load(tw_uk_json_load,
	              tw_slice_str(HEAD "\"Entity\"," NAMES("{\"name6\":\"ALPHA\",\"name_type\":\"Primary Name\"},{\"name_type\":\"Alias\"}") "}\n"));
	cr_expect_eq(stage->report.organisations, 1u);
	cr_expect_eq(stage->report.names, 1u);
	cr_expect_eq(stage->report.blank_names, 1u);
	fixture_stage_free(stage);
}

Test(uk_json, a_file_that_ends_in_a_line_is_refused)
{
	struct tw_list_stage *stage = fixture_stage("list");
	struct tw_error err = {0};
	const struct tw_list_file file = {"uk.jsonl", tw_slice_str(HEAD "\"Entity\"," ALPHA "}\n" HEAD "\"Ent")};
	cr_expect_eq(tw_uk_json_load(stage, &file, &err), TW_E_SYNTAX);
	cr_expect_str_eq(err.where, "uk.jsonl:2");
	fixture_stage_free(stage);
}
