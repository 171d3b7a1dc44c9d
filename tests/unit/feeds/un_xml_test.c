/** @file un_xml_test.c  The UN loader on small documents: every trap of the real file, every way to be refused. */
#include <tidewaiter/limits.h>

#include "tests/unit/feeds/xml_fixture.h"

#define HEAD           "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<CONSOLIDATED_LIST dateGenerated=\"2026-01-02T03:04:05Z\">\n"
#define PERSON(inside) HEAD "<INDIVIDUALS><INDIVIDUAL>" inside "</INDIVIDUAL></INDIVIDUALS></CONSOLIDATED_LIST>"
#define ENTITY(inside) HEAD "<ENTITIES><ENTITY>" inside "</ENTITY></ENTITIES></CONSOLIDATED_LIST>"
#define NAMED          "<FIRST_NAME>Alpha</FIRST_NAME><SECOND_NAME>Beta</SECOND_NAME><REFERENCE_NUMBER>XXi.001</REFERENCE_NUMBER>"

static struct tw_arena arena;
static struct tw_list_stage *stage;
static struct tw_error err;

static void setup(void)
{
	tw_arena_init(&arena, 65536, 0);
	stage = fixture_stage("un-sc");
	err = (struct tw_error){0};
}

static void teardown(void)
{
	if (stage) {
		fixture_stage_free(stage);
	}
	tw_arena_fini(&arena);
}

TestSuite(un_xml, .init = setup, .fini = teardown);

static void expect_entry(const char *document, const char *id, const char *text)
{
	cr_assert_eq(tw_un_xml_load(stage, &(struct tw_list_file){"un.xml", tw_slice_str(document)}, &err), TW_OK, "%s: %s: %s", err.where, err.what,
	             err.detail);
	struct tw_list_index *index = fixture_index(&stage, 1);
	stage = NULL;
	cr_expect_str_eq(fixture_entry(index, "un-sc", id, &arena), text);
	tw_list_index_free(index);
}

static void expect_refusal(struct tw_slice document, enum tw_code code, const char *where, const char *what)
{
	enum tw_code got = tw_un_xml_load(stage, &(struct tw_list_file){"un.xml", document}, &err);
	cr_assert_eq(got, code, "%s instead of %s", tw_code_name(got), tw_code_name(code));
	cr_expect_eq(err.code, code);
	cr_expect_eq(err.disposition, TW_REJECT);
	cr_expect_str_eq(err.where, where);
	cr_expect_str_eq(err.what, what);
}

Test(un_xml, an_individual_with_everything)
{
	expect_entry(PERSON("<FIRST_NAME> ALPHA </FIRST_NAME><SECOND_NAME>BETA</SECOND_NAME><THIRD_NAME>GAMMA</THIRD_NAME>"
	                    "<FOURTH_NAME>DELTA &amp; SON</FOURTH_NAME><UN_LIST_TYPE>Test</UN_LIST_TYPE><REFERENCE_NUMBER>XXi.001</REFERENCE_NUMBER>"
	                    "<NATIONALITY><VALUE>Nowhere</VALUE><VALUE>Elsewhere</VALUE></NATIONALITY>"
	                    "<INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>Al Pha; Al Fa</ALIAS_NAME></INDIVIDUAL_ALIAS>"
	                    "<INDIVIDUAL_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME>Alfie</ALIAS_NAME></INDIVIDUAL_ALIAS>"
	                    "<INDIVIDUAL_ALIAS><QUALITY/><ALIAS_NAME/></INDIVIDUAL_ALIAS>"
	                    "<INDIVIDUAL_ADDRESS><COUNTRY>Nowhere</COUNTRY></INDIVIDUAL_ADDRESS><INDIVIDUAL_ADDRESS><COUNTRY/></INDIVIDUAL_ADDRESS>"
	                    "<INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>Passport</TYPE_OF_DOCUMENT><NUMBER>X 12345</NUMBER>"
	                    "<ISSUING_COUNTRY>Elsewhere</ISSUING_COUNTRY></INDIVIDUAL_DOCUMENT>"
	                    "<INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>National Identification\n   Number</TYPE_OF_DOCUMENT>"
	                    "<TYPE_OF_DOCUMENT2>(tazkira) number 545167</TYPE_OF_DOCUMENT2></INDIVIDUAL_DOCUMENT>"
	                    "<INDIVIDUAL_DOCUMENT/><NAME_ORIGINAL_SCRIPT>Альфа</NAME_ORIGINAL_SCRIPT>"),
	             "XXi.001",
	             "XXi.001 person Test\nprimary: ALPHA BETA GAMMA DELTA & SON\nstrong: Al Pha\nstrong: Al Fa\nweak: Alfie\nscript: Альфа\n"
	             "passport: X 12345 XB\nnational_id: 545167\ncountries: XA XB\n");
}

Test(un_xml, an_entity_with_former_names_and_imo_numbers_in_its_comments)
{
	expect_entry(
	    ENTITY("<FIRST_NAME>ALPHA SHIPPING (ASP)</FIRST_NAME><REFERENCE_NUMBER>XXe.001</REFERENCE_NUMBER>"
	           "<ENTITY_ALIAS><QUALITY>a.k.a.</QUALITY><ALIAS_NAME>Alpha Lines</ALIAS_NAME></ENTITY_ALIAS>"
	           "<ENTITY_ALIAS><QUALITY>f.k.a.</QUALITY><ALIAS_NAME>Beta Lines</ALIAS_NAME></ENTITY_ALIAS>"
	           "<COMMENTS1>IMO Number: 5342883. Owner of a ship, IMO 9074729; of none, IMO number 9074728, and of IMO 90747299.</COMMENTS1>"
	           "<ENTITY_ADDRESS><CITY>Alphaville</CITY></ENTITY_ADDRESS>"),
	    "XXe.001",
	    "XXe.001 organisation \nprimary: ALPHA SHIPPING (ASP)\nstrong: Alpha Lines\nformer: Beta Lines\nimo_company: 5342883\n"
	    "imo: 9074729\ncountries:\n");
}

Test(un_xml, what_is_passed_over_is_counted)
{
	cr_assert_eq(tw_un_xml_load(stage,
	                            &(struct tw_list_file){
	                                "un.xml", tw_slice_str(PERSON(NAMED "<INDIVIDUAL_ALIAS><QUALITY/><ALIAS_NAME/></INDIVIDUAL_ALIAS>"
	                                                                    "<INDIVIDUAL_ALIAS/><INDIVIDUAL_ADDRESS><COUNTRY/></INDIVIDUAL_ADDRESS>"
	                                                                    "<INDIVIDUAL_ADDRESS><NOTE>x</NOTE></INDIVIDUAL_ADDRESS>"))},
	                            &err),
	             TW_OK);
	cr_expect_eq(stage->report.blank_names, 2u);
	cr_expect_eq(stage->report.addresses, 1u);
	cr_expect_eq(stage->report.persons, 1u);
	cr_expect(tw_slice_is(stage->report.date, "2026-01-02"));
}

#define BIRTH(inside) "<INDIVIDUAL_DATE_OF_BIRTH>" inside "</INDIVIDUAL_DATE_OF_BIRTH>"

static const char *full(const char *document)
{
	fixture_stage_free(stage);
	stage = xml_stage();
	return xml_load(tw_un_xml_load, &stage, document, "XXi.001", &arena);
}

Test(un_xml, births_exact_approximate_between_years_in_a_note_and_of_an_alias)
{
	cr_expect_str_eq(
	    full(PERSON(NAMED BIRTH("<TYPE_OF_DATE>EXACT</TYPE_OF_DATE><DATE>1967-01-02</DATE>")
	                    BIRTH("<TYPE_OF_DATE>APPROXIMATELY</TYPE_OF_DATE><YEAR>1966</YEAR>")
	                        BIRTH("<NOTE>Approximately</NOTE><FROM_YEAR>1955</FROM_YEAR><TO_YEAR>1958</TO_YEAR>")
	                            BIRTH("<TYPE_OF_DATE>EXACT</TYPE_OF_DATE><NOTE>Nov. 1973 </NOTE>") BIRTH("<DATE>1960-01-01-05:00</DATE>")
	                                BIRTH("<NOTE/>")
	                                    BIRTH("<TYPE_OF_DATE>EXACT</TYPE_OF_DATE><DATE>1967-01-02</DATE>") "<INDIVIDUAL_ALIAS><ALIAS_NAME>Alfie</"
	                                                                                                       "ALIAS_NAME><DATE_OF_BIRTH>1979-12-31<"
	                                                                                                       "/DATE_OF_BIRTH></INDIVIDUAL_ALIAS>")),
	    "XXi.001 person \nprimary: Alpha Beta\nstrong: Alfie\ncountries:\nbirth: 1967-01-02\nbirth: circa 1966-00-00\n"
	    "birth: circa 1955-00-00\nbirth: circa 1958-00-00\nbirth: 1973-11-00\nbirth: 1960-01-01\nbirth: 1979-12-31\n");
}

Test(un_xml, a_birth_that_is_no_date_is_counted)
{
	cr_assert_eq(tw_un_xml_load(stage,
	                            &(struct tw_list_file){"un.xml", tw_slice_str(PERSON(NAMED BIRTH("<NOTE>24/06/1402 (Hijri Calendar)</NOTE>")))},
	                            &err),
	             TW_OK);
	xml_expect_skip(stage, "a birth that is not a date", 1, 3, false);
	cr_expect_eq(stage->births.count, 0u);
}

Test(un_xml, addresses_whole_the_day_of_listing_and_the_measures_of_a_regime_that_states_them)
{
	cr_expect_str_eq(full(PERSON(NAMED "<UN_LIST_TYPE>Taliban</UN_LIST_TYPE><LISTED_ON>2001-01-25</LISTED_ON>"
	                                   "<INDIVIDUAL_ADDRESS><STREET>Dock 1</STREET><CITY>Alphaville</CITY><STATE_PROVINCE>North</STATE_PROVINCE>"
	                                   "<ZIP_CODE>0042</ZIP_CODE><COUNTRY>Nowhere</COUNTRY><NOTE>previous</NOTE></INDIVIDUAL_ADDRESS>")),
	                 "XXi.001 person Taliban\nprimary: Alpha Beta\ncountries: XA\naddress: Dock 1, Alphaville, North, 0042 [Alphaville] XA\n"
	                 "measures: arms embargo, asset freeze, travel ban\nlisted: 2001-01-25\n");
}

Test(un_xml, a_travel_ban_meets_persons_alone_and_other_regimes_state_nothing)
{
	cr_expect_str_eq(full(HEAD "<ENTITIES><ENTITY><FIRST_NAME>Beta</FIRST_NAME><UN_LIST_TYPE>DPRK</UN_LIST_TYPE><REFERENCE_NUMBER>XXe.002</"
	                           "REFERENCE_NUMBER></ENTITY>"
	                           "<ENTITY>" NAMED "<UN_LIST_TYPE>Al-Qaida</UN_LIST_TYPE></ENTITY></ENTITIES></CONSOLIDATED_LIST>"),
	                 "XXi.001 organisation Al-Qaida\nprimary: Alpha Beta\ncountries:\nmeasures: arms embargo, asset freeze\n");
	stage = xml_stage();
	cr_expect_str_eq(full(PERSON(NAMED "<UN_LIST_TYPE>DPRK</UN_LIST_TYPE>")), "XXi.001 person DPRK\nprimary: Alpha Beta\ncountries:\n");
}

Test(un_xml, elements_that_nobody_knows_do_not_disturb)
{
	expect_entry(PERSON("<NEW><FIRST_NAME>Wrong</FIRST_NAME><DEEP><REFERENCE_NUMBER>no</REFERENCE_NUMBER></DEEP></NEW>" NAMED
	                    "<DESIGNATION><VALUE>Nowhere</VALUE></DESIGNATION>"),
	             "XXi.001", "XXi.001 person \nprimary: Alpha Beta\ncountries:\n");
}

Test(un_xml, text_in_pieces_is_one_text)
{
	expect_entry(PERSON("<FIRST_NAME>Al<![CDATA[pha]]><!-- no -->&#x42;eta</FIRST_NAME><REFERENCE_NUMBER>XXi.001</REFERENCE_NUMBER>"), "XXi.001",
	             "XXi.001 person \nprimary: AlphaBeta\ncountries:\n");
}

Test(un_xml, a_document_that_is_cut_anywhere_is_refused)
{
	const char *whole = PERSON(NAMED "<COMMENTS1>text</COMMENTS1>");
	for (size_t length = 0; length < strlen(whole); length++) {
		struct tw_list_stage *cut = fixture_stage("un-sc");
		cr_expect_eq(tw_un_xml_load(cut, &(struct tw_list_file){"un.xml", (struct tw_slice){whole, (uint32_t)length}}, &err), TW_E_SYNTAX,
		             "cut at %zu", length);
		fixture_stage_free(cut);
	}
}

Test(un_xml, another_document_is_refused)
{
	expect_refusal(tw_slice_str("<sdnList>\n<x/></sdnList>"), TW_E_SYNTAX, "un.xml:1", "not the UN consolidated list");
}

Test(un_xml, text_that_is_no_xml_is_refused)
{
	expect_refusal(tw_slice_str(HEAD "<INDIVIDUALS><INDIVIDUAL>\n</ENTITY>"), TW_E_SYNTAX, "un.xml:4", "not well-formed XML");
}

Test(un_xml, a_document_type_is_refused_before_it_declares_anything)
{
	expect_refusal(tw_slice_str("<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]>\n<CONSOLIDATED_LIST/>"), TW_E_SYNTAX, "un.xml:1",
	               "a document type, which no issued list has");
}

Test(un_xml, an_external_document_type_is_refused_and_never_fetched)
{
	expect_refusal(tw_slice_str("<!DOCTYPE CONSOLIDATED_LIST SYSTEM \"file:///etc/passwd\">\n<CONSOLIDATED_LIST/>"), TW_E_SYNTAX, "un.xml:1",
	               "a document type, which no issued list has");
}

Test(un_xml, an_entity_that_is_not_predefined_is_refused)
{
	expect_refusal(tw_slice_str(PERSON("<FIRST_NAME>&alpha;</FIRST_NAME>")), TW_E_SYNTAX, "un.xml:3", "not well-formed XML");
}

Test(un_xml, an_entry_without_its_reference_is_refused)
{
	expect_refusal(tw_slice_str(PERSON("\n<FIRST_NAME>Alpha</FIRST_NAME>")), TW_E_MISSING, "un.xml:4", "an entry without REFERENCE_NUMBER");
	cr_expect_str_eq(err.detail, "Alpha");
}

Test(un_xml, an_entry_without_a_name_is_refused)
{
	expect_refusal(tw_slice_str(PERSON("<FIRST_NAME> </FIRST_NAME><REFERENCE_NUMBER>XXi.001</REFERENCE_NUMBER>")), TW_E_MISSING, "un.xml:3",
	               "an entry without a name");
	cr_expect_str_eq(err.detail, "XXi.001");
}

Test(un_xml, elements_nested_too_deep_are_refused)
{
	expect_refusal(tw_slice_str(PERSON("<a><a><a><a><a><a><a><a><a><a><a><a><a><a></a></a></a></a></a></a></a></a></a></a></a></a></a></a>")),
	               TW_E_LIMIT, "un.xml:3", "elements nested deeper than the list's schema");
}

Test(un_xml, a_text_without_end_is_refused)
{
	size_t length = 70000;
	char *document = malloc(length + sizeof(HEAD) + 64);
	cr_assert(document);
	int head = sprintf(document, HEAD "<INDIVIDUALS><INDIVIDUAL><FIRST_NAME>");
	memset(document + head, 'a', length);
	expect_refusal((struct tw_slice){document, (uint32_t)(length + (size_t)head)}, TW_E_LIMIT, "un.xml:3", "a text longer than any entry has");
	free(document);
}

Test(un_xml, more_names_in_one_element_than_anybody_lists_are_refused)
{
	char document[4096] = HEAD "<INDIVIDUALS><INDIVIDUAL>" NAMED "<INDIVIDUAL_ALIAS><ALIAS_NAME>";
	for (int i = 0; i < 100; i++) {
		strcat(document, "ab;");
	}
	strcat(document, "</ALIAS_NAME></INDIVIDUAL_ALIAS>");
	expect_refusal(tw_slice_str(document), TW_E_LIMIT, "un.xml:3", "more names in one element than TW_LIST_PARTS_MAX");
}
