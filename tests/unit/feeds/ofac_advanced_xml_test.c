/** @file ofac_advanced_xml_test.c  OFAC's advanced XML on a small document of fictional parties: what refers to what, every way to be passed over. */
#include "tests/unit/feeds/xml_suite.h"

#define HEAD                                                                                                                                         \
	"<Sanctions><DateOfIssue><Year>2026</Year><Month>5</Month><Day>21</Day></DateOfIssue><ReferenceValueSets>"                                   \
	"<FeatureTypeValues><FeatureType ID=\"8\">Birthdate</FeatureType></FeatureTypeValues>"                                                       \
	"<PartySubTypeValues><PartySubType ID=\"3\" PartyTypeID=\"2\">Unknown</PartySubType></PartySubTypeValues>"                                   \
	"<PartyTypeValues><PartyType ID=\"2\">Entity</PartyType></PartyTypeValues></ReferenceValueSets>\n"
#define NAME(text)                       "<DocumentedName><DocumentedNamePart><NamePartValue>" text "</NamePartValue></DocumentedNamePart></DocumentedName>"
#define ALIAS(text)                      "<Alias Primary=\"true\">" NAME(text) "</Alias>"
#define PARTY(id, inside)                "<DistinctParty FixedRef=\"" id "\"><Profile ID=\"" id "\" PartySubTypeID=\"3\">" inside "</Profile></DistinctParty>\n"
#define NAMED(inside)                    PARTY("7", "<Identity ID=\"1\">" ALIAS("ALPHA") "</Identity>" inside)
#define LIST(parties, behind)            HEAD "<DistinctParties>\n" parties "</DistinctParties>" behind "</Sanctions>"
#define POINT(element, year, month, day) "<" element "><Year>" year "</Year><Month>" month "</Month><Day>" day "</Day></" element ">"
#define BIRTH(rough, start, end)                                                                                                                     \
	"<Feature FeatureTypeID=\"8\"><FeatureVersion><DatePeriod><Start Approximate=\"" rough "\">" start "</Start><End Approximate=\"" rough       \
	"\">" end "</End></DatePeriod></FeatureVersion></Feature>"

TestSuite(ofac_advanced_xml, .init = setup, .fini = teardown);

static void load(const char *document)
{
	struct tw_error err = {0};
	cr_assert_eq(tw_ofac_advanced_xml_load(stage, &(struct tw_list_file){"list.xml", tw_slice_str(document)}, &err), TW_OK, "%s: %s", err.where,
	             err.what);
}

static const char *sample(const char *id)
{
	struct tw_slice document = fixture_read("tests/data/lists/ofac_advanced.xml");
	const char *text = xml_load(tw_ofac_advanced_xml_load, &stage, document.ptr, id, &arena);
	free((char *)(uintptr_t)document.ptr);
	return text;
}

Test(ofac_advanced_xml, a_person_with_everything_that_the_file_refers_to)
{
	cr_expect_str_eq(sample("7"),
	                 "7 person TEST-A; TEST-B\nprimary: DURAN Duran\nscript: Дуран\nformer: ALFIE\nweak: BIG AL\npassport: X 12345 IR\n"
	                 "countries: XA IR\nbirth: 1961-00-00\naddress: Dock 1, Alphaville [Alphaville] IR\nlink: other 8\n"
	                 "measures: asset freeze\nlisted: 2019-09-13\n");
}

Test(ofac_advanced_xml, a_vessel_with_its_number_flag_and_owner)
{
	cr_expect_str_eq(sample("8"), "8 vessel \nprimary: ALPHA STAR\nimo: 9074729\ncall_sign: AB12C\ncountries: IR\nlink: owned by 7\n");
}

Test(ofac_advanced_xml, the_day_of_issue_is_the_lists_date)
{
	load(LIST(NAMED(""), ""));
	cr_expect(tw_slice_is(stage->report.date, "2026-05-21"));
	cr_expect_eq(stage->report.organisations, 1);
}

static void expect_births(const char *birth, const char *dates)
{
	char document[4096];
	snprintf(document, sizeof(document), LIST(NAMED("%s"), ""), birth);
	load(document);
	const struct tw_stage_birth *births = stage->births.data;
	struct tw_slice text = {"", 0};
	for (uint32_t i = 0; i < stage->births.count; i++) {
		text = tw_arena_format(&arena, "%.*s%s%04u-%02u-%02u ", (int)text.len, text.ptr, births[i].date.circa ? "circa " : "",
		                       births[i].date.year, births[i].date.month, births[i].date.day);
	}
	cr_expect_str_eq(text.ptr, dates);
}

Test(ofac_advanced_xml, a_day_is_a_day)
{
	expect_births(BIRTH("false", POINT("From", "1962", "11", "23"), POINT("To", "1962", "11", "23")), "1962-11-23 ");
}

Test(ofac_advanced_xml, a_period_of_one_month_is_a_month)
{
	expect_births(BIRTH("false", POINT("From", "1964", "2", "1"), POINT("To", "1964", "2", "29")), "1964-02-00 ");
}

Test(ofac_advanced_xml, an_approximate_year_is_circa)
{
	expect_births(BIRTH("true", POINT("From", "1961", "1", "1"), POINT("To", "1961", "12", "31")), "circa 1961-00-00 ");
}

Test(ofac_advanced_xml, a_span_of_years_keeps_both_ends)
{
	expect_births(BIRTH("false", POINT("From", "1961", "1", "1"), POINT("To", "1963", "12", "31")), "circa 1961-00-00 circa 1963-00-00 ");
}

Test(ofac_advanced_xml, a_span_of_days_keeps_both_days)
{
	expect_births(BIRTH("false", POINT("From", "1961", "3", "2"), POINT("To", "1961", "4", "5")), "circa 1961-03-02 circa 1961-04-05 ");
}

Test(ofac_advanced_xml, a_birth_that_is_no_date_is_counted)
{
	load(LIST(NAMED(BIRTH("false", POINT("From", "1961", "13", "1"), "")), ""));
	cr_expect_eq(stage->births.count, 0);
	xml_expect_skip(stage, "a birth that is not a date", 1, 3, false);
}

Test(ofac_advanced_xml, a_party_without_a_name_is_unread_and_nothing_of_it_stays)
{
	load(LIST(PARTY("6", "<Identity ID=\"1\"></Identity>") NAMED(""),
	          "<ProfileRelationships>\n"
	          "<ProfileRelationship From-ProfileID=\"6\" To-ProfileID=\"7\"/></ProfileRelationships>"));
	cr_expect_eq(stage->entries.count, 1);
	cr_expect_eq(stage->links.count, 0);
	xml_expect_skip(stage, "an entry without a name", 1, 3, true);
	xml_expect_skip(stage, "a relation of a profile that is not in the file", 1, 6, false);
}

Test(ofac_advanced_xml, a_party_without_its_reference_is_unread)
{
	load(LIST("<DistinctParty><Profile ID=\"1\"><Identity>" ALIAS("ALPHA") "</Identity></Profile></DistinctParty>\n" NAMED(""), ""));
	xml_expect_skip(stage, "an entry without FixedRef", 1, 3, true);
}

Test(ofac_advanced_xml, a_sanction_of_nobody_is_counted)
{
	load(LIST(NAMED(""), "<SanctionsEntries><SanctionsEntry ProfileID=\"70\"/></SanctionsEntries>"));
	xml_expect_skip(stage, "a sanction of a profile that is not in the file", 1, 4, false);
}

Test(ofac_advanced_xml, a_feature_of_a_type_that_the_file_does_not_state_is_counted)
{
	load(LIST(NAMED("<Feature FeatureTypeID=\"77\"><FeatureVersion/></Feature>"), ""));
	xml_expect_skip(stage, "a feature that nothing is screened by", 1, 3, false);
}

Test(ofac_advanced_xml, another_schema_is_refused)
{
	xml_expect_refusal(tw_ofac_advanced_xml_load, tw_slice_str("<sdnList/>"), TW_E_SYNTAX, "list.xml:1",
	                   "not a list of OFAC in the advanced schema");
}

Test(ofac_advanced_xml, a_file_cut_anywhere_is_refused)
{
	xml_expect_cut_refused(tw_ofac_advanced_xml_load, LIST(NAMED(""), ""));
}
