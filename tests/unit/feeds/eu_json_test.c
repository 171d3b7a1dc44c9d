/** @file eu_json_test.c  The EU list as JSON lines: scripts, calendars, documents, vessels, every way to be passed over. */
#include "tests/unit/feeds/json_fixture.h"

#define ENTITY(kind, in)       "{\"eu_reference_number\":\"EU.1.1\",\"subject_type\":{\"code\":\"" kind "\"}," in "}\n"
#define ALPHA                  "\"name_aliases\":[{\"whole_name\":\"Alpha\",\"strong\":true}]"
#define DOCUMENT(type, number) "{\"identification_type_code\":\"" type "\",\"number\":\"" number "\",\"country_iso2_code\":\"Nowhere\"}"

Test(eu_json, a_person_with_everything)
{
	json_expect_entry(
	    tw_eu_json_load,
	    ENTITY("person",
	           "\"regulations\":[{\"publication_date\":\"2019-04-08\",\"entry_into_force_date\":\"2019-04-09\",\"programme\":\"TEST\"}],"
	           "\"name_aliases\":[{\"whole_name\":\"Альфа\",\"strong\":true},{\"whole_name\":\"Caesar\",\"strong\":false},"
	           "{\"whole_name\":\"Šejk Alpha\",\"strong\":true,\"regulation_summaries\":[{\"publication_date\":\"2003-09-13\"}]},"
	           "{\"first_name\":\"Al\",\"last_name\":\"Pha\",\"strong\":true}],"
	           "\"citizenships\":[{\"country_iso2_code\":\"Nowhere\"},{\"country_iso2_code\":\"00\"}],"
	           "\"birthdates\":[{\"birthdate\":\"1962-09-03\",\"circa\":false,\"calendar_type\":\"GREGORIAN\",\"year\":1962},"
	           "{\"year\":1977,\"circa\":true,\"calendar_type\":\"GREGORIAN\"},{\"year\":1978,\"month_of_year\":4},{\"city\":\"Alphaville\"},"
	           "{\"birthdate\":\"1982-04-19\",\"calendar_type\":\"ISLAMIC\",\"year\":1402,\"month_of_year\":6,\"day_of_month\":24},"
	           "{\"calendar_type\":\"ISLAMIC\",\"year\":1343}],"
	           "\"addresses\":[{\"street\":\"1 Dock Road\",\"city\":\"Alphaville\",\"zip_code\":\"10\",\"country_iso2_code\":\"Elsewhere\"}],"
	           "\"identifications\":[" DOCUMENT("passport", "Y5391") "," DOCUMENT("other", "771373760000") "," DOCUMENT("ssn", "42-1") "]"),
	    "EU.1.1",
	    "EU.1.1 person TEST\nprimary: Šejk Alpha\nscript: Альфа\nweak: Caesar\nstrong: Al Pha\npassport: Y5391 XA\n"
	    "national_id: 771373760000 XA\nnational_id: 42-1 XA\ncountries: XA XB\nborn: 1962-09-03\nborn: 1977-00-00 circa\nborn: 1978-04-00\n"
	    "born: 1982-04-19\naddress: 1 Dock Road, 10, Alphaville [Alphaville]\nlisted: 2003-09-13\n");
}

Test(eu_json, an_enterprise_with_numbers_of_every_kind)
{
	json_expect_entry(
	    tw_eu_json_load,
	    ENTITY("enterprise",
	           "\"regulations\":[{\"publication_date\":\"2019-04-08\",\"entry_into_force_date\":\"2019-04-09\"}]," ALPHA
	           ",\"identifications\":[" DOCUMENT("regnumber", "1117799023330") "," DOCUMENT("regnumber", "ИНН 7717653542") "," DOCUMENT(
	               "regnumber",
	               "КПП 771701001") "," DOCUMENT("taxid", "5401") "," DOCUMENT("swiftbic",
	                                                                           "SCTSAEA1") "," DOCUMENT("imo",
	                                                                                                    "5342883") "," DOCUMENT("other",
	                                                                                                                            "771401001") "]"),
	    "EU.1.1",
	    "EU.1.1 organisation \nprimary: Alpha\nregistration: 1117799023330 XA\ntax: 7717653542 XA\ntax: 5401 XA\nbic: SCTSAEA1 XA\n"
	    "imo_company: 5342883 XA\ncountries:\nlisted: 2019-04-09\n");
}

Test(eu_json, a_vessel_is_known_by_its_number)
{
	json_expect_entry(tw_eu_json_load, "{\"vessel_name\":\"Alpha\",\"imo_number\":\"9074729\",\"date_of_application\":\"2025-05-21\"}\n",
	                  "9074729", "9074729 vessel \nprimary: Alpha\nimo: 9074729\ncountries:\nlisted: 2025-05-21\n");
}

Test(eu_json, an_only_name_in_another_script_stands_for_the_entry)
{
	json_expect_entry(tw_eu_json_load, ENTITY("enterprise", "\"name_aliases\":[{\"whole_name\":\"Альфа\"}]"), "EU.1.1",
	                  "EU.1.1 organisation \nprimary: Альфа\ncountries:\n");
}

Test(eu_json, parts_without_a_place_are_counted)
{
	struct tw_list_stage *stage = json_load(
	    tw_eu_json_load, tw_slice_str(ENTITY("enterprise", ALPHA ",\"identifications\":[" DOCUMENT("other", "771401001") "," DOCUMENT(
	                                                           "regnumber", "КПП 771701001") "],\"birthdates\":[{\"birthdate\":\"soon\"},"
	                                                                                         "{\"calendar_type\":\"ISLAMIC\",\"year\":1343}]")));
	json_expect_skip(stage, "an identification of a kind that nothing is screened by", 2, 1, false);
	json_expect_skip(stage, "a birth date that is no date", 1, 1, false);
	json_expect_skip(stage, "a birth date of another calendar", 1, 1, false);
	cr_expect_eq(stage->identifiers.count, 0u);
	cr_expect_eq(stage->births.count, 0u);
	cr_expect_eq(stage->report.organisations, 1u);
	fixture_stage_free(stage);
}

Test(eu_json, an_entry_that_cannot_be_read_is_counted_with_its_line)
{
	json_expect_unread(tw_eu_json_load, ENTITY("person", ALPHA) "{\"subject_type\":{\"code\":\"person\"}," ALPHA "}\n",
	                   "an entry without eu_reference_number", 2, 1);
	json_expect_unread(tw_eu_json_load, ENTITY("person", ALPHA) ENTITY("robot", ALPHA), "an entry of no known kind", 2, 1);
	json_expect_unread(tw_eu_json_load, ENTITY("person", ALPHA) ENTITY("person", "\"name_aliases\":[{\"whole_name\":\" \"}]"),
	                   "an entry without a name", 2, 1);
	json_expect_unread(tw_eu_json_load, "[]\n" ENTITY("person", ALPHA), "a line that is no JSON object", 1, 1);
}

Test(eu_json, a_file_that_ends_in_a_line_is_refused)
{
	struct tw_list_stage *stage = fixture_stage("list");
	struct tw_error err = {0};
	const struct tw_list_file file = {"eu.jsonl", tw_slice_str("{\"vessel_name\":\"Al")};
	cr_expect_eq(tw_eu_json_load(stage, &file, &err), TW_E_SYNTAX);
	cr_expect_str_eq(err.where, "eu.jsonl:1");
	fixture_stage_free(stage);
}
