/** @file eu_xml_test.c  The EU list's XML on small documents in the published notation, fictional parties. */
#include "tests/unit/feeds/xml_suite.h"

#define HEAD                                                                                                                                         \
	"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<export xmlns=\"http://eu.europa.ec/fpi/fsd/export\" "                                          \
	"generationDate=\"2026-03-15T12:00:00.000+01:00\" globalFileId=\"1\">\n"
#define LIST(inside) HEAD inside "</export>"
#define ENTITY(inside)                                                                                                                               \
	"<sanctionEntity euReferenceNumber=\"EU.7.1\" logicalId=\"7\" designationDate=\"\" unitedNationId=\"\">" inside "</sanctionEntity>"
#define PERSON "<subjectType code=\"person\" classificationCode=\"P\"/>"
#define NAMED  PERSON "<nameAlias wholeName=\"Alpha BETA\" strong=\"true\" nameLanguage=\"\"/>"

TestSuite(eu_xml, .init = setup, .fini = teardown);

static const char *loaded(const char *document, const char *id)
{
	return xml_load(tw_eu_xml_load, &stage, document, id, &arena);
}

Test(eu_xml, a_person_with_everything)
{
	cr_expect_str_eq(
	    loaded(LIST("<sanctionEntity designationDate=\"2022-02-25\" unitedNationId=\"\" euReferenceNumber=\"EU.7.1\" logicalId=\"7\">"
	                "<remark>A remark &amp; more</remark><regulation programme=\"TST\" "
	                "logicalId=\"1\"><publicationUrl>https://x</publicationUrl></regulation>"
	                "<regulation programme=\"TSU\"/>" PERSON "<nameAlias wholeName=\"Альфа БЕТА\" nameLanguage=\"RU\" strong=\"true\"/>"
	                "<nameAlias wholeName=\"Alfa BETTA\" nameLanguage=\"SV\" strong=\"true\"><regulationSummary programme=\"no\"/></nameAlias>"
	                "<nameAlias firstName=\"Alpha\" lastName=\"BETA\" wholeName=\"Alpha BETA &amp; Son\" nameLanguage=\"EN\" strong=\"true\"/>"
	                "<nameAlias firstName=\"Al\" middleName=\"F\" lastName=\"A\" wholeName=\"\" strong=\"false\"/>"
	                "<citizenship region=\"\" countryIso2Code=\"XA\" countryDescription=\"NOWHERE\"/>"
	                "<birthdate circa=\"false\" calendarType=\"GREGORIAN\" city=\"Alphaville\" birthdate=\"1982-10-25\" dayOfMonth=\"25\" "
	                "monthOfYear=\"10\" year=\"1982\" countryIso2Code=\"00\" countryDescription=\"UNKNOWN\"/>"
	                "<birthdate circa=\"true\" year=\"1983\"/><birthdate monthOfYear=\"5\" year=\"1984\" circa=\"false\"/>"
	                "<birthdate yearRangeFrom=\"1950\" yearRangeTo=\"1952\"/>"
	                "<address street=\"Dock 1\" poBox=\"42\" city=\"Alphaville\" region=\"North\" zipCode=\"0042\" place=\"\" "
	                "countryIso2Code=\"XB\"/>"
	                "<address street=\"\" city=\"\" countryIso2Code=\"00\" countryDescription=\"UNKNOWN\"/>"
	                "<identification identificationTypeCode=\"passport\" number=\"X 12345\" countryIso2Code=\"XB\"/>"
	                "<identification identificationTypeCode=\"fiscalcode\" number=\"998877\" countryIso2Code=\"00\"/></sanctionEntity>"),
	           "EU.7.1"),
	    "EU.7.1 person TST; TSU\nprimary: Alpha BETA & Son\nscript: Альфа БЕТА\nstrong: Alfa BETTA\nweak: Al F A\npassport: X 12345 XB\n"
	    "tax: 998877\ncountries: XA XB\nbirth: 1982-10-25\nbirth: circa 1983-00-00\nbirth: 1984-05-00\nbirth: circa 1950-00-00\n"
	    "birth: circa 1952-00-00\naddress: Dock 1, 42, Alphaville, North, 0042 [Alphaville] XB\nlisted: 2022-02-25\n");
}

Test(eu_xml, an_enterprise_with_an_imo_number_any_prefix_and_another_namespace)
{
	cr_expect_str_eq(loaded("<e:export xmlns:e=\"urn:other\"><e:sanctionEntity logicalId=\"7\"><e:subjectType code=\"enterprise\"/>"
	                        "<e:nameAlias wholeName=\"Alpha Shipping\"/><e:identification identificationTypeCode=\"imo\" number=\"IMO 5342883\"/>"
	                        "<e:identification identificationTypeCode=\"imo\" number=\"9074729\"/>"
	                        "<e:identification identificationTypeCode=\"swiftbic\" number=\"ALPHXAXA\"/></e:sanctionEntity></e:export>",
	                        "7"),
	                 "7 organisation \nprimary: Alpha Shipping\nimo_company: 5342883\nimo: 9074729\nbic: ALPHXAXA\ncountries:\n");
}

Test(eu_xml, an_attribute_with_an_ampersand_is_itself_however_it_is_written)
{
	cr_expect_str_eq(
	    loaded(LIST(ENTITY(PERSON "<nameAlias wholeName=\"A &amp; B &#38; C &amp;#38; D &lt;E&gt; &quot;F&quot;\" strong=\"true\"/>")), "EU.7.1"),
	    "EU.7.1 person \nprimary: A & B & C &#38; D <E> \"F\"\ncountries:\n");
}

Test(eu_xml, a_prefixed_attribute_is_not_the_lists_own)
{
	cr_expect_str_eq(loaded("<export xmlns:o=\"urn:other\"><sanctionEntity logicalId=\"7\"><nameAlias o:wholeName=\"Wrong\" wholeName=\"Right\"/>"
	                        "<other><nameAlias wholeName=\"Deep\"/></other></sanctionEntity></export>",
	                        "7"),
	                 "7 unknown \nprimary: Right\ncountries:\n");
}

Test(eu_xml, the_first_name_is_primary_where_none_is_in_latin_letters)
{
	cr_expect_str_eq(
	    loaded(LIST(ENTITY(PERSON "<nameAlias wholeName=\"Альфа\" strong=\"true\"/><nameAlias wholeName=\"Бета\" strong=\"true\"/>")), "EU.7.1"),
	    "EU.7.1 person \nprimary: Альфа\nscript: Бета\ncountries:\n");
}

Test(eu_xml, another_number_is_a_persons_and_no_firms)
{
#define OTHER "<nameAlias wholeName=\"Alpha\"/><identification identificationTypeCode=\"other\" number=\"77-1\"/>"
	cr_expect_str_eq(loaded(LIST(ENTITY(PERSON OTHER)), "EU.7.1"), "EU.7.1 person \nprimary: Alpha\nnational_id: 77-1\ncountries:\n");
	teardown();
	setup();
	cr_expect_str_eq(loaded(LIST(ENTITY("<subjectType code=\"enterprise\"/>" OTHER)), "EU.7.1"),
	                 "EU.7.1 organisation \nprimary: Alpha\ncountries:\n");
}

Test(eu_xml, what_is_passed_over_is_counted)
{
	const char *document = LIST(ENTITY(
	    NAMED "<nameAlias wholeName=\" \"/><birthdate calendarType=\"ISLAMIC\" year=\"1402\"/><birthdate birthdate=\"1982-02-30\"/><birthdate "
	          "city=\"Alphaville\"/><identification identificationTypeCode=\"none\" number=\"12345\"/>") "\n<sanctionEntity>" NAMED
	                                                                                                     "</sanctionEntity>\n"
	                                                                                                     "<sanctionEntity logicalId=\"8\"/>");
	struct tw_error err = {0};
	cr_assert_eq(tw_eu_xml_load(stage, &(struct tw_list_file){"list.xml", tw_slice_str(document)}, &err), TW_OK, "%s", err.what);
	xml_expect_skip(stage, "a birth in the Islamic calendar", 1, 3, false);
	xml_expect_skip(stage, "a birth that is not a date", 1, 3, false);
	xml_expect_skip(stage, "an identificationTypeCode that says nothing of the number", 1, 3, false);
	xml_expect_skip(stage, "an entry without euReferenceNumber and logicalId", 1, 4, true);
	xml_expect_skip(stage, "an entry without a name", 1, 5, true);
	cr_expect_eq(stage->report.skip_count, 5u);
	cr_expect_eq(stage->report.blank_names, 1u);
	cr_expect_eq(stage->report.persons, 1u);
	cr_expect_eq(stage->entries.count, 1u);
	cr_expect_eq(stage->births.count, 0u);
	cr_expect(tw_slice_is(stage->report.date, "2026-03-15"));
}

Test(eu_xml, a_document_that_is_cut_anywhere_is_refused)
{
	xml_expect_cut_refused(tw_eu_xml_load, LIST(ENTITY(NAMED)));
}

Test(eu_xml, another_document_is_refused)
{
	xml_expect_refusal(tw_eu_xml_load, tw_slice_str("\n<sdnList/>"), TW_E_SYNTAX, "list.xml:2",
	                   "not the EU consolidated list of financial sanctions");
}

Test(eu_xml, a_document_type_is_refused_before_an_attribute_can_use_its_entities)
{
	xml_expect_refusal(tw_eu_xml_load, tw_slice_str("<!DOCTYPE export [<!ENTITY a \"aaaa\">]>\n<export generationDate=\"&a;\"/>"), TW_E_SYNTAX,
	                   "list.xml:1", "a document type, which no issued list has");
}

Test(eu_xml, an_attribute_without_end_is_refused)
{
	const int length = 70000;
	const size_t room = (size_t)length + sizeof(HEAD) + 128;
	char *document = malloc(room), *name = malloc((size_t)length);
	cr_assert(document && name);
	memset(name, 'a', (size_t)length);
	snprintf(document, room, HEAD "<sanctionEntity logicalId=\"7\"><nameAlias wholeName=\"%.*s\"/></sanctionEntity></export>", length, name);
	free(name);
	xml_expect_refusal(tw_eu_xml_load, tw_slice_str(document), TW_E_LIMIT, "list.xml:3", "a text longer than any entry has");
	free(document);
}
